/**
 * The shared notes: a textarea and a Yjs text that follow each other.
 *
 * Works without a line: what is typed stays in the document, and in this browser's storage until the
 * server has said that it is saved.
 */
import * as Y from "yjs";
import * as sync from "y-protocols/sync";
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { difference, follow } from "./diff.js";

const SYNC = 0;
const HERE = "here";
const LINE = "line";
const WRITING_FOR = 3_000;
const SAVED_WITHIN = 3_000; // what takes longer casts doubt on the line

export class Notes {
  #doc = new Y.Doc();
  #text = this.#doc.getText("notes");
  #area;
  #shown = "";
  #composing = false;
  #missed = [];
  #unsaved = false;
  #waitsSince = 0;
  #savedAt;
  #sent = 0;
  #writing = 0;
  #full = "";

  constructor({ area, state, other, clock, storage, line }) {
    Object.assign(this, { state, other, clock, storage, line });
    this.#area = area;
    this.#restore();
    this.undo = new Y.UndoManager(this.#text, { trackedOrigins: new Set([HERE]), captureTimeout: 600 });
    this.#doc.on("update", (update, origin) => this.#changed(update, origin));
    this.#text.observe((event) => this.#seen(event));
    area.addEventListener("input", () => this.#typed());
    area.addEventListener("compositionstart", () => (this.#composing = true));
    area.addEventListener("compositionend", () => this.#composed());
    area.addEventListener("keydown", (event) => this.#keys(event));
    line.on("notes", (frame) => this.#hear(frame));
    line.on("saved", (saved) => this.#saved(saved));
    line.on("full", ({ told }) => (this.#full = told));
    this.telling = setInterval(() => this.#tellState(), 1_000);
    this.#show(this.#text.toString());
  }

  /** The line is up and we are inside: ask for what we have not seen. */
  begin() {
    const ask = encoding.createEncoder();
    encoding.writeVarUint(ask, SYNC);
    sync.writeSyncStep1(ask, this.#doc);
    this.#sent = 0;
    this.#send(ask);
  }

  /** The room is left. What is not saved stays in this browser. */
  stop() {
    clearInterval(this.telling);
    this.state.textContent = this.#unsaved ? "Kept on this device until you are back." : "";
  }

  #hear(frame) {
    const incoming = decoding.createDecoder(frame);
    if (decoding.readVarUint(incoming) !== SYNC) return;
    const answer = encoding.createEncoder();
    encoding.writeVarUint(answer, SYNC);
    const kind = sync.readSyncMessage(incoming, answer, this.#doc, LINE);
    if (encoding.length(answer) > 1) this.#send(answer);
    if (kind === sync.messageYjsSyncStep2) this.#area.disabled = false;
    if (kind === sync.messageYjsUpdate) this.#writing = Date.now();
  }

  #typed() {
    if (this.#composing) return;
    const { at, removed, added } = difference(this.#shown, this.#area.value);
    this.#shown = this.#area.value;
    if (!removed && !added) return;
    // What others typed while an input method was at work has moved the place.
    const from = this.#missed.reduce((place, delta) => follow(place, delta), at);
    const to = this.#missed.reduce((place, delta) => follow(place, delta), at + removed);
    this.#doc.transact(() => {
      if (to > from) this.#text.delete(from, to - from);
      if (added) this.#text.insert(from, added);
    }, HERE);
  }

  #composed() {
    this.#composing = false;
    this.#typed();
    if (this.#missed.length) {
      this.#missed = [];
      this.#show(this.#text.toString());
    }
  }

  #seen(event) {
    if (event.transaction.origin === HERE) return;
    if (this.#composing) return void this.#missed.push(event.delta);
    const area = this.#area;
    const [start, end, way] = [area.selectionStart, area.selectionEnd, area.selectionDirection];
    this.#show(this.#text.toString());
    area.setSelectionRange(follow(start, event.delta), follow(end, event.delta), way);
  }

  #show(text) {
    const scrolled = this.#area.scrollTop;
    this.#area.value = text;
    // The browser may write line ends its own way; what it shows is what we compare with.
    this.#shown = this.#area.value;
    this.#area.scrollTop = scrolled;
  }

  #changed(update, origin) {
    if (origin === LINE) return;
    if (!this.#unsaved) this.#waitsSince = Date.now();
    this.#unsaved = true;
    this.#keep();
    const message = encoding.createEncoder();
    encoding.writeVarUint(message, SYNC);
    sync.writeUpdate(message, update);
    this.#send(message);
  }

  /** heard: how many of our frames the server had taken in when it began to save. */
  #saved({ at, heard }) {
    if (this.#text.length || this.#savedAt) this.#savedAt = at; // nothing was kept of notes that were always empty
    if (!this.line.isUp || heard < this.#sent) return;
    this.#unsaved = false;
    this.#forget();
  }

  #send(encoder) {
    if (this.line.say(encoding.toUint8Array(encoder))) this.#sent++;
  }

  #keys(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    if (event.shiftKey) this.undo.redo();
    else this.undo.undo();
  }

  #tellState() {
    if (this.#unsaved && Date.now() - this.#waitsSince > SAVED_WITHIN) {
      this.#waitsSince = Date.now();
      this.line.doubt();
    }
    const told = this.#words();
    if (this.state.textContent !== told) this.state.textContent = told;
  }

  #words() {
    if (this.#full) return this.#full;
    if (this.#area.disabled) return "Opening the notes.";
    const writing = Date.now() - this.#writing < WRITING_FOR ? `${this.other} is writing. ` : "";
    if (!this.line.isUp) return "Kept on this device until you are back.";
    if (this.#unsaved) return `${writing}Saving.`;
    if (!this.#savedAt) return writing.trim();
    const seconds = Math.max(0, Math.round((this.clock.now() - this.#savedAt) / 1000));
    const ago = seconds < 3 ? "just now" : seconds < 60 ? `${seconds} seconds ago` : `${Math.round(seconds / 60)} min ago`;
    return `${writing}Saved ${ago}.`;
  }

  #keep() {
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => {
      if (!this.#unsaved) return;
      try {
        const bytes = Y.encodeStateAsUpdate(this.#doc);
        localStorage.setItem(this.storage, btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")));
      } catch {
        // Full or forbidden: the page itself still holds the words.
      }
    }, 300);
  }

  #restore() {
    try {
      const kept = localStorage.getItem(this.storage);
      if (kept) {
        Y.applyUpdate(this.#doc, Uint8Array.from(atob(kept), (letter) => letter.charCodeAt(0)), LINE);
        this.#unsaved = true;
        this.#area.disabled = false;
      }
    } catch {
      this.#forget();
    }
  }

  #forget() {
    try {
      localStorage.removeItem(this.storage);
    } catch {
      // Then there is nothing to forget.
    }
  }
}
