/**
 * The board: advice is moved by hand. Whatever is dragged or moved by key presses one of the buttons that stand in the
 * advice's own form, so that a hand, a key and a page without scripts do the same.
 */

const SIDES = ["against", "depends", "for"];

/** The option and the side a piece has now; both may be empty. */
const standing = (piece) => (piece.dataset.at.includes(":") ? piece.dataset.at.split(":") : ["", piece.dataset.at]);

const options = () => [...new Set([...document.querySelectorAll(".board [data-option]")].map((cell) => cell.dataset.option))];

function put(piece, option, side) {
  const wanted = `${option}:${side}`;
  if (wanted !== piece.dataset.at) piece.querySelector(`button[name="place"][value="${CSS.escape(wanted)}"]`)?.click();
}

function onKey(event) {
  const piece = event.currentTarget;
  if (event.target !== piece || event.altKey || event.ctrlKey || event.metaKey) return;
  const [option, side] = standing(piece);
  const all = options();
  const at = all.indexOf(option);
  const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const down = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!sideways && !down) return;
  event.preventDefault();
  keyed = true;
  if (down) {
    const next = at < 0 ? (down > 0 ? 0 : all.length - 1) : at + down;
    if (all[next]) put(piece, all[next], SIDES.includes(side) ? side : "for");
  } else if (at >= 0) {
    const next = SIDES.indexOf(side) + sideways;
    if (SIDES[next]) put(piece, option, SIDES[next]);
  }
}

function movable(piece) {
  if (piece.dataset.movable !== undefined) return;
  piece.dataset.movable = "";
  piece.draggable = true;
  piece.tabIndex = 0;
  piece.setAttribute("aria-describedby", "board-keys");
  piece.addEventListener("keydown", onKey);
  piece.addEventListener("dragstart", (event) => {
    event.dataTransfer.setData("text/plain", piece.id);
    event.dataTransfer.effectAllowed = "move";
    piece.dataset.dragged = "";
  });
  piece.addEventListener("dragend", () => delete piece.dataset.dragged);
}

function takes(cell) {
  cell.addEventListener("dragover", (event) => {
    if (!document.querySelector("[data-dragged]")) return;
    event.preventDefault();
    cell.dataset.over = "";
  });
  cell.addEventListener("dragleave", () => delete cell.dataset.over);
  cell.addEventListener("drop", (event) => {
    delete cell.dataset.over;
    const piece = document.querySelector("[data-dragged]");
    if (!piece) return;
    event.preventDefault();
    const [, side] = standing(piece);
    put(piece, cell.dataset.option, SIDES.includes(side) ? side : "for");
  });
}

function begin() {
  for (const each of document.querySelectorAll("[data-laid]")) movable(each);
  for (const each of document.querySelectorAll(".board [data-option]:not([data-takes])")) {
    each.dataset.takes = "";
    takes(each);
  }
}

begin();

/** A piece that was moved by key keeps the focus, so that the next key moves it on. */
let held = "";
let keyed = false;
document.addEventListener("htmx:beforeSwap", () => {
  held = document.activeElement?.matches("[data-laid]") ? document.activeElement.id : "";
});
document.addEventListener("htmx:afterSettle", () => {
  begin();
  const piece = held ? document.getElementById(held) : null;
  held = "";
  piece?.focus({ preventScroll: true });
  if (keyed) piece?.scrollIntoView({ block: "nearest" }); // it stands in another row now
  keyed = false;
});
