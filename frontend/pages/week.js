/**
 * The week's picture and its typed rows say the same. The rows are what is sent; the part in
 * parts/week.js moves the blocks and tells "week-changed".
 *
 * A typed stretch that the picture cannot show (before its first hour, say) stays in its row.
 */

const ROW = 15;
const DAY = 24 * 60;
const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)$|^24:00$/;

const minute = (text) => Number(text.split(":")[0]) * 60 + Number(text.split(":")[1]);
const clock = (text) => text.trim().padStart(5, "0");

function lasting(minutes) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (!minutes) return "none";
  if (!hours) return `${rest} min`;
  return rest ? `${hours} h ${String(rest).padStart(2, "0")}` : `${hours} h`;
}

const frame = document.querySelector("[data-week]");
const form = document.querySelector("#hours");
const first = Number(frame.dataset.firstHour) * 60;
const last = Math.min(DAY, first + Number(frame.querySelector(".week").style.getPropertyValue("--rows")) * ROW);
let drawing = false;

/** The rows of a day as pairs of inputs. */
const rowsOf = (day) => [...form.querySelectorAll(`[data-rows="${day}"] [data-row]`)];
const inputsOf = (row) => [...row.querySelectorAll("input")];
const blocksOf = (day) =>
  [...frame.querySelectorAll(`.day[data-key="${day}"] button.block`)].sort((a, b) => (a.dataset.start < b.dataset.start ? -1 : 1));

function addRow(day) {
  const list = form.querySelector(`[data-rows="${day}"] ul`);
  const next = list.lastElementChild.cloneNode(true);
  const number = list.children.length + 1;
  for (const each of next.querySelectorAll("[id]")) each.id = each.id.replace(/\d+$/, number);
  for (const each of next.querySelectorAll("label")) {
    each.htmlFor = each.htmlFor.replace(/\d+$/, number);
    each.textContent = each.textContent.replace(/\d+$/, number);
  }
  for (const each of inputsOf(next)) each.value = "";
  delete next.dataset.unseen;
  list.append(next);
  return next;
}

/** From the picture to the rows. */
function write(day) {
  const told = blocksOf(day).map((block) => [block.dataset.start, block.dataset.end]);
  const rows = rowsOf(day).filter((row) => row.dataset.unseen === undefined);
  while (rows.length <= told.length) rows.push(addRow(day));
  rows.forEach((row, index) => {
    const [start, end] = told[index] ?? ["", ""];
    const [from, to] = inputsOf(row);
    from.value = start;
    to.value = end;
  });
}

/** From the rows to the picture. Rows that are no times are left alone; the server says what is wrong. */
function draw(day) {
  const column = frame.querySelector(`.day[data-key="${day}"]`);
  for (const block of blocksOf(day)) block.remove();
  let sum = 0;
  for (const row of rowsOf(day)) {
    const [start, end] = inputsOf(row).map((each) => clock(each.value));
    delete row.dataset.unseen;
    if (!CLOCK.test(start) || !CLOCK.test(end) || start === end || start === "24:00") {
      if (inputsOf(row).some((each) => each.value.trim())) row.dataset.unseen = "";
      continue;
    }
    const from = minute(start);
    const until = minute(end) > from ? minute(end) : DAY;
    sum += minute(end) > from ? minute(end) - from : minute(end) + DAY - from;
    if (from < first || until > last) {
      row.dataset.unseen = "";
      continue;
    }
    column.append(block(start, end, from, until));
  }
  column.classList.toggle("off", !column.children.length && ["sat", "sun"].includes(day));
  frame.querySelector(`[data-length="${day}"]`).textContent = lasting(sum);
  frame.querySelector(`[data-minutes="${day}"]`).firstChild.textContent = sum;
  if (rowsOf(day).every((row) => inputsOf(row).some((each) => each.value))) addRow(day);
}

function block(start, end, from, until) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "block" });
  made.dataset.start = start;
  made.dataset.end = end;
  const rows = Math.ceil((until - from) / ROW);
  made.style.setProperty("--row", Math.floor((from - first) / ROW) + 1);
  made.style.setProperty("--span", rows);
  const begins = Object.assign(document.createElement("b"), { textContent: start.replace(/^0/, "") });
  const words = lasting(until - from);
  const length = document.createElement("span");
  length.textContent = rows < 3 ? `, ${words}` : words;
  length.className = rows < 3 ? "visually-hidden" : "";
  made.append(begins, length, Object.assign(document.createElement("input"), { type: "hidden", disabled: true }));
  return made;
}

function unsaved() {
  document.querySelector("[data-unsaved]").textContent = "Not saved yet";
}

/** What came back with an error, or was kept by the browser, is in the rows: the picture follows. */
for (const { dataset } of form.querySelectorAll("[data-rows]")) redraw(dataset.rows);

function redraw(day) {
  drawing = true;
  draw(day);
  drawing = false;
}

frame.addEventListener("week-changed", () => {
  if (drawing) return;
  for (const { dataset } of form.querySelectorAll("[data-rows]")) write(dataset.rows);
  unsaved();
});

form.addEventListener("change", ({ target }) => {
  const day = target.closest("[data-rows]")?.dataset.rows;
  if (!day) return;
  redraw(day);
  unsaved();
});

for (const each of document.querySelectorAll('[form="hours"]')) {
  each.addEventListener("input", () => {
    if (each.type === "range") document.querySelector("[data-budget]").textContent = `${each.value} minutes`;
    if (each.type !== "submit") unsaved();
  });
}
