/** Notes to the reader above the picture: one for each matter, replaced or taken away by name. */

const KINDS = ["", "differ", "time"]; // in the order of the template's icons

export class Told {
  #notes = new Map();

  constructor(root) {
    this.place = root.querySelector("#told");
    this.template = document.querySelector("#note-template");
  }

  /** kind: "time", "differ" or "". buttons: [words, what happens]. */
  tell(matter, { kind = "", title = "", told, buttons = [], picture } = {}) {
    const known = this.#notes.get(matter);
    if (known?.dataset.told === `${title} ${told}`) return;
    this.clear(matter);
    const note = this.template.content.firstElementChild.cloneNode(true);
    if (kind) note.classList.add(kind);
    note.querySelectorAll(":scope > .icon").forEach((icon, n) => n === KINDS.indexOf(kind) || icon.remove());
    note.dataset.told = `${title} ${told}`;
    const [words, row] = note.querySelectorAll("p");
    if (title) {
      const strong = document.createElement("strong");
      strong.textContent = title;
      words.append(strong, " ");
    }
    words.append(told);
    if (picture) words.after(picture);
    for (const [label, act] of buttons) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button quiet small";
      button.textContent = label;
      button.addEventListener("click", act);
      row.append(button);
    }
    row.hidden = !buttons.length;
    this.place.append(note);
    this.#notes.set(matter, note);
  }

  clear(matter) {
    this.#notes.get(matter)?.remove();
    this.#notes.delete(matter);
  }

  has(matter) {
    return this.#notes.has(matter);
  }
}
