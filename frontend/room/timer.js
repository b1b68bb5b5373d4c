/** The time that is left and the agenda that fills: read from the server's clock, so both see the same. */
import { turn } from "../dial.js";
import { figures, timeOfDay } from "./clock.js";

const SECOND = 1_000;
const MINUTE = 60_000;
const LOOK_EVERY = 250; // milliseconds: the hours may move, and a device's clock may jump
const CUE = "3 minutes: time to commit";

/** What the timer says at a moment: {title, figure, words, past (minutes)}. All times in milliseconds. */
export function reading(now, { starts, ends, closes, cue, zone }) {
  const until = timeOfDay(ends, zone);
  if (now < starts) return { title: "Starts in", figure: figures((starts - now) / 1000), words: `${timeOfDay(starts, zone)} to ${until}`, past: 0 };
  if (now < ends) {
    const words = now - starts >= cue * 1000 ? CUE : `until ${until}`;
    return { title: "Time left", figure: figures((ends - now) / 1000), words, past: (now - starts) / MINUTE };
  }
  return { title: "Time is over", figure: "0:00", words: `The room closes at ${timeOfDay(closes, zone)}`, past: (ends - starts) / MINUTE };
}

/** Where each box stands at a moment: "done", "now" or "", and the minutes spent in it. */
export function standing(now, starts, boxes) {
  const minutes = (now - starts) / MINUTE;
  return boxes.map((box) => {
    const spent = Math.min(Math.max(minutes - box.starts, 0), box.minutes);
    const state = minutes >= box.starts + box.minutes ? "done" : minutes >= box.starts ? "now" : "";
    return { state, spent };
  });
}

export class Timer {
  #said = "";

  /** hours: {starts, ends, closes, cue, zone}; may be changed by `move`. */
  constructor({ root, clock, hours, boxes }) {
    Object.assign(this, { root, clock, hours, boxes });
    this.#run();
  }

  stop() {
    clearTimeout(this.running);
  }

  /** The next look is at the next full second of the server, so that both sides turn together. */
  #run() {
    this.tick();
    const { starts, ends } = this.hours;
    const now = this.clock.now();
    const left = ((now < starts ? starts : ends) - now) % SECOND;
    this.running = setTimeout(() => this.#run(), Math.min(left > 0 ? left + 1 : SECOND + left, LOOK_EVERY));
  }

  move(hours) {
    Object.assign(this.hours, hours);
    this.#said = "";
    this.tick();
  }

  tick() {
    const now = this.clock.now();
    const { title, figure, words, past } = reading(now, this.hours);
    const key = `${title}${figure}${words}`;
    if (key === this.#said) return;
    this.#said = key;
    this.#put("#time-title", title);
    this.#put("#left", figure);
    this.#put("#until", words);
    const { starts, ends, cue } = this.hours;
    const commit = this.root.querySelector("#commit");
    if (commit) commit.hidden = now - starts < cue * 1000;
    const whole = (ends - starts) / MINUTE;
    const dial = this.root.querySelector("#timer .dial");
    const minute = Number(timeOfDay(starts, this.hours.zone).slice(3));
    turn(dial, minute, whole, Math.min(past, whole));
    dial.setAttribute("aria-label", past ? `${Math.ceil(whole - past)} of ${whole} minutes left` : `${whole} minutes`);
    this.#agenda(now);
  }

  #put(selector, text) {
    const element = this.root.querySelector(selector);
    if (element && element.textContent !== text) element.textContent = text;
  }

  #agenda(now) {
    const rows = this.root.querySelectorAll("#agenda > li");
    if (!rows.length) return;
    standing(now, this.hours.starts, this.boxes).forEach(({ state, spent }, n) => {
      const row = rows[n];
      const { minutes } = this.boxes[n];
      row.classList.toggle("done", state === "done");
      if (state === "now") row.setAttribute("aria-current", "step");
      else row.removeAttribute("aria-current");
      const dial = row.querySelector(".dial");
      row.querySelector(".icon").toggleAttribute("hidden", state !== "done");
      dial.toggleAttribute("hidden", state === "done");
      turn(dial, 0, state === "now" ? (spent / minutes) * 60 : 0);
      row.querySelector("p").hidden = state !== "now";
      const told = state === "now" ? `${Math.floor(spent)} of ${minutes} min` : `${minutes} min`;
      const figure = row.querySelector(".minutes");
      if (figure.textContent !== told) figure.textContent = told;
    });
  }
}
