/** What changed in a text, and where a caret belongs afterwards. Positions count UTF-16 units, as a textarea does. */

const high = (unit) => unit >= 0xd800 && unit <= 0xdbff;
const low = (unit) => unit >= 0xdc00 && unit <= 0xdfff;

/** The one stretch in which `after` differs from `before`: {at, removed, added}. Letters of two units stay whole. */
export function difference(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (start > 0 && high(before.charCodeAt(start - 1))) start--;
  let end = 0;
  while (end < most - start && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end++;
  if (end > 0 && low(before.charCodeAt(before.length - end))) end--;
  return { at: start, removed: before.length - start - end, added: after.slice(start, after.length - end) };
}

/** Where `place` lies after a Yjs delta. What is inserted exactly there comes behind the caret. */
export function follow(place, delta) {
  let at = 0;
  let moved = place;
  for (const step of delta) {
    if (step.retain) at += step.retain;
    else if (step.insert !== undefined) {
      const length = step.insert.length;
      if (at < moved) moved += length;
      at += length;
    } else if (step.delete) {
      if (at < moved) moved -= Math.min(step.delete, moved - at);
    }
    if (at > moved) break;
  }
  return moved;
}
