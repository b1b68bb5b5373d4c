/** The lobby: devices, who is there, and one way in. */
import { blur, bothFailed, canBlur, keep, list, meter, speakersCanBeChosen, tone, trouble } from "./devices.js";
import { sayWhich } from "./forward.js";
import { otherSide, words } from "./presence.js";
import { reach } from "./reach.js";
import { Timer } from "./timer.js";
import { Told } from "./told.js";

const MODE_WORDS = {
  video: (name) => `${name} sees and hears you.`,
  audio: (name) => `${name} hears you. No picture is sent either way, which helps on a slow line.`,
  chat: (name) => `You and ${name} write. No camera or microphone is used.`,
};
const ALONG_WORDS = {
  video: "Everybody in the room sees and hears you.",
  audio: "Everybody in the room hears you. No picture is sent either way, which helps on a slow line.",
  chat: "You write with everybody in the room. No camera or microphone is used.",
};
const HEARD = 0.25;

export class Lobby {
  #stopMeter;
  #heard = false;

  constructor({ root, boot, line, clock, media, enter }) {
    Object.assign(this, { root, boot, line, clock, media, enter });
    this.chosen = media.chosen;
    this.at = (id) => root.querySelector(`#${id}`);
    this.told = new Told(root);
    this.timer = new Timer({ root, clock, hours: { ...boot, zone: boot.zone }, boxes: boot.boxes });
    this.#controls();
    line.on("presence", ({ people }) => this.#presence(people));
    line.on("way", ({ way }) => sayWhich(root, way));
    line.on("welcome", ({ ice, relay, way }) => {
      sayWhich(root, way);
      this.ways = [ice, relay];
      this.#network();
    });
    line.on("times", (hours) => this.timer.move(hours));
    media.onChange((kind) => this.#device(kind));
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.#lists());
    this.#mode();
  }

  leave() {
    this.timer.stop();
    this.#stopMeter?.();
    this.left = true;
  }

  #controls() {
    for (const radio of this.root.querySelectorAll('#mode [name="mode"]')) {
      radio.checked = radio.value === this.chosen.mode;
      radio.addEventListener("change", () => {
        this.chosen.mode = radio.value;
        this.#mode();
      });
    }
    this.at("blur").addEventListener("change", ({ target }) => {
      this.chosen.blur = target.checked;
      keep(this.chosen);
      blur(this.media.tracks.video, target.checked);
    });
    this.at("mic").addEventListener("click", () => this.#toggle("mic"));
    this.at("camera").addEventListener("click", () => this.#toggle("camera"));
    this.at("sound").addEventListener("click", () => tone(this.chosen.speakerId));
    this.at("speakers").addEventListener("change", ({ target }) => {
      this.chosen.speakerId = target.value;
      keep(this.chosen);
      tone(target.value);
    });
    for (const [id, key, kind] of [["mics", "micId", "audio"], ["cameras", "cameraId", "video"]]) {
      this.at(id).addEventListener("change", ({ target }) => {
        this.chosen[key] = target.value;
        keep(this.chosen);
        this.media.change(kind);
      });
    }
    this.at("enter").addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      keep(this.chosen);
      this.enter();
    });
  }

  #toggle(name) {
    this.chosen[name] = !this.chosen[name];
    keep(this.chosen);
    this.#mode();
  }

  /** Everything follows from the mode and the two switches. */
  #mode() {
    const { mode, mic, camera } = this.chosen;
    this.at("mode-words").textContent = this.boot.along ? ALONG_WORDS[mode] : MODE_WORDS[mode](this.boot.other.first);
    this.at("devices").hidden = mode === "chat";
    this.at("camera-field").hidden = mode !== "video";
    this.#press("mic", mode !== "chat", mic);
    this.#press("camera", mode === "video", camera);
    keep(this.chosen);
    this.#network();
    this.media.want({ audio: mode !== "chat" && mic, video: mode === "video" && camera });
  }

  /** Once, as soon as it is known how a call would be made; whoever writes needs no way. */
  async #network() {
    if (!this.ways || this.chosen.mode === "chat" || this.looked) return;
    this.looked = true;
    const told = await reach(...this.ways);
    if (!this.left) this.at("network").textContent = told;
  }

  #press(id, useful, on) {
    const button = this.at(id);
    button.hidden = !useful;
    button.setAttribute("aria-pressed", String(on));
  }

  #device(kind) {
    if (this.left) return;
    if (kind === "video") this.#preview();
    else this.#level();
    this.#trouble();
    this.#lists();
  }

  #preview() {
    const video = this.at("preview");
    const track = this.media.tracks.video;
    video.srcObject = track ? new MediaStream([track]) : null;
    video.hidden = !track;
    this.at("blur").checked = this.chosen.blur;
    this.at("blur-field").hidden = !canBlur(track);
    this.at("preview-words").textContent = this.#pictureWords();
  }

  #pictureWords() {
    const { mode, camera } = this.chosen;
    if (this.boot.elsewhere) return "You meet elsewhere, so nobody sees you here.";
    if (mode === "chat") return "You write, so nobody sees you.";
    if (mode === "audio") return "You come by sound only.";
    if (!camera) return "Your camera is off.";
    return this.media.errors.video ? "There is no picture of you." : "The camera is starting.";
  }

  #level() {
    this.#stopMeter?.();
    this.#stopMeter = undefined;
    const bar = this.at("level");
    const show = (part) => bar.style.setProperty("--part", `${Math.round(part * 100)}%`);
    show(0);
    this.#heard = false;
    const hears = this.media.errors.audio ? "Your microphone does not hear you." : "Say something to see whether it hears you.";
    this.at("level-words").textContent = this.chosen.mic ? hears : "Your microphone is off.";
    const track = this.media.tracks.audio;
    if (!track) return;
    this.#stopMeter = meter(track, (part) => {
      show(part);
      if (part > HEARD && !this.#heard) {
        this.#heard = true;
        this.at("level-words").textContent = "Your microphone hears you.";
      }
    });
  }

  #trouble() {
    const { errors } = this.media;
    const both = bothFailed(errors);
    for (const kind of ["audio", "video"]) {
      if (both || !errors[kind]) this.told.clear(kind);
      else this.#tell(kind, trouble(kind, errors[kind]), kind === "video" ? "audio" : "chat");
    }
    if (both) this.#tell("both", both, "chat");
    else this.told.clear("both");
  }

  #tell(matter, { title, told, blocked }, mode) {
    this.told.tell(matter, {
      kind: "differ",
      title,
      told,
      picture: blocked ? document.querySelector("#lock-picture").content.firstElementChild.cloneNode(true) : undefined,
      buttons: [
        ["Try again", () => this.media.again()],
        [mode === "audio" ? "Go on by sound only" : "Go on in writing", () => this.root.querySelector(`[name="mode"][value="${mode}"]`).click()],
      ],
    });
  }

  async #lists() {
    const all = await list();
    if (this.left) return;
    for (const [id, kind, key] of [["mics", "audio", "micId"], ["cameras", "video", "cameraId"], ["speakers", "sound", "speakerId"]]) {
      const named = all.filter((each) => each.kind === kind && each.id && each.id !== "default" && each.label);
      const options = [["", "The usual one"], ...named.map((each) => [each.id, each.label])];
      this.at(id).replaceChildren(...options.map(([value, label]) => new Option(label, value, false, value === this.chosen[key])));
    }
    this.at("speaker-field").hidden = !speakersCanBeChosen() || this.at("speakers").length < 2;
  }

  #presence(people) {
    const told = words(this.boot.other.first, otherSide(people, this.boot.other.id));
    const line = this.at("presence");
    if (line.textContent !== told) line.textContent = told;
  }
}
