/**
 * Picture and sound between the two browsers: one peer connection, negotiated by the perfect negotiation
 * pattern (W3C, WebRTC 1.0, section 10.7). Of two offers that cross, the polite side's gives way.
 *
 * The first offer is the other side's alone, with one place for sound and one for picture, each in both
 * directions; devices come and go in these places without another word. So offers can only cross while a
 * broken way is mended. (Chromium that takes back its very first offer at once may never look for a way.)
 *
 * It outlives the signalling line: while that is down the connection goes on, and what was not answered
 * is offered again when both sides are back (`lineIsBack`).
 */

const KINDS = ["audio", "video"];
const RESTART_AFTER = 5_000; // milliseconds of "disconnected"
const GIVE_UP_AFTER = 15_000; // milliseconds without a connection until we say what to try
const AGAIN_AFTER = 12_000;

export class Call {
  #pc;
  #waiting = [];
  #heeding = Promise.resolve();
  #making = false;
  #ignoring = false;
  #places = {};
  #timers = {};
  #tracks;
  #connected = false;
  direction = "sendrecv";

  /** say(data): sends a signal. tell(state, detail): "connecting", "connected", "interrupted", "stuck". */
  constructor({ servers, polite, say, tell, show }) {
    Object.assign(this, { servers, polite, say, tell, show });
    this.#tracks = { audio: null, video: null };
  }

  get connection() {
    return this.#pc;
  }

  /** The first time. */
  dial() {
    this.start();
  }

  /** What is sent from now on: a track or null. Set before or after `start`. */
  async send(kind, track) {
    this.#tracks[kind] = track;
    await this.#places[kind]?.sender.replaceTrack(track);
  }

  start() {
    this.stop();
    const pc = new RTCPeerConnection({ iceServers: this.servers, bundlePolicy: "max-bundle" });
    this.#pc = pc;
    const theirs = new MediaStream();
    pc.ontrack = ({ track }) => {
      for (const old of theirs.getTracks()) if (old.kind === track.kind) theirs.removeTrack(old);
      theirs.addTrack(track);
      this.show(theirs);
    };
    pc.onicecandidate = ({ candidate }) => this.say({ candidate });
    pc.onicecandidateerror = ({ errorCode, url }) => this.tell("relay-trouble", { errorCode, url });
    pc.onnegotiationneeded = () => this.#offer();
    pc.onconnectionstatechange = () => this.#changed();
    pc.oniceconnectionstatechange = () => this.#changed();
    this.tell("connecting");
    if (!this.polite) for (const kind of KINDS) this.#places[kind] = pc.addTransceiver(this.#tracks[kind] ?? kind, { direction: this.direction });
    this.#later("giveUp", GIVE_UP_AFTER, () => this.#stuck());
  }

  stop() {
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.#timers = {};
    this.#waiting = [];
    this.#heeding = Promise.resolve(); // what waits for a closed connection waits for ever
    this.#places = {};
    this.#making = this.#ignoring = this.#connected = false;
    if (!this.#pc) return;
    for (const name of ["ontrack", "onicecandidate", "onicecandidateerror", "onnegotiationneeded", "onconnectionstatechange", "oniceconnectionstatechange"]) this.#pc[name] = null;
    this.#pc.close();
    this.#pc = undefined;
  }

  /** Asks both sides to begin anew. */
  again() {
    this.say({ again: true });
    this.start();
  }

  /**
   * A signal from the other side. They are heeded one after the other: an offer that follows an answer closely
   * must not find that answer half taken, or it would look like two offers that cross.
   */
  hear(signal) {
    if (signal.again) return this.start();
    const pc = this.#pc;
    this.#heeding = this.#heeding.then(() => pc && pc === this.#pc && this.#heed(pc, signal));
  }

  async #heed(pc, { description, candidate }) {
    try {
      if (description) await this.#describe(pc, description);
      else await this.#candidate(pc, candidate ?? null);
    } catch (error) {
      if (!this.#ignoring && pc === this.#pc) this.tell("misheard", { name: error.name });
    }
  }

  /** Signals flow again: whatever the other side may have missed is said once more. */
  lineIsBack() {
    const pc = this.#pc;
    if (!pc) return;
    if (pc.signalingState === "have-local-offer") this.say({ description: pc.localDescription });
    else if (pc.connectionState !== "connected") this.#restart();
  }

  async #describe(pc, description) {
    const crossed = description.type === "offer" && (this.#making || pc.signalingState !== "stable");
    this.#ignoring = !this.polite && crossed;
    if (this.#ignoring) return;
    // An answer that comes twice, because its offer was sent twice, says nothing new.
    if (description.type === "answer" && pc.signalingState !== "have-local-offer") return;
    await pc.setRemoteDescription(description);
    await this.#takePlaces(pc);
    for (const candidate of this.#waiting.splice(0)) await pc.addIceCandidate(candidate);
    if (description.type === "offer") {
      await pc.setLocalDescription();
      this.say({ description: pc.localDescription });
    }
  }

  /** The places the other side has made are ours as well. */
  async #takePlaces(pc) {
    for (const place of pc.getTransceivers()) {
      const kind = place.receiver.track.kind;
      if (this.#places[kind] || place.stopped) continue;
      this.#places[kind] = place;
      place.direction = this.direction;
      await place.sender.replaceTrack(this.#tracks[kind]);
    }
  }

  async #candidate(pc, candidate) {
    if (!pc.remoteDescription || this.#ignoring) {
      if (!this.#ignoring) this.#waiting.push(candidate);
      return;
    }
    await pc.addIceCandidate(candidate);
  }

  async #offer() {
    const pc = this.#pc;
    try {
      this.#making = true;
      await pc.setLocalDescription();
      if (pc === this.#pc) this.say({ description: pc.localDescription });
    } catch (error) {
      if (pc === this.#pc) this.tell("misheard", { name: error.name });
    } finally {
      this.#making = false;
    }
  }

  #changed() {
    const pc = this.#pc;
    const state = pc.connectionState;
    if (state === "connected" && pc.iceConnectionState !== "disconnected") {
      clearTimeout(this.#timers.giveUp);
      clearTimeout(this.#timers.restart);
      if (!this.#connected) this.tell("connected");
      this.#connected = true;
    } else if (state === "failed" || pc.iceConnectionState === "failed") {
      this.#interrupted();
      this.#restart();
    } else if (state === "disconnected" || pc.iceConnectionState === "disconnected") {
      this.#interrupted();
      this.#later("restart", RESTART_AFTER, () => this.#restart());
    }
  }

  #interrupted() {
    if (this.#connected) this.tell("interrupted");
    this.#connected = false;
    if (!this.#timers.giveUp) this.#later("giveUp", GIVE_UP_AFTER, () => this.#stuck());
  }

  /** The polite side waits a moment, so that the two restarts do not cross each time. */
  #restart() {
    this.#later("restart", this.polite ? 1_500 : 0, () => this.#pc?.restartIce());
  }

  #stuck() {
    this.tell("stuck");
    this.#later("giveUp", AGAIN_AFTER, () => this.#stuck());
    const pc = this.#pc;
    if (pc.signalingState === "have-local-offer") this.say({ description: pc.localDescription });
    else if (pc.remoteDescription) this.#restart();
    else this.say({ again: true });
  }

  #later(name, wait, act) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(() => {
      delete this.#timers[name];
      act();
    }, wait);
  }
}
