/**
 * The week of free hours: a block is a button with a field in it, mon=09:00-09:45.
 *
 * A pointer draws a block on an empty place and drags one elsewhere. By keyboard: up and down move a block
 * by a quarter of an hour, left and right to the next day, Shift with up and down changes its end, Delete
 * removes it. "A quarter here" adds one to the day in sight. Each change is told aloud, and the element
 * tells "week-changed".
 */

const ROW = 15;
const DAY = 24 * 60;
const NAMES = { mon: "Monday", tue: "Tuesday", wed: "Wednesday", thu: "Thursday", fri: "Friday", sat: "Saturday", sun: "Sunday" };

const clock = (minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
const minute = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

function lasting(minutes) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (!minutes) return "none";
  if (!hours) return `${rest} min`;
  return rest ? `${hours} h ${String(rest).padStart(2, "0")}` : `${hours} h`;
}

export function weeks(root) {
  for (const frame of root.querySelectorAll("[data-week]:not([data-runs])")) {
    frame.dataset.runs = "";
    new Week(frame);
  }
}

class Week {
  constructor(frame) {
    this.frame = frame;
    this.days = [...frame.querySelectorAll(".day[data-key]")];
    this.first = Number(frame.dataset.firstHour) * 60;
    this.last = Math.min(DAY, this.first + Number(frame.querySelector(".week").style.getPropertyValue("--rows")) * ROW);
    frame.addEventListener("keydown", (event) => this.key(event));
    frame.addEventListener("pointerdown", (event) => this.press(event));
    frame.querySelector("[data-week-add]")?.addEventListener("click", () => this.addSomewhere());
  }

  /** start and end in minutes of the day; a window past midnight ends with the drawing. */
  span(block) {
    const start = minute(block.dataset.start);
    const end = minute(block.dataset.end);
    return { start, end: end > start ? end : DAY };
  }

  isFree(day, start, end, except = null) {
    if (start < this.first || end > this.last || end - start < ROW) return false;
    return [...day.children].every((block) => {
      if (block === except) return true;
      const row = Number(block.style.getPropertyValue("--row"));
      const from = this.first + (row - 1) * ROW;
      const to = from + Number(block.style.getPropertyValue("--span")) * ROW;
      return block.matches(".busy, .once, .booked") || end <= from || start >= to;
    });
  }

  place(block, day, start, end) {
    const rows = (end - start) / ROW;
    block.dataset.start = clock(start);
    block.dataset.end = clock(end);
    block.style.setProperty("--row", Math.floor((start - this.first) / ROW) + 1);
    block.style.setProperty("--span", Math.ceil(rows));
    const [begins, length] = block.children;
    begins.textContent = clock(start).replace(/^0/, "");
    length.textContent = rows < 3 ? `, ${lasting(end - start)}` : lasting(end - start);
    length.className = rows < 3 ? "visually-hidden" : "";
    const field = block.querySelector("input");
    field.name = day.dataset.key;
    field.value = `${clock(start)}-${clock(end)}`;
    if (block.parentElement !== day) day.append(block);
    this.sum();
  }

  add(day, start, end) {
    const block = document.createElement("button");
    block.type = "button";
    block.className = "block";
    const field = Object.assign(document.createElement("input"), { type: "hidden" });
    block.append(document.createElement("b"), document.createElement("span"), field);
    day.append(block);
    this.place(block, day, start, end);
    return block;
  }

  addSomewhere() {
    const shown = this.frame.querySelector('.days [name="day"]:checked')?.value;
    const day = this.days.find((each) => each.dataset.day === shown) ?? this.days[0];
    for (let start = Math.max(this.first, 9 * 60); start + ROW <= this.last; start += ROW) {
      if (this.isFree(day, start, start + ROW)) {
        const block = this.add(day, start, start + ROW);
        block.focus();
        this.tell(block);
        return;
      }
    }
    this.say(`${NAMES[day.dataset.key]} has no quarter left.`);
  }

  key(event) {
    const block = event.target.closest?.("button.block");
    if (!block) return;
    const day = block.parentElement;
    const { start, end } = this.span(block);
    const step = { ArrowUp: -ROW, ArrowDown: ROW }[event.key];
    const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      block.remove();
      const next = day.querySelector("button.block") ?? this.frame.querySelector("button.block");
      this.sum();
      this.say(`${NAMES[day.dataset.key]} ${clock(start)} removed.`);
      (next ?? this.frame.querySelector(".scroll-x")).focus();
      return;
    }
    if (step === undefined && across === undefined) return;
    event.preventDefault();
    if (across !== undefined) {
      const other = this.days[this.days.indexOf(day) + across];
      if (other && this.isFree(other, start, end)) {
        this.place(block, other, start, end);
        block.focus();
        this.show(other);
        this.tell(block);
      } else this.say("No room there.");
      return;
    }
    const [from, to] = event.shiftKey ? [start, end + step] : [start + step, end + step];
    if (this.isFree(day, from, to, block)) {
      this.place(block, day, from, to);
      this.tell(block);
    } else this.say("No room there.");
  }

  press(event) {
    const day = event.target.closest?.(".day[data-key]");
    if (!day || event.button !== 0 || event.pointerType === "touch") return;
    const held = event.target.closest("button.block");
    if (event.target.closest(".block") && !held) return;
    const at = (pointer) => {
      const box = day.getBoundingClientRect();
      const rows = (this.last - this.first) / ROW;
      const row = Math.min(rows - 1, Math.max(0, Math.floor(((pointer.clientY - box.top) / box.height) * rows)));
      return this.first + row * ROW;
    };
    const from = at(event);
    const was = held && this.span(held);
    if (!held && !this.isFree(day, from, from + ROW)) return;
    let block = held;
    let moved = false;
    const move = (pointer) => {
      const to = at(pointer);
      if (to === from && !moved) return;
      moved = true;
      const [start, end] = held ? [was.start + to - from, was.end + to - from] : [Math.min(from, to), Math.max(from, to) + ROW];
      if (!this.isFree(day, start, end, block)) return;
      block ??= this.add(day, start, end);
      this.place(block, day, start, end);
    };
    const leave = () => {
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", leave);
      document.removeEventListener("pointercancel", leave);
      if (!held && !moved) block = this.add(day, from, from + ROW);
      if (block && (moved || !held)) {
        block.focus();
        this.tell(block);
      }
    };
    event.preventDefault();
    held?.focus();
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", leave);
    document.addEventListener("pointercancel", leave);
  }

  /** On a phone one day is in sight: go along with the block. */
  show(day) {
    const radio = this.frame.querySelector(`.days [value="${day.dataset.day}"]`);
    if (radio) radio.checked = true;
  }

  sum() {
    for (const day of this.days) {
      const minutes = [...day.querySelectorAll("button.block")].reduce((sum, block) => {
        const length = minute(block.dataset.end) - minute(block.dataset.start);
        return sum + (length > 0 ? length : length + DAY);
      }, 0);
      day.classList.toggle("off", !day.children.length && ["sat", "sun"].includes(day.dataset.key));
      const length = this.frame.querySelector(`[data-length="${day.dataset.key}"]`);
      if (length) length.textContent = lasting(minutes);
      const figure = this.frame.querySelector(`[data-minutes="${day.dataset.key}"]`);
      if (figure) figure.firstChild.textContent = minutes;
    }
    this.frame.dispatchEvent(new CustomEvent("week-changed", { bubbles: true }));
  }

  tell(block) {
    const { start, end } = this.span(block);
    this.say(`${NAMES[block.parentElement.dataset.key]} ${clock(start)} to ${clock(end)}.`);
  }

  say(words) {
    this.frame.querySelector("[data-week-told]").textContent = words;
  }
}
