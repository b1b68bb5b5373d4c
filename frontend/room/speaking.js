/** Who is speaking: a frame around the picture of whoever is heard, held a moment so that it does not flicker. */

const LOUD = 0.03;
const HELD = 700; // milliseconds

/** Whether somebody speaks, from a level of 0 to 1 heard at a moment. state: {until}, kept from one look to the next. */
export function speaks(state, level, now) {
  if (level > LOUD) state.until = now + HELD;
  return now < (state.until ?? 0);
}

/** How loud the other side is at this moment, 0 to 1. */
export function levelOf(connection) {
  const receiver = connection?.getReceivers().find(({ track }) => track.kind === "audio");
  return Math.max(0, ...(receiver?.getSynchronizationSources?.() ?? []).map(({ audioLevel }) => audioLevel ?? 0));
}
