/**
 * News of now: a socket that says "look", and the ring a mentor on call hears on whatever page they are.
 *
 * A page that lives from such news carries `<script type="application/json" id="bell">`. While somebody is on call the
 * same is remembered in this browser until then, so that every page of theirs listens. "look" is an event on <body>,
 * which htmx waits for with hx-trigger="look from:body". Without scripts pages ask again every few seconds.
 */
import { now } from "../now.js";

const KEPT = "quarterhour:on-call";
const WAITS = [500, 1_500, 4_000, 8_000];
const BEAT = 15_000;
const TICKET_LASTS = 4 * 60_000;

let rung;

export function bell() {
  const panel = document.querySelector("[data-on-call]");
  const given = document.getElementById("bell");
  const config = given ? JSON.parse(given.textContent) : kept();
  if (panel) remember(panel.dataset.onCall, config);
  if (!config || (!given && !kept())) return;
  listen(config);
  document.body.addEventListener("look", () => ring(config));
  if (panel?.dataset.onCall || !given) ring(config);
  document.body.addEventListener("htmx:afterSwap", say);
  say();
}

/** What stands in `data-told` is said once, when it changes, and not each time the piece around it is drawn anew. */
function say() {
  const status = document.querySelector("[data-says]");
  const told = status && document.getElementById(status.dataset.says)?.dataset.told;
  if (told && status.textContent !== told) status.textContent = told;
}

function kept() {
  try {
    const { until, config } = JSON.parse(localStorage.getItem(KEPT));
    return until > now() ? config : undefined;
  } catch {
    return undefined;
  }
}

function remember(until, config) {
  try {
    if (until && config) localStorage.setItem(KEPT, JSON.stringify({ until: Date.parse(until), config: { ...config, ticket: undefined } }));
    else localStorage.removeItem(KEPT);
  } catch {
    // A browser that keeps nothing rings on this page only.
  }
}

function listen(config) {
  let tries = 0;
  let { ticket } = config;
  let ticketAt = Date.now();
  let socket;

  async function dial() {
    if (!ticket || Date.now() - ticketAt > TICKET_LASTS) {
      const answer = await fetch(config.tickets, { headers: { Accept: "application/json" }, cache: "no-store" }).catch(() => undefined);
      if (answer?.status === 401) return localStorage.removeItem(KEPT);
      if (!answer?.ok) return again();
      ({ ticket } = await answer.json());
      ticketAt = Date.now();
    }
    socket = new WebSocket(config.socket);
    socket.onopen = () => socket.send(JSON.stringify({ t: "hello", ticket }));
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.t === "goodbye") {
        if (message.code === 4401) ticket = undefined;
        return;
      }
      tries = 0;
      document.body.dispatchEvent(new CustomEvent("look"));
    };
    socket.onclose = ({ code }) => code !== 4403 && code !== 4409 && again();
  }

  const again = () => setTimeout(dial, WAITS[Math.min(tries++, WAITS.length - 1)] * (0.75 + Math.random() / 2));
  setInterval(() => socket?.readyState === WebSocket.OPEN && socket.send('{"t": "beat"}'), BEAT);
  dial();
}

/** Shows who asks now: in its place where the page has one, at the top of the page where it has none. */
async function ring(config) {
  const answer = await fetch(config.ring, { cache: "no-store", headers: { "HX-Request": "true" } }).catch(() => undefined);
  if (!answer?.ok) return;
  const place = document.getElementById("ring") ?? document.getElementById("notices");
  if (!place) return;
  const told = document.createElement("template");
  told.innerHTML = await answer.text();
  const coming = told.content.querySelector("[data-ring]");
  const standing = place.querySelector("[data-ring]");
  if (coming?.dataset.ring === standing?.dataset.ring) return;
  standing?.remove();
  if (!coming) return;
  place.append(coming);
  window.htmx?.process(coming);
  coming.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
  if (rung !== coming.dataset.ring) sound();
  rung = coming.dataset.ring;
}

/** Two soft tones, where the browser allows them. */
function sound() {
  if (!navigator.userActivation?.hasBeenActive) return;
  try {
    const context = new AudioContext();
    for (const [at, pitch] of [[0, 660], [0.25, 880], [1, 660], [1.25, 880]]) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.12, context.currentTime + at);
      volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + at + 0.22);
      tone.connect(volume).connect(context.destination);
      tone.start(context.currentTime + at);
      tone.stop(context.currentTime + at + 0.25);
    }
    setTimeout(() => context.close(), 2_000);
  } catch {
    // The ring is seen, if not heard.
  }
}
