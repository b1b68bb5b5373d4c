/** The two tracks a person sends, from asking the browser to letting the devices go. */
import { blur, track } from "./devices.js";

const KINDS = ["audio", "video"];

export class Media {
  tracks = { audio: null, video: null };
  errors = { audio: null, video: null };
  #wanted = { audio: false, video: false };
  #round = { audio: 0, video: 0 };
  #changed = [];

  /** chosen: the choices of `devices.choices`; read anew at each start. */
  constructor(chosen) {
    this.chosen = chosen;
  }

  onChange(hear) {
    this.#changed.push(hear);
  }

  /** Forgets who listened: another view takes over, the tracks stay. */
  handOver() {
    this.#changed = [];
    return this;
  }

  /** Asks for what is wanted, lets go what is not. One question for both where both are new. */
  async want(wanted) {
    Object.assign(this.#wanted, wanted);
    for (const kind of KINDS) if (!this.#wanted[kind]) this.#drop(kind);
    const missing = KINDS.filter((kind) => this.#wanted[kind] && !this.tracks[kind]);
    if (missing.length === 2 && (await this.#both())) return;
    for (const kind of missing) if (!this.tracks[kind]) await this.#start(kind);
  }

  /** Another device of the same kind. */
  async change(kind) {
    this.#drop(kind);
    if (this.#wanted[kind]) await this.#start(kind);
  }

  /** Asks once more for whatever failed. */
  async again() {
    const failed = KINDS.filter((kind) => this.errors[kind]);
    for (const kind of failed) this.errors[kind] = null;
    await this.want({});
  }

  stop() {
    for (const kind of KINDS) {
      this.#wanted[kind] = false;
      this.#drop(kind);
    }
  }

  /** One permission question instead of two; whatever goes wrong is asked for one by one. */
  async #both() {
    const { micId, cameraId } = this.chosen;
    if (micId || cameraId || !navigator.mediaDevices?.getUserMedia) return false;
    const round = { audio: ++this.#round.audio, video: ++this.#round.video };
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
        video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 } },
      });
      for (const each of stream.getTracks()) this.#take(each.kind, each, round[each.kind]);
      return true;
    } catch {
      return false;
    }
  }

  async #start(kind) {
    const round = ++this.#round[kind];
    try {
      this.#take(kind, await track(kind, kind === "audio" ? this.chosen.micId : this.chosen.cameraId), round);
    } catch (error) {
      if (round !== this.#round[kind]) return;
      this.errors[kind] = error;
      this.#tell(kind);
    }
  }

  #take(kind, given, round) {
    // Meanwhile it was switched off, or another device was chosen.
    if (round !== this.#round[kind] || !this.#wanted[kind]) return given.stop();
    this.tracks[kind]?.stop();
    this.tracks[kind] = given;
    this.errors[kind] = null;
    if (kind === "video" && this.chosen.blur) blur(given, true);
    given.addEventListener("ended", () => {
      if (this.tracks[kind] !== given) return;
      this.tracks[kind] = null;
      this.errors[kind] = new DOMException("The device is gone.", "NotFoundError");
      this.#tell(kind);
    });
    this.#tell(kind);
  }

  #drop(kind) {
    this.#round[kind]++;
    this.errors[kind] = null;
    const had = this.tracks[kind];
    this.tracks[kind] = null;
    had?.stop();
    this.#tell(kind);
  }

  #tell(kind) {
    for (const hear of this.#changed) hear(kind);
  }
}
