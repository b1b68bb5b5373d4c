/**
 * Captions by consent: one asks, the other agrees, both see that it is on, and one press of either ends it.
 *
 * Each browser writes down what its own person says, on the device: where it would send the sound to its maker it is not
 * used. What it understood goes to the server as text. Where an operator named a server that writes down, or this service
 * does it itself, a browser that cannot do it hands the sound on to that. Whoever's browser can do neither still sees the
 * other's words.
 */
import { canRecord, Ear } from "./ear.js";

const SHOWN = 3; // lines
const FADE = 9_000; // milliseconds after the last word
const AGAIN = 400;
const FOR_GOOD = ["not-allowed", "service-not-allowed", "language-not-supported"];

export class Captions {
  #state = "off";
  #by = "";
  #way = ""; // "device", "server", or neither
  #there = "";
  #mic = false;
  #hearing;
  #again;
  #fading;

  /** at(id): an element of the room. track(): the microphone's, or null. along: who is here besides the other one. */
  constructor({ at, told, boot, line, track, along }) {
    Object.assign(this, { at, told, boot, line, track, along });
    this.button = at("captions");
    this.strip = at("said");
    this.rows = this.strip.querySelector("div");
    this.button.addEventListener("click", () => this.#press());
    line.on("captions", (message) => this.#hear(message));
    line.on("said", ({ person, text }) => this.#show(person, text));
    line.on("down", () => this.#listen());
    canListen().then((able) => {
      this.#way = able ? "device" : (boot.hears || boot.hearsHere) && canRecord() ? "server" : "";
      this.#draw();
      this.#listen();
    });
  }

  /** mic: whether the person means to be heard. there: where the other one is, as in presence.js. */
  follow({ mic = this.#mic, there = this.#there }) {
    this.#mic = mic;
    this.#there = there;
    this.#draw();
    this.#listen();
  }

  stop() {
    this.#state = "off";
    this.#listen();
    this.strip.hidden = true;
    this.told.clear("captions");
    this.told.clear("captions-said");
  }

  #press() {
    if (this.#state === "off") this.#say("ask");
    else if (this.#state === "asked" && this.#by !== this.boot.me.id) this.#say("yes");
    else this.#say("off");
  }

  #say(answer) {
    if (!this.line.say({ t: "captions", answer })) this.#tell("The line to our server is interrupted. Press again in a moment.");
  }

  #who(person) {
    return person === this.boot.other.id || !person ? this.boot.other.first : this.along.first(person) ?? "Somebody";
  }

  #hear({ state, by, agreed = [] }) {
    const [first, theirs] = [this.#who(by), by && by !== this.boot.me.id];
    if (state === "erased") return this.#tell(theirs ? `${first} deleted what was written down.` : "What was written down is deleted, for both of you.");
    if (state === "unheard") return this.#tell(`${this.boot.hearsHere ? "This service cannot write just now." : `${this.boot.hears} does not answer.`} What you say is not written down at the moment.`);
    if (state === "stuck") return this.#tell("That could not be deleted just now. Press again in a moment.");
    const before = this.#state;
    this.#state = state;
    this.#by = by;
    this.told.clear("captions");
    if (state !== "off") this.told.clear("captions-said");
    if (state === "asked") this.#tellAsked(agreed.includes(this.boot.me.id));
    if (state === "on") this.#tellOn();
    if (state === "off") {
      this.rows.replaceChildren();
      if (before === "on" && !by) this.#tell("The captions ended with the interruption. Ask once more if both of you want them.");
      if (theirs) this.#tell(before === "on" ? `${first} ended the captions. Nothing is written down any more.` : `${first} would rather have no captions.`);
    }
    this.#draw();
    this.#listen();
  }

  /** agreed: whether one has said yes oneself, and others have not yet. */
  #tellAsked(agreed) {
    const first = this.#who(this.#by);
    const until = `Nothing is written down until ${this.along.size ? "everybody here" : this.boot.other.first} agrees.`;
    if (this.#by !== this.boot.me.id && agreed) {
      this.told.tell("captions", { kind: "time", title: `${first} asks for captions.`, told: `You agreed. ${until}`, buttons: [["No, after all", () => this.#say("off")]] });
      return;
    }
    if (this.#by === this.boot.me.id) {
      this.told.tell("captions", { kind: "time", title: "You ask for captions.", told: `${until}${this.#away()}`, buttons: [["Take it back", () => this.#say("off")]] });
      return;
    }
    this.told.tell("captions", {
      kind: "time",
      title: `${first} asks for captions.`,
      told: this.#whatBecomesOfIt(),
      buttons: [["Yes, write it down", () => this.#say("yes")], ["No", () => this.#say("off")]],
    });
  }

  #whatBecomesOfIt() {
    const away = this.#away();
    if (this.boot.along) return `What you say is shown to everybody here and is not kept.${away} What the two of the session say helps to fill their card.`;
    if (this.along.size) return `What you all say is shown to everybody here.${away} What you two say is kept to fill the card, and is deleted once you both confirm that, or whenever one of you wants; what others say is not kept.`;
    return `What you both say is written down${this.boot.hears || this.boot.hearsHere ? "" : " by your own browsers"}, for you two alone.${away} It helps to fill the card, and is deleted once you both confirm that, or whenever one of you wants.`;
  }

  #tellOn() {
    const many = this.along.size > 0;
    const { first } = this.boot.other;
    const others = many ? "the others say" : `${first} says`;
    const told = {
      device: `${many ? "Everybody here sees it" : `${first} and you see it`}, nobody else.${this.#away()}`,
      server: `${many ? "Everybody here sees it" : `${first} and you see it`}. What you say is sent ${this.boot.hearsHere ? "to this service as sound, which writes it down itself," : `to ${this.boot.hears} as sound,`} for as long as this is on.`,
    }[this.#way] ?? `Your browser cannot do it on this device, so only what ${others} is written down.${this.#away()}`;
    const erase = this.boot.along ? [] : [["Stop and delete it", () => this.#say("erase")]];
    this.told.tell("captions", { kind: "time", title: "What is said is written down.", told, buttons: [["Stop", () => this.#say("off")], ...erase, ["All right", () => this.told.clear("captions")]] });
  }

  /** Where sound goes, for both to know before they agree: a microphone may hear the other one as well. */
  #away() {
    const { hears, hearsHere } = this.boot;
    if (!hears && !hearsHere) return "";
    const mine = this.#way === "server" ? " Yours does that." : "";
    if (hearsHere) return ` Where a browser cannot do it on the device, it sends the sound to this service, which writes it down itself, on its own machine, in English alone.${mine} No sound goes to anybody else, and none is kept.`;
    return ` Where a browser cannot do it on the device, it sends the sound through our server to ${hears}, which writes it down.${mine} We keep no sound.`;
  }

  #tell(told) {
    this.told.tell("captions-said", { kind: "time", told, buttons: [["All right", () => this.told.clear("captions-said")]] });
  }

  #draw() {
    this.button.hidden = this.#state === "off" && !(this.#way && this.#there === "room");
    this.button.setAttribute("aria-pressed", String(this.#state === "on"));
    this.strip.hidden = this.#state !== "on";
  }

  #show(person, text) {
    if (this.#state !== "on") return;
    const row = document.createElement("p");
    const who = document.createElement("strong");
    who.textContent = person === this.boot.me.id ? "You" : this.#who(person);
    row.append(who, " ", text);
    row.dir = "auto";
    this.rows.append(row);
    while (this.rows.children.length > SHOWN) this.rows.firstElementChild.remove();
    clearTimeout(this.#fading);
    this.#fading = setTimeout(() => this.rows.replaceChildren(), FADE);
  }

  // --- listening to one's own microphone -----------------------------------------------------------

  #listen() {
    const track = this.track();
    const wanted = this.#way && this.#state === "on" && this.#mic && track && this.line.isUp;
    if (wanted && !this.#hearing) this.#way === "device" ? this.#begin(track) : this.#handOn(track);
    // Another microphone was chosen: the sound of the one before ended with it.
    else if (this.#hearing && (!wanted || this.#ears(track))) this.#end(wanted && track);
  }

  #ears(track) {
    return this.#hearing instanceof Ear && this.#hearing.track !== track;
  }

  #handOn(track) {
    this.#hearing = new Ear(track, (frame) => this.line.say(frame));
  }

  async #begin(track) {
    const hearing = new (recognition())();
    Object.assign(hearing, { continuous: true, interimResults: false, lang: navigator.language, processLocally: true });
    hearing.onresult = ({ resultIndex, results }) => {
      if (hearing !== this.#hearing) return;
      for (const each of [...results].slice(resultIndex)) {
        const text = each[0].transcript.trim();
        if (each.isFinal && text) this.line.say({ t: "said", key: crypto.randomUUID(), text });
      }
    };
    hearing.onerror = ({ error }) => {
      if (hearing !== this.#hearing || !FOR_GOOD.includes(error)) return;
      this.#way = "";
      this.#tellOn();
    };
    hearing.onend = () => {
      if (hearing !== this.#hearing) return;
      this.#hearing = undefined; // a browser ends after a silence: it is asked again
      clearTimeout(this.#again);
      this.#again = setTimeout(() => this.#listen(), AGAIN);
    };
    this.#hearing = hearing;
    try {
      await hasLanguage();
      if (hearing === this.#hearing) hearing.start(track);
    } catch {
      if (hearing !== this.#hearing) return;
      this.#hearing = undefined;
      this.#way = "";
      this.#tellOn();
    }
  }

  /** other: the microphone to listen to instead, if any. */
  #end(other) {
    clearTimeout(this.#again);
    const hearing = this.#hearing;
    this.#hearing = undefined;
    if (hearing instanceof Ear) hearing.stop();
    else hearing.abort();
    if (other) this.#handOn(other);
  }
}

const recognition = () => globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;

const here = () => ({ langs: [navigator.language], processLocally: true });

/** Whether this browser understands speech on the device itself, in its own language. Others would send the sound away. */
async function canListen() {
  try {
    return ["available", "downloadable", "downloading"].includes(await recognition()?.available?.(here()));
  } catch {
    return false;
  }
}

/** Has the browser fetch what it needs to understand this language on the device. Throws where it cannot. */
async function hasLanguage() {
  if ((await recognition().available(here())) === "available") return;
  if (!(await recognition().install(here()))) throw new Error("The language is not to be had.");
}
