/** Camera and microphone: what was chosen, what the browser gives, and words for what it refuses. */

const KEPT = "quarterhour-devices";
const USUAL = { mode: "video", micId: "", cameraId: "", speakerId: "", blur: false, keys: true, mic: true, camera: true };

/**
 * What the person chose: mode, devices and keys for next time too; mic and camera, on or off, for this tab
 * alone, so that a reload does not unmute anybody and the next conversation does not begin muted.
 */
export function choices() {
  return { ...USUAL, ...kept(() => localStorage), ...kept(() => sessionStorage) };
}

export function keep({ mic, camera, once, ...lasting }) {
  if (once) return; // not what they chose
  try {
    localStorage.setItem(KEPT, JSON.stringify(lasting));
    sessionStorage.setItem(KEPT, JSON.stringify({ mic, camera }));
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

function kept(storage) {
  try {
    return JSON.parse(storage().getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}

/** One track of a kind. Throws what getUserMedia throws. */
export async function track(kind, id) {
  const wanted = kind === "audio" ? { echoCancellation: true, noiseSuppression: true, autoGainControl: true } : { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 } };
  if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("no devices", "NotSupportedError");
  const ask = (constraints) => navigator.mediaDevices.getUserMedia({ [kind]: constraints });
  let stream;
  try {
    stream = await ask(id ? { ...wanted, deviceId: { exact: id } } : wanted);
  } catch (error) {
    // The device chosen last time is not plugged in today.
    if (!id || !["OverconstrainedError", "NotFoundError"].includes(error.name)) throw error;
    stream = await ask(wanted);
  }
  return stream.getTracks()[0];
}

/** Whether this camera can blur what is behind a person: browser and system do it, and not all of them can. */
export const canBlur = (camera) => camera?.getCapabilities?.().backgroundBlur?.includes(true) ?? false;

/** Blur what is behind the person, or no longer. One that refuses goes on as it was. */
export async function blur(camera, on) {
  if (canBlur(camera)) await camera.applyConstraints({ backgroundBlur: on }).catch(() => {});
}

/** The devices there are, as {kind, id, label}. Labels are empty until the browser has given one of them. */
export async function list() {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return all
    .filter(({ kind }) => kind in KINDS)
    .map(({ kind, deviceId, label }) => ({ kind: KINDS[kind], id: deviceId, label }));
}

/** Whether one may choose where sound comes out; some browsers leave that to the system. */
export const speakersCanBeChosen = () => "setSinkId" in HTMLMediaElement.prototype;

/** Let a sound come out of this speaker. One that is not plugged in today is the usual one. */
export function hearBy(sound, id) {
  if (id && sound.setSinkId) sound.setSinkId(id).catch(() => {});
}

const KINDS = { audioinput: "audio", videoinput: "video", audiooutput: "sound" };
const NAMES = { audio: "microphone", video: "camera" };
const TITLES = { audio: "We cannot hear you.", video: "We cannot see you." };

/** What happened and what to do, for an error of `track`: {title, told, blocked}. */
export function trouble(kind, error) {
  const name = NAMES[kind];
  const Name = name[0].toUpperCase() + name.slice(1);
  const told = {
    NotAllowedError: `The browser blocks the ${name}. Press the lock beside the address, choose ${Name}, Allow, then try again.`,
    NotFoundError: `There is no ${name} connected to this device. Plug one in, or go on without.`,
    NotReadableError: `Another program uses the ${name}. Close it, then try again.`,
    NotSupportedError: `This browser gives pages no ${name} here. Use https, or another browser.`,
  }[error.name];
  return {
    title: TITLES[kind],
    told: told ?? `The ${name} did not start. Try again, or choose another one.`,
    blocked: error.name === "NotAllowedError",
  };
}

const BOTH = {
  NotAllowedError: "The browser blocks microphone and camera. Press the lock beside the address, choose Microphone and Camera, Allow, then try again.",
  NotFoundError: "There is no microphone and no camera connected to this device. Plug one in, or go on in writing.",
};

/** The same where both fail for one reason: one thing to do, said once. {title, told, blocked}, or nothing. */
export function bothFailed({ audio, video }) {
  const told = audio?.name === video?.name && BOTH[audio?.name];
  return told ? { title: "We cannot hear or see you.", told, blocked: audio.name === "NotAllowedError" } : undefined;
}

/** Calls `show` with the loudness of a track, 0 to 1, until the returned function is called. */
export function meter(sound, show) {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(new MediaStream([sound]));
  const analyser = new AnalyserNode(context, { fftSize: 512 });
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, each) => sum + each * each, 0) / samples.length;
    // -60 dB is silence, -10 dB a loud voice.
    show(Math.min(1, Math.max(0, (10 * Math.log10(power + 1e-9) + 60) / 50)));
  }, 100);
  return () => {
    clearInterval(timer);
    context.close();
  };
}

/** A soft tone of half a second, to hear whether this speaker works. */
export function tone(speakerId) {
  const context = new AudioContext();
  hearBy(context, speakerId);
  const volume = new GainNode(context, { gain: 0.0001 });
  const voice = new OscillatorNode(context, { frequency: 440, type: "sine" });
  voice.connect(volume).connect(context.destination);
  volume.gain.exponentialRampToValueAtTime(0.2, context.currentTime + 0.05);
  volume.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.6);
  voice.start();
  voice.stop(context.currentTime + 0.65);
  voice.onended = () => context.close();
}
