/** The chat: what was said, and what is on its way. A line waits for its answer and is sent again after a loss. */
import { timeOfDay } from "./clock.js";

const ADDRESS = /https?:\/\/[^\s<>"']+/g;

export class Chat {
  #waiting = new Map();
  #shown = new Set();
  #unread = 0;

  constructor({ root, line, me, other, zone }) {
    Object.assign(this, { root, line, me, other, zone });
    this.lines = root.querySelector("#lines");
    this.field = root.querySelector("#say");
    this.unsaid = root.querySelector("#unsaid");
    this.badge = root.querySelector("#unread");
    root.querySelector("#chat").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    for (const tab of root.querySelectorAll('[name="tab"]')) tab.addEventListener("change", () => this.#count());
    line.on("chat", ({ key, line: said }) => this.#heard(key, said));
    line.on("unsaid", ({ key, told }) => this.#back(key, told));
  }

  /** The lines the server has, on coming in and after each loss; then what it has not answered yet. */
  begin(kept) {
    for (const each of kept) this.#show(each, { fresh: false });
    for (const [key, text] of this.#waiting) this.line.say({ t: "chat", key, text });
  }

  #send() {
    const text = this.field.value.trim();
    if (!text) return this.field.focus();
    const key = crypto.randomUUID?.() ?? madeUp();
    this.#waiting.set(key, text);
    this.field.value = "";
    this.unsaid.textContent = this.line.say({ t: "chat", key, text }) ? "" : "You are offline. It is sent when you are back.";
  }

  #heard(key, said) {
    if (this.#waiting.delete(key) && !this.#waiting.size) this.unsaid.textContent = "";
    this.#show(said, { fresh: said.person !== this.me.id });
  }

  #back(key, told) {
    const text = this.#waiting.get(key);
    if (text === undefined) return;
    this.#waiting.delete(key);
    this.field.value = this.field.value ? `${text} ${this.field.value}` : text;
    this.unsaid.textContent = told;
  }

  #show({ id, person, first, text, at }, { fresh }) {
    if (this.#shown.has(id)) return;
    this.#shown.add(id);
    const who = element("p", "who", `${person === this.me.id ? "You" : (first ?? this.other.first)}, ${timeOfDay(at, this.zone)}`);
    const said = element("p");
    said.append(...withLinks(text));
    const row = document.createElement("div");
    row.append(who, said);
    this.lines.append(row);
    this.lines.scrollTop = this.lines.scrollHeight;
    if (fresh) this.#unread += 1;
    this.#count();
  }

  #count() {
    const chosen = this.root.querySelector('[name="tab"]:checked')?.value;
    const tabs = this.root.querySelector(".tabs");
    // Where the tabs are not drawn, everything is in sight.
    if (chosen === "chat" || !tabs?.offsetParent) this.#unread = 0;
    this.badge.hidden = !this.#unread;
    this.badge.replaceChildren(String(this.#unread), element("span", "visually-hidden", " new"));
  }
}

function element(name, kind = "", text = "") {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (text) made.textContent = text;
  return made;
}

/** Plain text with its web addresses as links; nothing else of it is ever markup. */
export function withLinks(text) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = found[0].replace(/[.,;:!?)\]]+$/, "");
    parts.push(text.slice(at, found.index));
    const link = element("a", "", address);
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
    parts.push(link);
    at = found.index + address.length;
  }
  parts.push(text.slice(at));
  return parts.filter(Boolean);
}

function madeUp() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
