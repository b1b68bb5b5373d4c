/** One of those who are in the room besides the other one: their tile, and the connection to them. */
import { bound, follow } from "./bitrate.js";
import { hearBy } from "./devices.js";
import { withheld, words } from "./presence.js";
import { judge, read, WORDS } from "./quality.js";
import { levelOf, speaks } from "./speaking.js";

const HELD_FOR = 60_000; // milliseconds: whoever only lost the line to our server is still on this call

export class Peer {
  #there = { place: "" };
  #call;
  #tab;
  #tracks = {};
  #line = { step: 0, good: 0 };
  #spoke = {};
  #before;
  #bounds; // as they were last told to the browser
  #held;

  /** along: the room they are in, as along.js knows it. */
  constructor({ tile, name, first, along, polite }) {
    Object.assign(this, { tile, name, first, along, polite });
    this.picture = tile.querySelector("video");
    this.sound = tile.querySelector("audio");
    this.at = (part) => tile.querySelector(`[data-${part}]`);
    this.at("name").textContent = name;
    this.picture.setAttribute("aria-label", first);
  }

  get connection() {
    return this.#there.connection;
  }

  get #writes() {
    return this.along.chosen.mode === "chat" || this.#there.mode === "chat" || this.along.forward.way === "none";
  }

  /** They are in the room. back: our line was lost before. */
  presence(there, back) {
    clearTimeout(this.#held);
    this.#held = undefined;
    const before = this.#there;
    this.#there = there;
    if (this.#writes) this.#hangUp();
    else if (!this.#call || there.tab !== this.#tab) this.#ring(there.tab);
    else if (back || there.connection !== before.connection) this.#call.lineIsBack();
    this.send(this.#tracks);
    this.show();
  }

  /** They are not in the room and have not said why. Answers whether they may come back on the same call. */
  away() {
    if (this.#there.place === "room") this.#there = { ...this.#there, place: "" };
    if (!this.#call || this.#call.connection?.connectionState !== "connected") return false;
    this.#held ??= setTimeout(() => this.along.gone(this), HELD_FOR);
    this.show();
    return true;
  }

  hear(data, number) {
    this.#call?.hear(data, number);
  }

  send(tracks) {
    this.#tracks = tracks;
    const picture = tracks.screen ?? (this.#there.mode === "video" ? tracks.video : null);
    this.#call?.send("audio", tracks.audio ?? null);
    this.#call?.send("video", picture ?? null);
  }

  stop() {
    clearTimeout(this.#held);
    this.#hangUp();
    this.tile.remove();
  }

  show() {
    const { camera, screen, place } = this.#there;
    const shown = Boolean(this.picture.srcObject) && place === "room" && Boolean(screen || (camera && this.along.chosen.mode === "video"));
    this.picture.hidden = !shown;
    this.picture.toggleAttribute("data-whole", Boolean(screen));
    const { muted, unseen } = withheld(this.#there);
    this.at("mic").hidden = !muted;
    this.at("camera").hidden = !unseen;
    this.at("words").textContent = place === "room" ? words(this.first, this.#there) : `${this.first} is away for a moment.`;
  }

  listen() {
    const heard = this.#there.place === "room" ? levelOf(this.#call?.connection) : 0;
    this.tile.toggleAttribute("data-speaks", speaks(this.#spoke, heard, performance.now()));
  }

  /** How good the connection is. peers: how many connections share our line. */
  async count(peers) {
    const pc = this.#call?.connection;
    if (pc?.connectionState !== "connected" || this.#there.place !== "room") return;
    const now = read(await pc.getStats());
    if (pc !== this.#call?.connection) return;
    if (this.#before) {
      const verdict = judge(this.#before, now);
      this.#line = follow(this.#line, verdict);
      this.#quality(WORDS[verdict] + (now.relayed ? ", by our relay" : ""));
    }
    this.#before = now;
    this.#bound(peers);
  }

  #bound(peers) {
    const screen = Boolean(this.#tracks.screen);
    const told = `${this.#line.step} ${screen} ${Boolean(this.#tracks.video)} ${peers}`;
    if (told === this.#bounds) return;
    this.#bounds = told;
    bound(this.#call.connection, this.#line.step, { screen, peers });
  }

  // --- the call ----------------------------------------------------------------------------------

  #ring(tab) {
    this.#tab = tab;
    this.#call?.stop();
    this.#call = this.along.forward.call({
      servers: this.along.ice,
      polite: this.polite,
      to: () => this.connection,
      tell: (state) => this.#heard(state),
      show: (stream) => this.#play(stream),
    });
    this.send(this.#tracks);
    this.#call.dial();
  }

  /** The way is another: what was is over, and `presence` begins anew. */
  hangUp() {
    this.#hangUp();
  }

  #hangUp() {
    this.#call?.stop();
    this.#call = this.#before = undefined;
    this.sound.srcObject = this.picture.srcObject = null;
    this.#quality("");
  }

  #heard(state) {
    if (state === "connected") {
      this.#before = this.#bounds = undefined;
      this.#bound(this.along.size + 1);
    }
    if (["connecting", "connected", "interrupted"].includes(state)) this.#quality(state);
    if (state === "stuck") this.#quality("no connection, we keep trying");
  }

  #quality(told) {
    if (this.at("quality").textContent !== told) this.at("quality").textContent = told;
  }

  #play(stream) {
    this.sound.srcObject = this.picture.srcObject = stream;
    hearBy(this.sound, this.along.chosen.speakerId);
    this.picture.play().catch(() => {});
    // A browser that keeps the sound off until a press plays it with the next one, wherever it is.
    this.sound.play().catch(() => addEventListener("pointerdown", () => this.sound.play().catch(() => {}), { once: true }));
    this.show();
  }
}
