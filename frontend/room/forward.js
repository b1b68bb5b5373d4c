/**
 * Which way picture and sound take: from each to each, or by the server that hands them on.
 *
 * By the server there is one connection that sends, and one for each other who is heard. Only our own socket is spoken
 * to: it knows the server, the page does not. Every dial has a number, so that what belongs to an older one is let go.
 */
import { bound } from "./bitrate.js";
import { Call } from "./call.js";

const LEAST = 300_000; // bits a second of one picture, however many there are
const SILENT = { title: "There is no picture and no sound at the moment.", told: "The server that hands them on does not answer. Notes and chat go on, and we dial anew by ourselves." };
const WORDS = {
  server: "Picture and sound go by the server of this service from now on, since more than four are expected. It hands them on and records nothing.",
  direct: "Picture and sound go straight from each of you to the others from now on, since the server that handed them on does not answer.",
};
let dials = 0;

/** The connection that sends. It offers, and the server answers. */
class Sent extends Call {
  direction = "sendonly";

  start() {
    this.number = ++dials;
    super.start();
  }

  hear(signal, number) {
    if (number === this.number) super.hear(signal);
  }
}

/** The connection by which one other is heard. The server offers; whatever breaks, the page asks for it anew. */
class Received extends Call {
  direction = "recvonly";

  dial() {
    this.again();
  }

  again() {
    this.number = ++dials;
    super.again();
  }

  hear(signal, number) {
    if (number !== this.number) return;
    if (signal.again) this.again();
    else super.hear(signal);
  }

  lineIsBack() {
    this.again();
  }

  send() {} // what is sent goes once, to the server
}

export class Forward {
  way = "direct";
  #sent;
  #tracks = {};
  #others = 1;
  #inside = false;

  /** heard(from, data, number): of a connection to somebody. turned(): the way is another now. */
  constructor({ root, line, told, heard, turned }) {
    Object.assign(this, { root, line, told, heard, turned });
    line.on("way", ({ way }) => this.turn(way));
    line.on("forward", ({ from, n, data }) => this.#hear(from, data, n));
  }

  /** Whether picture and sound go by the server. */
  get hands() {
    return this.way === "server";
  }

  turn(way) {
    const before = this.way;
    sayWhich(this.root, way);
    if (way === before) return;
    this.way = way;
    this.stop();
    this.#tell(before);
    this.turned();
  }

  /** A call to somebody, the way that it is at the moment. to(): their connection. */
  call({ to, ...given }) {
    if (!this.hands) return new Call({ ...given, say: (data) => this.line.say({ t: "signal", to: to(), data }) });
    const say = (data) => this.line.say({ t: "forward", to: to(), n: call.number, data });
    const call = new Received({ ...given, polite: true, say });
    return call;
  }

  /** We are inside: what we send is on its way. back: the line was lost before, and the server has let go of it. */
  inside({ servers, back, people }) {
    this.#others = Math.max(1, new Set(people.filter(({ place }) => place === "room").map(({ person }) => person)).size - 1);
    this.#inside = true;
    if (!this.hands) return;
    if (!this.#sent) this.#dial(servers);
    else if (back) this.#sent.start();
    this.#bound();
  }

  /** What is sent: {audio, video, screen}, each a track or null. */
  send(tracks) {
    this.#tracks = tracks;
    this.#sent?.send("audio", tracks.audio ?? null);
    this.#sent?.send("video", tracks.screen ?? tracks.video ?? null);
    this.#bound();
  }

  #hear(from, data, number) {
    if (!this.hands) return;
    if (from === "") this.#sent?.hear(data, number);
    else this.heard(from, data, number);
  }

  stop() {
    this.#sent?.stop();
    this.#sent = undefined;
    this.told.clear("sent");
  }

  #dial(servers) {
    const say = (data) => this.line.say({ t: "forward", to: "", n: this.#sent.number, data });
    this.#sent = new Sent({ servers, polite: false, say, tell: (state) => this.#heard(state), show: () => {} });
    this.send(this.#tracks);
    this.#sent.start();
  }

  #tell(before) {
    const buttons = [["All right", () => this.told.clear("way")]];
    const title = before === "none" ? "Picture and sound are back." : "";
    this.told.clear("way");
    if (this.way === "none") this.told.tell("way", { kind: "time", ...SILENT });
    else if (this.#inside) this.told.tell("way", { kind: "time", title, told: WORDS[this.way], buttons });
  }

  #heard(state) {
    if (state === "connected") {
      this.told.clear("sent");
      this.#bound();
    }
    if (state === "stuck") {
      const told = "What you send does not reach the server. It helps to leave a VPN or to use another network, such as your phone’s. Notes and chat work meanwhile, and we keep trying.";
      this.told.tell("sent", { kind: "differ", title: "Nobody sees or hears you yet.", told, buttons: [["Try again", () => this.#sent?.again()]] });
    }
  }

  /** The more there are, the smaller each picture: what one receives is the sum of them. */
  #bound() {
    const connection = this.#sent?.connection;
    const screen = Boolean(this.#tracks.screen);
    if (connection?.connectionState === "connected") bound(connection, 0, { screen, peers: screen ? 1 : this.#others, least: LEAST });
  }
}

/** The words about who can listen, of this way and of no other. */
export function sayWhich(root, way) {
  const shown = way === "direct" ? "direct" : "server";
  for (const words of root.ownerDocument.querySelectorAll("[data-way]")) words.hidden = words.dataset.way !== shown;
}
