/*
 * Whether picture and sound will find a way out of this network, found out in the lobby: a connection to nobody looks
 * for its own ways, as a call would, and is closed.
 */
const WITHIN = 5_000;

const WORDS = {
  open: "Your network lets picture and sound through.",
  relayed: "Your network is strict. Picture and sound take our relay, and it answers.",
  strict: "Your network is strict. If you do not see each other, use another one, such as your phone’s.",
  refused: "Our relay refuses us. Where networks are strict you may not see each other; notes and chat work.",
  away: "Our relay does not answer from here. If you do not see each other, leave a VPN or use another network.",
  near: "Within one network picture and sound find each other. From one home to another we cannot tell.",
  closed: "Your browser finds no way for picture and sound. A VPN or one of its settings may be in the way; notes and chat work.",
};

/** A sentence about this network. servers: the iceServers of a call; relay: whether one of them is a relay. */
export async function reach(servers, relay) {
  if (!globalThis.RTCPeerConnection) return WORDS.closed;
  const found = [];
  let refused = false;
  const call = new RTCPeerConnection({ iceServers: servers });
  try {
    call.onicecandidate = ({ candidate }) => candidate?.candidate && found.push(candidate);
    call.onicecandidateerror = ({ errorCode }) => (refused ||= errorCode === 401);
    const over = new Promise((done) => {
      call.onicegatheringstatechange = () => call.iceGatheringState === "complete" && done();
      setTimeout(done, WITHIN);
    });
    call.createDataChannel("way");
    await call.setLocalDescription();
    await over;
  } catch {
    return WORDS.closed;
  } finally {
    call.close();
  }
  return WORDS[verdict(found, { relay, refused })];
}

/**
 * Which of the sentences is true of these candidates. A network that shows one of our ports to the outside as several
 * gives every other side another one, so that only a relay gets through (RFC 4787: address-dependent mapping).
 */
export function verdict(found, { relay, refused }) {
  const of = (type) => found.filter((each) => each.type === type);
  if (!found.length) return refused ? "refused" : "closed";
  const seen = new Map();
  for (const { relatedAddress, relatedPort, port } of of("srflx")) {
    const own = `${relatedAddress} ${relatedPort}`;
    seen.set(own, (seen.get(own) ?? new Set()).add(port));
  }
  const strict = [...seen.values()].some((ports) => ports.size > 1);
  if (relay && of("relay").length) return strict || !of("host").length ? "relayed" : "open";
  if (relay) return refused ? "refused" : "away";
  if (strict) return "strict";
  return of("srflx").length ? "open" : "near";
}
