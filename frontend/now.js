/** The server's present, as far as this page knows it: a device whose clock is wrong still counts down right. */

const LATE = 10_000; // below this the difference is the way the page took

function skew() {
  const told = Date.parse(document.querySelector('meta[name="now"]')?.content ?? "");
  const again = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  const between = told - Date.now();
  return Number.isNaN(told) || again || Math.abs(between) < LATE ? 0 : between;
}

const between = skew();

/** Milliseconds since 1970, by the server's clock. */
export function now() {
  return Date.now() + between;
}

/** Calls `tick` at the start of each next second or minute, until it returns false. */
export function every(length, tick) {
  const again = () => {
    if (tick() !== false) setTimeout(again, length - (now() % length) + 5);
  };
  setTimeout(again, length - (now() % length) + 5);
}
