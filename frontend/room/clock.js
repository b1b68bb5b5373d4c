/** The server's clock, measured over the socket: of several questions the quickest answer tells most. */

const KEPT = 8;

export class ServerClock {
  #offset;
  #answers = [];

  /** told: the server's present when the page was made, in milliseconds since 1970. */
  constructor(told, { present = () => Date.now() } = {}) {
    this.present = present;
    this.#offset = told - present();
  }

  /** Milliseconds since 1970 on the server. */
  now() {
    return this.present() + this.#offset;
  }

  /** An answer to a question of `asked` (our clock): the server's present lies in the middle of the way there and back. */
  learn(asked, server) {
    const heard = this.present();
    this.#answers.push({ took: heard - asked, offset: server - (asked + heard) / 2 });
    if (this.#answers.length > KEPT) this.#answers.shift();
    this.#offset = this.#answers.reduce((best, each) => (each.took < best.took ? each : best)).offset;
  }

  /** How long the quickest question took there and back, in milliseconds; undefined before the first answer. */
  get way() {
    return this.#answers.length ? Math.min(...this.#answers.map(({ took }) => took)) : undefined;
  }

  /** Old answers say nothing after a sleep or a change of the device's clock. */
  forget() {
    this.#answers = [];
  }
}

/** 4:10, 1:02:05. Seconds, not below 0. */
export function figures(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  const two = (figure) => String(figure).padStart(2, "0");
  const hours = Math.floor(left / 3600);
  const minutes = Math.floor((left % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${minutes}:${two(left % 60)}`;
}

/** 10:40 in the person's own zone. */
export function timeOfDay(moment, zone) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(moment);
}
