/** Ten more minutes, by consent: offered in the last three, taken when the other agrees; the server decides. */
import { timeOfDay } from "./clock.js";

const OFFERED_WITHIN = 3 * 60_000;
const MINUTE = 60_000;

export class Longer {
  #there = "";
  #declined = 0; // the end at which nobody wants to be asked any more
  #offered = ""; // who has offered

  /** told: notes of the room. timer: whose hours move with the session. */
  constructor({ told, boot, clock, line, timer }) {
    Object.assign(this, { told, boot, clock, line, timer });
    line.on("longer", (message) => this.#hear(message));
    line.on("welcome", ({ longer, cue }) => {
      timer.move({ cue });
      this.#hear({ state: longer ? "offered" : "", by: longer });
    });
    this.running = setInterval(() => this.#look(), 1_000);
  }

  stop() {
    clearInterval(this.running);
    for (const matter of ["longer", "longer-said"]) this.told.clear(matter);
  }

  presence({ place }) {
    this.#there = place;
    this.#look();
  }

  get #end() {
    return this.timer.hours.ends;
  }

  /** Whether it is the time for it. */
  get #open() {
    const now = this.clock.now();
    return now >= this.#end - OFFERED_WITHIN && now < this.#end;
  }

  #look() {
    if (!this.#open) {
      this.#offered = "";
      return this.told.clear("longer");
    }
    if (this.#offered) return this.#tellOffer();
    if (this.#there !== "room" || this.#declined === this.#end) return this.told.clear("longer");
    const { first } = this.boot.other;
    const { more } = this.boot;
    this.told.tell("longer", {
      kind: "time",
      title: `${more} more minutes?`,
      told: `If both of you have them. ${first} is asked, and nothing changes without a yes.`,
      buttons: [[`Offer ${more} more minutes`, () => this.#say("offer")], ["We end in time", () => this.#decline()]],
    });
  }

  #tellOffer() {
    const { first } = this.boot.other;
    const { more } = this.boot;
    if (this.#offered === this.boot.me.id) {
      this.told.tell("longer", { kind: "time", title: `You offer ${more} more minutes.`, told: `${first} decides.`, buttons: [["Take it back", () => this.#say("no")]] });
      return;
    }
    const until = timeOfDay(this.#end + more * MINUTE, this.boot.zone);
    this.told.tell("longer", {
      kind: "time",
      title: `${first} offers ${more} more minutes.`,
      told: `Until ${until}, if you have them too.`,
      buttons: [[`Yes, until ${until}`, () => this.#say("yes")], [`No, we end at ${timeOfDay(this.#end, this.boot.zone)}`, () => this.#say("no")]],
    });
  }

  #decline() {
    this.#declined = this.#end;
    this.told.clear("longer");
  }

  #say(answer) {
    if (!this.line.say({ t: "longer", answer })) this.#tell("The line to our server is interrupted. Press again in a moment.");
  }

  #hear({ state, by, told, ends }) {
    this.told.clear("longer");
    this.#offered = state === "offered" ? by : "";
    if (state === "offered") this.told.clear("longer-said");
    if (state === "taken") {
      this.timer.move({ ends });
      this.#tell(`You have until ${timeOfDay(ends, this.boot.zone)}. Your calendars follow.`, "More time.");
    }
    if (state === "refused") {
      this.#declined = this.#end;
      this.#tell(told, "No more time.");
    }
    if (state === "declined") {
      this.#declined = this.#end;
      if (by !== this.boot.me.id) this.#tell(`${this.boot.other.first} ends in time.`);
    }
    this.#look();
  }

  #tell(told, title = "") {
    this.told.tell("longer-said", { kind: "time", title, told, buttons: [["All right", () => this.told.clear("longer-said")]] });
  }
}
