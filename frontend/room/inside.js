/** Inside the room: the call, who is there, notes, chat and time. */
import { Along } from "./along.js";
import { bound, follow } from "./bitrate.js";
import { Captions } from "./captions.js";
import { Chat } from "./chat.js";
import { timeOfDay } from "./clock.js";
import { bothFailed, hearBy, keep, trouble } from "./devices.js";
import { Float } from "./float.js";
import { Forward } from "./forward.js";
import { letters } from "./letters.js";
import { Notes } from "./notes.js";
import { ownScreen } from "./screen.js";
import { otherSide, whatHelps, withheld, words } from "./presence.js";
import { judge, read, WORDS } from "./quality.js";
import { levelOf, speaks } from "./speaking.js";
import { Timer } from "./timer.js";
import { Told } from "./told.js";

const GONE_AFTER = 2_500; // milliseconds: a reload is no leaving
const STARTS_WITHIN = 1_500; // devices take a moment: whoever has just come is not called muted yet
const HELD_FOR = 60_000; // whoever only lost the line to our server is still on this call
const [COUNT_EVERY, LISTEN_EVERY] = [3_000, 150];
const [WEAK_FOR, DOWN_FOR] = [3, 1_500]; // readings in a row; milliseconds

export class Inside {
  #their = { place: "" };
  #mine;
  #tab = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  #screen = null;
  #call;
  #seen = false;
  #weak = 0;
  #line = { step: 0, good: 0 };
  #spoke = {};
  #back = false;
  #people = [];
  #before;
  #cameAt = 0;
  #timers = {};

  constructor({ root, boot, line, clock, media }) {
    Object.assign(this, { root, boot, line, clock, media });
    this.chosen = media.chosen;
    this.at = (id) => root.querySelector(`#${id}`);
    this.told = new Told(root);
    this.timer = new Timer({ root, clock, hours: { ...boot }, boxes: boot.boxes });
    this.chat = new Chat({ root, line, me: boot.me, other: boot.other, zone: boot.zone });
    this.notes = new Notes({ area: this.at("notes"), state: this.at("notes-state"), other: boot.other.first, clock, line, storage: `quarterhour-notes-${boot.session}` });
    this.forward = new Forward({ root, line, told: this.told, heard: (...said) => this.along.hear(...said) || this.#call?.hear(...said.slice(1)), turned: () => this.#turned() });
    this.along = new Along({ root, boot, line, told: this.told, chosen: this.chosen, forward: this.forward, sized: () => this.#sized() });
    this.captions = new Captions({ at: this.at, told: this.told, boot, line, track: () => media.tracks.audio, along: this.along });
    this.#controls();
    line.on("welcome", (welcome) => this.#welcome(welcome));
    line.on("down", () => this.#down());
    line.on("presence", ({ people, left }) => this.#presence(people, left));
    line.on("signal", ({ from, data }) => this.along.hear(from, data) || this.#call?.hear(data));
    line.on("times", (hours) => this.timer.move(hours));
    media.onChange(() => this.#device());
    setInterval(() => this.#count(), COUNT_EVERY);
    setInterval(() => this.#watchSpeaking(), LISTEN_EVERY);
  }

  /** The first welcome may have been heard in the lobby already. */
  begin(welcome) {
    const { mode, mic, camera } = this.chosen;
    this.media.want({ audio: mode !== "chat" && (mic || Boolean(this.media.tracks.audio)), video: mode === "video" && camera });
    this.#showMine();
    if (mode === "chat" && !this.boot.elsewhere) this.root.querySelector('[name="tab"][value="chat"]')?.click(); // what somebody came to do
    this.#send(); // devices of the lobby: whoever comes along gets them, whether or not the other one is here
    if (welcome && this.line.isUp) this.#welcome(welcome);
  }

  /** Leaves for good; the page goes on to wherever the press leads. */
  goOut() {
    this.end();
    this.line.leave();
  }

  /** running: the clock goes on, since the session does, in another tab or on another device. */
  end({ running = false } = {}) {
    if (!running) this.timer.stop();
    this.notes.stop();
    this.captions.stop();
    this.#call?.stop();
    this.along.stop();
    this.forward.stop();
    this.#screen?.stop();
    this.media.stop();
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
  }

  // --- the line ----------------------------------------------------------------------------------

  #welcome(welcome) {
    clearTimeout(this.#timers.down);
    this.told.clear("line");
    this.#mine = welcome.connection;
    this.relay = welcome.relay;
    this.ice = this.along.ice = welcome.ice;
    this.#people = []; // as they were before a loss: nobody is rung up until we hear who is here
    this.line.say({ t: "enter", mode: this.chosen.mode, tab: this.#tab });
    this.forward.turn(welcome.way);
    this.#state();
    this.notes.begin();
    this.chat.begin(welcome.chat);
    this.timer.move({ starts: welcome.starts, ends: welcome.ends, closes: welcome.closes });
    this.#back = true;
  }

  #down() {
    this.#timers.down = setTimeout(() => {
      const told = "What you type is kept on this device and sent when you are back. Picture and sound may go on meanwhile.";
      this.told.tell("line", { kind: "time", title: navigator.onLine ? "The line to our server is interrupted." : "You are offline.", told });
    }, DOWN_FOR);
  }

  #state() {
    const camera = Boolean(this.media.tracks.video) && this.chosen.camera;
    const mic = this.chosen.mic && Boolean(this.media.tracks.audio);
    this.line.say({ t: "state", mode: this.chosen.mode, mic, camera, screen: Boolean(this.#screen) });
    this.captions.follow({ mic: mic && this.chosen.mode !== "chat" });
  }

  // --- the other side ----------------------------------------------------------------------------

  #presence(people, left) {
    if (!people.some(({ connection, place }) => connection === this.#mine && place === "room")) return;
    this.#people = people;
    const there = otherSide(people, this.boot.other.id);
    const before = this.#their;
    if (this.chosen.mode !== "chat") this.forward.inside({ servers: this.ice, back: this.#back, people });
    this.#their = there;
    const gone = left === this.boot.other.id && there.place !== "room";
    this.along.presence(people, left, this.#back);
    this.captions.follow({ there: this.along.size ? "room" : there.place });
    this.#tellPresence(there, before, gone);
    const talks = there.place === "room" && there.mode !== "chat" && this.chosen.mode !== "chat" && this.forward.way !== "none";
    if (!talks) {
      this.at("quality").textContent = "";
      this.told.clear("call"); // whoever is away is no connection to be mended
      if (there.place === "room" || gone) this.#hangUp();
      else this.#timers.hangUp ??= setTimeout(() => this.#hangUp(), HELD_FOR);
    } else {
      clearTimeout(this.#timers.hangUp);
      delete this.#timers.hangUp;
      if (!this.#call || there.tab !== this.withTab) this.#ring(there.tab);
      else if (this.#back || there.connection !== this.withConnection) this.#call.lineIsBack();
      this.withConnection = there.connection; // as it was in the room: whoever comes back is in the lobby first
      this.#send();
    }
    this.#back = false;
    this.#showTheirs();
  }

  #tellPresence(there, before, gone) {
    clearTimeout(this.#timers.gone);
    clearTimeout(this.#timers.withheld);
    const tell = (known = there) => {
      const told = words(this.boot.other.first, known, this.#seen ? timeOfDay(this.timer.hours.closes, this.boot.zone) : "");
      const line = this.at("presence");
      if (line.textContent !== told) line.textContent = told;
      const { muted, unseen } = withheld(known);
      this.at("their-mic").hidden = !muted;
      this.at("their-camera").hidden = !unseen;
    };
    if (there.place === "room") {
      this.#seen = true;
      if (before.connection !== there.connection) this.#cameAt = Date.now();
      const wait = this.#cameAt + STARTS_WITHIN - Date.now();
      tell(wait > 0 ? { ...there, mic: true, camera: true } : there);
      if (wait > 0) this.#timers.withheld = setTimeout(() => tell(), wait);
    } else if (gone) tell();
    else this.#timers.gone = setTimeout(() => tell(), this.#seen ? GONE_AFTER : 0);
  }

  // --- the call ----------------------------------------------------------------------------------

  #ring(tab) {
    this.withTab = tab;
    this.#call?.stop();
    this.#call = this.forward.call({
      servers: this.ice,
      polite: this.boot.polite,
      to: () => this.#their.connection,
      tell: (state, detail) => this.#heardOfCall(state, detail),
      show: (stream) => this.#play(stream),
    });
    this.#send();
    this.#call.dial();
  }

  /** Picture and sound take another way from now on, and everybody dials anew. */
  #turned() {
    this.#hangUp();
    this.along.hangUp();
    if (this.#people.length) this.#presence(this.#people, "");
  }

  #hangUp() {
    this.#call?.stop();
    this.#call = this.#before = undefined;
    this.told.clear("call");
    this.at("quality").textContent = "";
    this.at("their-sound").srcObject = this.at("their-picture").srcObject = null;
    this.#showTheirs();
  }

  #send() {
    const { tracks } = this.media;
    if (tracks.audio) tracks.audio.enabled = this.chosen.mic;
    // No picture for somebody who comes by sound only; a shared screen is another matter.
    const picture = this.#screen ?? (this.#their.mode === "video" ? tracks.video : null);
    this.#call?.send("audio", tracks.audio);
    this.#call?.send("video", picture);
    for (const others of [this.along, this.forward]) others.send({ ...tracks, screen: this.#screen });
  }

  #heardOfCall(state, detail) {
    const name = this.boot.other.first;
    if (detail?.errorCode === 401) this.relayRefused = true;
    // They are away: what is to be said about that, the words about who is here say.
    if (this.#their.place !== "room" && (state === "interrupted" || state === "stuck")) return;
    if (state === "connecting") this.at("quality").textContent = "connecting";
    if (state === "connected") {
      this.told.clear("call");
      this.#before = undefined;
      this.at("quality").textContent = "connected";
      this.line.say({ t: "media", connected: true });
      this.#bound();
    }
    if (state === "interrupted") {
      this.line.doubt(); // what took the picture may have taken the line as well
      this.at("quality").textContent = "interrupted";
      this.told.tell("call", { kind: "time", title: `The connection to ${name} is interrupted.`, told: "We are finding a new way." });
    }
    if (state === "stuck") {
      this.told.tell("call", { kind: "differ", title: `You and ${name} do not find each other.`, told: whatHelps(this), buttons: [["Try again", () => this.#call?.again()]] });
      this.line.say({ t: "media", connected: false });
    }
  }

  #play(stream) {
    const [sound, picture] = [this.at("their-sound"), this.at("their-picture")];
    sound.srcObject = picture.srcObject = stream;
    hearBy(sound, this.chosen.speakerId);
    picture.play().catch(() => {});
    sound.play().then(
      () => this.told.clear("sound"),
      (error) => {
        if (error.name !== "NotAllowedError") return;
        this.told.tell("sound", { kind: "time", title: "The browser keeps the sound off.", told: "It waits for a press of yours.", buttons: [["Turn on the sound", () => this.#play(stream)]] });
      },
    );
    this.#showTheirs();
  }

  async #count() {
    this.along.count();
    const pc = this.#call?.connection;
    if (pc?.connectionState !== "connected" || this.#their.place !== "room") return;
    const now = read(await pc.getStats());
    if (this.#before) {
      const verdict = judge(this.#before, now);
      this.#weak = verdict === "weak" ? this.#weak + 1 : 0;
      if (verdict === "good") this.told.clear("weak");
      const { step } = this.#line;
      this.#line = follow(this.#line, verdict);
      if (step !== this.#line.step) this.#bound();
      const told = WORDS[verdict] + (now.relayed ? ", by our relay" : "");
      if (this.at("quality").textContent !== told) this.at("quality").textContent = told;
      if (this.#weak === WEAK_FOR && this.chosen.mode === "video") {
        this.told.tell("weak", { kind: "time", title: "The connection is weak.", told: "Without pictures the sound gets through better.", buttons: [["Sound only", () => this.at("sound-only").click()], ["Leave it", () => this.told.clear("weak")]] });
      }
    }
    this.#before = now;
  }

  #bound() {
    if (this.#call?.connection) bound(this.#call.connection, this.#line.step, { screen: Boolean(this.#screen), peers: 1 + this.along.size });
  }

  /** Somebody else came in, or left. */
  #sized() {
    this.notes.other = this.along.size ? "Somebody" : this.boot.other.first;
    this.#bound();
  }

  #watchSpeaking() {
    const heard = this.#their.place === "room" ? levelOf(this.#call?.connection) : 0;
    this.at("theirs").toggleAttribute("data-speaks", speaks(this.#spoke, heard, performance.now()));
    this.along.listen();
  }

  // --- what is seen ------------------------------------------------------------------------------

  #showTheirs() {
    const { place, camera, screen } = this.#their;
    const picture = this.at("their-picture");
    const shown = Boolean(picture.srcObject) && place === "room" && (screen || (camera && this.chosen.mode === "video"));
    picture.hidden = !shown;
    picture.toggleAttribute("data-whole", Boolean(screen));
    this.float.follow(shown);
    this.along.show();
  }

  #showMine() {
    const preview = this.at("preview");
    const track = this.#screen ?? this.media.tracks.video;
    if (preview.srcObject?.getTracks()[0] !== (track ?? undefined)) preview.srcObject = track ? new MediaStream([track]) : null;
    preview.hidden = !track;
    preview.toggleAttribute("data-mirror", !this.#screen);
    preview.toggleAttribute("data-whole", Boolean(this.#screen));
    const { mode, mic, camera } = this.chosen;
    const writes = mode === "chat";
    this.at("my-mic").hidden = writes || (mic && Boolean(this.media.tracks.audio));
    this.#press("mute", !writes, !mic);
    this.#press("hide", mode === "video", !camera);
    this.#press("share", !writes && Boolean(navigator.mediaDevices?.getDisplayMedia), Boolean(this.#screen));
    this.#press("sound-only", !writes, mode === "audio");
  }

  #press(id, useful, on) {
    const button = this.at(id);
    button.hidden = !useful;
    button.setAttribute("aria-pressed", String(on));
  }

  #changed() {
    this.#showMine();
    this.#send();
    this.#state();
  }

  #device() {
    this.#changed();
    const { errors } = this.media;
    const both = bothFailed(errors);
    for (const each of ["audio", "video"]) {
      if (both || !errors[each]) this.told.clear(each);
      else this.#tellTrouble(each, trouble(each, errors[each]));
    }
    if (both) this.#tellTrouble("both", both);
    else this.told.clear("both");
  }

  #tellTrouble(matter, { title, told }) {
    this.told.tell(matter, { kind: "differ", title, told, buttons: [["Try again", () => this.media.again()], ["Leave it", () => this.told.clear(matter)]] });
  }

  // --- controls ----------------------------------------------------------------------------------

  #controls() {
    for (const [id, name] of [["mute", "mic"], ["hide", "camera"]]) this.at(id).addEventListener("click", () => this.#switch(name));
    this.at("sound-only").addEventListener("click", () => this.#soundOnly());
    this.at("share").addEventListener("click", () => this.#share());
    this.float = new Float(this.at("float"), this.at("their-picture"));
    this.at("leave-now").addEventListener("click", (event) => {
      if (!(event.ctrlKey || event.metaKey || event.shiftKey)) this.goOut();
    });
    letters(this.at, this.chosen.keys !== false, (keys) => this.#keep({ keys }));
  }

  #keep(change) {
    Object.assign(this.chosen, change);
    keep(this.chosen);
  }

  #switch(name) {
    this.#keep({ [name]: !this.chosen[name] });
    const { mode, mic, camera } = this.chosen;
    // A muted microphone stays open, so that the first word after it is heard; a hidden camera is let go.
    this.media.want({ audio: mode !== "chat" && (mic || Boolean(this.media.tracks.audio)), video: mode === "video" && camera });
    this.#changed();
  }

  #soundOnly() {
    this.#keep({ mode: this.chosen.mode === "audio" ? "video" : "audio" });
    this.told.clear("weak");
    this.media.want({ video: this.chosen.mode === "video" && this.chosen.camera });
    this.#changed();
    this.#showTheirs();
  }

  async #share() {
    if (this.#screen) return this.#stopSharing();
    this.#screen = await ownScreen(this.told, () => this.#stopSharing());
    if (this.#screen) this.#shared();
  }

  #stopSharing() {
    this.#screen?.stop();
    this.#screen = null;
    this.#shared();
  }

  #shared() {
    this.#changed();
    this.#bound();
  }
}
