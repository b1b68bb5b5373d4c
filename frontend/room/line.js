/**
 * The line to our server: opened with a ticket, kept alive, opened again after every loss.
 *
 * on(kind, hear) for the messages of docs/architecture/room.md; besides them "up" (welcome was heard),
 * "down" (lost, we try again), "notes" (a binary frame) and "goodbye" (for good).
 */

const WAITS = [300, 700, 1500, 3000, 4500]; // milliseconds between tries
const SILENCE = 25_000; // the server is heard every ten seconds
const OPENS_WITHIN = 8_000; // a knock that a dead network swallowed is not waited for
const DOUBT = 3_000;
const TICKET_LASTS = 4 * 60_000;
const QUESTIONS = 5;
const ASK_EVERY = 60_000;

export class Line {
  #heard = new Map();
  #socket;
  #ticket;
  #ticketAt;
  #tries = 0;
  #wait;
  #lastHeard = 0;
  #doubting;
  #finished = false;
  isUp = false;

  constructor({ address, ticket, ticketAddress, clock }) {
    Object.assign(this, { address, ticketAddress, clock });
    this.#ticket = ticket;
    this.#ticketAt = Date.now();
    addEventListener("online", () => this.#soon(0));
    addEventListener("offline", () => this.#socket?.close());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && !this.isUp && this.#soon(0));
    addEventListener("pagehide", () => this.#socket?.close());
    addEventListener("pageshow", ({ persisted }) => persisted && this.#soon(0));
    setInterval(() => this.#watch(), 2_000);
    setInterval(() => this.isUp && this.#ask(), ASK_EVERY);
  }

  on(kind, hear) {
    if (!this.#heard.has(kind)) this.#heard.set(kind, []);
    this.#heard.get(kind).push(hear);
    return this;
  }

  /** Nobody of those who listened until now listens any more: another view takes over. */
  forget() {
    const goodbye = this.#heard.get("goodbye");
    this.#heard = new Map([["goodbye", goodbye]]);
  }

  open() {
    this.#soon(0);
  }

  /** Sends a message, or returns false while the line is down. */
  say(message) {
    if (!this.isUp) return false;
    this.#socket.send(message instanceof Uint8Array ? message : JSON.stringify(message));
    return true;
  }

  /** Something looks as if the line were dead, which a lost network does not say: it has a moment to show otherwise. */
  doubt() {
    if (!this.isUp || this.#doubting) return;
    const [socket, since] = [this.#socket, Date.now()];
    this.#ask();
    this.#doubting = setTimeout(() => {
      this.#doubting = undefined;
      if (socket === this.#socket && this.#lastHeard < since) this.#drop(socket);
    }, DOUBT);
  }

  /** Hangs up for good, and says so: the other side need not wonder whether it is a reload. */
  leave() {
    this.say({ t: "leave" });
    this.#finished = true;
    clearTimeout(this.#wait);
    const socket = this.#socket;
    this.#socket = undefined;
    this.isUp = false;
    socket?.close(1000);
  }

  #tell(kind, message) {
    for (const hear of this.#heard.get(kind) ?? []) hear(message);
  }

  #soon(wait) {
    if (this.#finished || this.#socket) return;
    clearTimeout(this.#wait);
    this.#wait = setTimeout(() => this.#dial(), wait);
  }

  async #dial() {
    if (this.#finished || this.#socket) return;
    if (!(await this.#hasTicket())) return;
    if (this.#finished || this.#socket) return;
    const socket = new WebSocket(this.address);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#lastHeard = Date.now();
    socket.onopen = () => socket.send(JSON.stringify({ t: "hello", ticket: this.#ticket }));
    socket.onmessage = ({ data }) => socket === this.#socket && this.#hear(data);
    socket.onclose = ({ code }) => this.#lost(socket, code);
  }

  async #hasTicket() {
    if (this.#ticket && Date.now() - this.#ticketAt < TICKET_LASTS) return true;
    try {
      const answer = await fetch(this.ticketAddress, { headers: { Accept: "application/json" }, cache: "no-store", redirect: "error" });
      const said = await answer.json();
      if (answer.ok) {
        this.#ticket = said.ticket;
        this.#ticketAt = Date.now();
        return true;
      }
      if (answer.status < 500 && answer.status !== 429) {
        this.#finished = true;
        this.#tell("goodbye", { word: said.word ?? "no-ticket", told: said.told ?? said.detail, go: said.go ?? "lobby" });
        return false;
      }
    } catch {
      // No network, or no server: the next try asks again.
    }
    this.#again();
    return false;
  }

  #hear(data) {
    this.#lastHeard = Date.now();
    if (data instanceof ArrayBuffer) return this.#tell("notes", new Uint8Array(data));
    const message = JSON.parse(data);
    if (message.t === "welcome") {
      this.isUp = true;
      this.#tries = 0;
      this.clock.forget();
      for (let n = 0; n < QUESTIONS; n++) setTimeout(() => this.isUp && this.#ask(), n * 150);
      this.#tell("welcome", message);
      return this.#tell("up");
    }
    if (message.t === "pong") this.clock.learn(message.asked, message.now);
    if (message.t === "beat") this.say({ t: "beat" });
    if (message.t === "goodbye") return this.#shownOut(message);
    this.#tell(message.t, message);
  }

  #shownOut(goodbye) {
    if (goodbye.go === "again") {
      if (goodbye.code === 4401) this.#ticket = undefined;
      return;
    }
    this.#finished = true;
    this.isUp = false;
    this.#tell("goodbye", goodbye);
  }

  #lost(socket, code) {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    const wasUp = this.isUp;
    this.isUp = false;
    if (code === 4401) this.#ticket = undefined;
    if (this.#finished) return;
    if (wasUp) this.#tell("down");
    this.#again();
  }

  #again() {
    const wait = WAITS[Math.min(this.#tries++, WAITS.length - 1)];
    this.#soon(wait * (0.75 + Math.random() / 2));
  }

  #ask() {
    this.say({ t: "ping", asked: this.clock.present() });
  }

  #watch() {
    const patience = this.isUp ? SILENCE : OPENS_WITHIN;
    if (this.#socket && Date.now() - this.#lastHeard > patience) this.#drop(this.#socket);
  }

  #drop(silent) {
    silent.close();
    this.#lost(silent, 1006); // a dead network does not answer the closing either
  }
}
