/** How good the connection is, in words, from what the browser counts. */

export const WORDS = { good: "good connection", slow: "slow connection", weak: "weak connection" };

/**
 * The few numbers that matter, from an RTCStatsReport: packets lost and received so far, seconds there and
 * back, frames decoded, and whether a relay carries it.
 */
export function read(report) {
  const all = [...report.values()];
  const incoming = all.filter(({ type }) => type === "inbound-rtp");
  const sum = (name) => incoming.reduce((total, each) => total + (each[name] ?? 0), 0);
  const transport = all.find(({ type, selectedCandidatePairId }) => type === "transport" && selectedCandidatePairId);
  const pair = transport ? report.get(transport.selectedCandidatePairId) : all.find((each) => each.type === "candidate-pair" && each.nominated && each.state === "succeeded");
  const ends = pair ? [report.get(pair.localCandidateId), report.get(pair.remoteCandidateId)] : [];
  return {
    lost: sum("packetsLost"),
    received: sum("packetsReceived"),
    frames: sum("framesDecoded"),
    way: pair?.currentRoundTripTime ?? 0,
    relayed: ends.some((end) => end?.candidateType === "relay"),
  };
}

/** "good", "slow" or "weak", from two readings some seconds apart. */
export function judge(before, after) {
  const received = after.received - before.received;
  const lost = Math.max(0, after.lost - before.lost);
  const share = received + lost > 0 ? lost / (received + lost) : 0;
  if (share > 0.08 || after.way > 0.6) return "weak";
  if (share > 0.03 || after.way > 0.3) return "slow";
  return "good";
}
