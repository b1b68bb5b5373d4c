/**
 * `<time data-until="2026-11-26T10:15Z">`: what is left, told in text once a second.
 *
 * data-count="clock" (4:10, the default), "seconds" (40) or "words" (1 h 10 min, 3 min).
 * data-over: what stands there at the end. The element then tells "countdown-over", which htmx can wait
 * for with hx-trigger="countdown-over". Inside `button[data-waits]` the end sets the button free.
 */
import { every, now } from "../now.js";

const SECOND = 1000;

export function countdown(root) {
  for (const element of root.querySelectorAll("time[data-until]:not([data-runs])")) {
    element.dataset.runs = "";
    if (show(element)) every(SECOND, () => element.isConnected && show(element));
  }
}

function show(element) {
  const left = Math.max(0, Math.ceil((Date.parse(element.dataset.until) - now()) / SECOND));
  if (Number.isNaN(left)) return false;
  const told = left || element.dataset.over === undefined ? spoken(left, element.dataset.count) : element.dataset.over;
  if (element.textContent !== told) element.textContent = told;
  if (left) return true;
  const button = element.closest("button[data-waits]");
  if (button) {
    button.disabled = false;
    element.closest("[data-wait]")?.remove();
  }
  element.dispatchEvent(new CustomEvent("countdown-over", { bubbles: true }));
  return false;
}

/** A length in seconds as figures on a clock, as bare seconds, or as one says it. */
export function spoken(left, kind = "clock") {
  const hours = Math.floor(left / 3600);
  const minutes = Math.floor((left % 3600) / 60);
  const two = (figure) => String(figure).padStart(2, "0");
  if (kind === "seconds") return String(left);
  if (kind === "words") {
    if (left < 60) return `${left} s`;
    return hours ? `${hours} h ${minutes} min`.replace(" 0 min", "") : `${minutes} min`;
  }
  return hours ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${minutes}:${two(left % 60)}`;
}
