/** Who is speaking: a frame around the picture of whoever is heard, held a moment so that it does not flicker. */

const LOUD = 0.03;
const HELD = 700; // milliseconds
const STAYS = 2_000;

/** Whether somebody speaks, from a level of 0 to 1 heard at a moment. state: {until}, kept from one look to the next. */
export function speaks(state, level, now) {
  if (level > LOUD) state.until = now + HELD;
  return now < (state.until ?? 0);
}

/** Whose picture stands first: whoever spoke last, for two seconds at least. first: {tile, at}, as it was answered before. */
export function whoIsFirst(first, speaking, tiles, now) {
  const there = tiles.includes(first.tile);
  if (there && (speaking.includes(first.tile) || !speaking.length || now < first.at + STAYS)) return first;
  return { tile: speaking[0] ?? tiles[0], at: now };
}

/** How loud the other side is at this moment, 0 to 1. */
export function levelOf(connection) {
  const receiver = connection?.getReceivers().find(({ track }) => track.kind === "audio");
  return Math.max(0, ...(receiver?.getSynchronizationSources?.() ?? []).map(({ audioLevel }) => audioLevel ?? 0));
}
