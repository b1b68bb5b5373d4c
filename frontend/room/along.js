/**
 * Whoever is in the room besides the other one: a tile and a connection of its own for each.
 *
 * The two-person call is not touched by any of it. Of each pair whoever has the later key is polite.
 */
import { Peer } from "./peer.js";
import { whoIsFirst } from "./speaking.js";

const MESH = 4;
const THREE_ROWS = 9; // of three tiles
const GONE = "The line to our server is interrupted. Press again in a moment.";

export class Along {
  #peers = new Map(); // by person
  #known = new Set(); // connections of theirs, old ones as well
  #sent = {};
  #first = { at: 0 };

  /** sized(): their number is another. */
  constructor({ root, boot, line, told, chosen, forward, sized }) {
    Object.assign(this, { root, boot, line, told, chosen, forward, sized });
    this.place = root.querySelector(".videos");
    this.words = root.querySelector("#company");
    this.between = root.querySelector("#between");
  }

  /** How many of them are here. */
  get size() {
    return this.#peers.size;
  }

  /** people, left: as the server tells. back: the line was lost before. */
  presence(people, left, back) {
    const { me, other } = this.boot;
    const there = people.filter(({ person, place }) => place === "room" && person !== me.id && person !== other.id);
    const before = this.size;
    for (const each of there) {
      this.#known.add(each.connection);
      this.#peerOf(each).presence(each, back);
    }
    for (const [person, peer] of this.#peers) {
      if (there.some((each) => each.person === person)) continue;
      if (left === person || !peer.away()) this.#drop(person, peer);
    }
    if (before !== this.size) this.#layOut();
  }

  /** They did not come back. */
  gone(peer) {
    for (const [person, each] of this.#peers) if (each === peer) this.#drop(person, peer);
    this.#layOut();
  }

  /** What somebody who comes along is called; nothing for anybody else. */
  first(person) {
    return this.#peers.get(person)?.first;
  }

  /** A signal. Answers whether it was for one of these connections. */
  hear(from, data, number) {
    for (const peer of this.#peers.values()) if (peer.connection === from) peer.hear(data, number);
    return this.#known.has(from);
  }

  /** What is sent to them: {audio, video, screen}, each a track or null. */
  send(tracks) {
    this.#sent = tracks;
    for (const peer of this.#peers.values()) peer.send(tracks);
  }

  show() {
    for (const peer of this.#peers.values()) peer.show();
  }

  count() {
    return Promise.all([...this.#peers.values()].map((peer) => peer.count(this.size + 1)));
  }

  hangUp() {
    for (const peer of this.#peers.values()) peer.hangUp();
  }

  /** Who speaks; of them one stands first, where there is room for one large picture only. */
  listen() {
    for (const peer of this.#peers.values()) peer.listen();
    const tiles = [...this.place.querySelectorAll(":scope > .video:not(.self)")];
    this.#first = whoIsFirst(this.#first, tiles.filter((tile) => tile.hasAttribute("data-speaks")), tiles, performance.now());
    for (const tile of tiles) tile.toggleAttribute("data-first", tile === this.#first.tile);
  }

  stop() {
    for (const [person, peer] of this.#peers) this.#drop(person, peer);
    this.#layOut();
  }

  #peerOf({ person, name, first }) {
    const known = this.#peers.get(person);
    if (known) return known;
    const tile = this.root.ownerDocument.getElementById("tile-template").content.firstElementChild.cloneNode(true);
    const peer = new Peer({ tile, name, first, along: this, polite: this.boot.me.id > person });
    const face = [...this.root.querySelectorAll("[data-face-of]")].find(({ dataset }) => dataset.faceOf === person);
    if (face) tile.querySelector("[data-face]").replaceWith(face.content.cloneNode(true));
    this.#mayGo(tile, person, first);
    this.root.querySelector("#mine").before(tile);
    this.#peers.set(person, peer);
    peer.send(this.#sent);
    this.words.textContent = `${name} is here.`;
    return peer;
  }

  #drop(person, peer) {
    peer.stop();
    this.#peers.delete(person);
    this.words.textContent = `${peer.name} has left.`;
  }

  #layOut() {
    const tiles = this.size + 2;
    if (this.size) this.place.dataset.tiles = String(tiles);
    else delete this.place.dataset.tiles;
    if (tiles > MESH) this.place.dataset.many = tiles > THREE_ROWS ? "most" : "";
    else delete this.place.dataset.many;
    if (this.size && this.between) this.between.textContent = "Whoever is here sees the notes";
    this.sized();
  }

  // --- taking somebody out -----------------------------------------------------------------------

  /** Either of the two may, not those who come along; nobody takes out one of the two. */
  #mayGo(tile, person, first) {
    const button = tile.querySelector("[data-out]");
    if (!button || this.boot.along) return;
    button.hidden = false;
    button.append(element(first));
    button.addEventListener("click", () => {
      const ask = { kind: "differ", title: `Take ${first} out?`, told: "The room closes for them at once. They can come back if you ask them along again." };
      this.told.tell("out", { ...ask, buttons: [[`Take ${first} out`, () => this.#takeOut(person)], ["Let them stay", () => this.told.clear("out")]] });
    });
  }

  async #takeOut(person) {
    const form = this.root.querySelector("#take-out");
    form.elements.person.value = person;
    this.told.clear("out");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
    } catch {
      this.told.tell("out", { told: GONE, buttons: [["All right", () => this.told.clear("out")]] });
    }
  }
}

function element(first) {
  const made = document.createElement("span");
  made.className = "visually-hidden";
  made.textContent = ` ${first}`;
  return made;
}
