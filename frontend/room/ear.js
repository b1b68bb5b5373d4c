/** Listens to one's own microphone and hands on what is said, piece by piece: a piece ends with a pause. */
import { meter } from "./devices.js";

const VOICE = 0.3; // of what the meter shows
const PAUSE = 700; // milliseconds
const LONGEST = 12_000;
const BITS = 24_000; // a second: speech needs no more
const KINDS = { "audio/webm": "w", "audio/ogg": "o", "audio/mp4": "m" };
const SOUND = "S";

const kind = () => Object.keys(KINDS).find((each) => globalThis.MediaRecorder?.isTypeSupported(each));

/** Whether this browser can hand on sound at all. */
export const canRecord = () => Boolean(kind());

export class Ear {
  #recorder;
  #stopMeter;
  #spoke = false;
  #voiceAt = 0;
  #since = 0;

  /** send(frame): bytes as sessions/room/hearing.py reads them. */
  constructor(track, send) {
    Object.assign(this, { track, send });
    this.#stopMeter = meter(track, (part) => this.#level(part));
    this.#record();
  }

  /** At once: what was being said is not sent. */
  stop() {
    this.#stopMeter();
    this.send = () => {};
    this.#end();
  }

  #record() {
    const type = kind();
    const recorder = new MediaRecorder(new MediaStream([this.track]), { mimeType: type, audioBitsPerSecond: BITS });
    recorder.ondataavailable = async ({ data }) => {
      if (!recorder.heard || !data.size) return;
      const head = new TextEncoder().encode(SOUND + KINDS[type]);
      this.send(new Uint8Array([...head, ...new Uint8Array(await data.arrayBuffer())]));
    };
    this.#recorder = recorder;
    this.#spoke = false;
    this.#since = Date.now();
    recorder.start();
  }

  #level(part) {
    const now = Date.now();
    if (part > VOICE) {
      this.#spoke = true;
      this.#voiceAt = now;
    }
    const paused = this.#spoke && now - this.#voiceAt > PAUSE;
    if (!paused && now - this.#since < LONGEST) return;
    this.#recorder.heard = this.#spoke;
    this.#end();
    if (this.track.readyState === "live") this.#record();
  }

  #end() {
    if (this.#recorder.state !== "inactive") this.#recorder.stop();
  }
}
