/**
 * Sound first: where a line is weak the picture gets smaller, so that the words get through.
 *
 * The browser follows the line by itself within these bounds; three good readings in a row give one step back.
 */
export const STEPS = [
  { maxBitrate: 1_500_000, scaleResolutionDownBy: 1 },
  { maxBitrate: 500_000, scaleResolutionDownBy: 2 },
  { maxBitrate: 150_000, scaleResolutionDownBy: 4 },
];
const BACK_AFTER = 3; // good readings

/** The next step and how many good readings there were, after a verdict of quality.js. */
export function follow({ step, good }, verdict) {
  if (verdict === "weak") return { step: Math.min(step + 1, STEPS.length - 1), good: 0 };
  if (verdict !== "good" || step === 0) return { step, good: 0 };
  return good + 1 >= BACK_AFTER ? { step: step - 1, good: 0 } : { step, good: good + 1 };
}

/** A step where `peers` connections share one line: each has its part, and more than one a picture of half the width. */
export function shared(step, peers, least = 0) {
  const { maxBitrate, scaleResolutionDownBy } = STEPS[step];
  return { maxBitrate: Math.max(Math.round(maxBitrate / peers), least), scaleResolutionDownBy: Math.max(scaleResolutionDownBy, peers > 1 ? 2 : 1) };
}

/** Bounds for what is sent. A shared screen keeps its size: what is written on it has to be read. */
export async function bound(connection, step, { screen = false, peers = 1, least = 0 } = {}) {
  for (const sender of connection.getSenders()) {
    const kind = sender.track?.kind;
    const given = kind && sender.getParameters();
    if (!given?.encodings?.length) continue;
    const { maxBitrate, scaleResolutionDownBy } = shared(step, peers, least);
    const video = { maxBitrate, scaleResolutionDownBy: screen ? 1 : scaleResolutionDownBy, priority: "low", networkPriority: "low" };
    Object.assign(given.encodings[0], kind === "audio" ? { priority: "high", networkPriority: "high" } : video);
    await sender.setParameters(given).catch(() => {}); // a connection that has just ended
  }
}
