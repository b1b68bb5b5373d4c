/** `<time data-clock="Europe/Lisbon">`: the reader's own time moves on, minute by minute. */
import { turn } from "../dial.js";
import { every, now } from "../now.js";

const MINUTE = 60_000;

export function clock(root) {
  for (const element of root.querySelectorAll("time[data-clock]:not([data-runs])")) {
    element.dataset.runs = "";
    every(MINUTE, () => element.isConnected && show(element));
  }
}

function show(element) {
  const parts = inZone(element.dataset.clock);
  element.dateTime = `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
  element.querySelector("[data-clock-time]").textContent = `${parts.hour}:${parts.minute}`;
  const day = element.querySelector(".zone");
  if (day) day.textContent = `${parts.weekday} ${Number(parts.day)} ${parts.monthName}, `;
  const dial = element.querySelector(".dial");
  if (dial) turn(dial, 0, Number(parts.minute));
  return true;
}

function inZone(zone) {
  const told = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).formatToParts(now());
  const figures = told({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const words = told({ weekday: "short", month: "short" });
  return {
    ...Object.fromEntries(figures.map(({ type, value }) => [type, value])),
    weekday: words.find(({ type }) => type === "weekday").value,
    monthName: words.find(({ type }) => type === "month").value.slice(0, 3),
  };
}
