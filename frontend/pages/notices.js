/**
 * Push messages: `form[data-push]` asks the browser for permission, subscribes with the key of this installation,
 * and tells the server where the browser's push service listens and how to seal a message for it.
 */
import { registered } from "../parts/app-worker.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** What its owner will know this browser by. */
function name() {
  const agent = navigator.userAgent;
  const browser = ["Edg", "OPR", "Firefox", "Chrome", "Safari"].find((word) => agent.includes(word)) ?? "Browser";
  const place = ["Android", "iPhone", "iPad", "Windows", "Mac", "Linux"].find((word) => agent.includes(word));
  const called = { Edg: "Edge", OPR: "Opera" }[browser] ?? browser;
  return place ? `${called} on ${place}` : called;
}

class Told extends Error {}

async function subscription(key) {
  if ((await Notification.requestPermission()) !== "granted") {
    throw new Told("This browser does not let us send messages. Allow notifications for this site, then press again.");
  }
  const worker = await registered();
  const known = await worker.pushManager.getSubscription();
  // One made with another key cannot be reached by us any more.
  if (known && text(known.options.applicationServerKey ?? new ArrayBuffer(0)) === key) return known;
  await known?.unsubscribe();
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
}

async function send(form, made) {
  const body = new FormData(form);
  body.set("endpoint", made.endpoint);
  body.set("p256dh", text(made.getKey("p256dh")));
  body.set("auth", text(made.getKey("auth")));
  body.set("name", name());
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin" });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Told(told.detail ?? "That did not work. Reload the page and try again.");
  location.assign(told.next);
}

async function run(form) {
  const button = form.querySelector('[type="submit"]');
  const place = form.querySelector("[data-push-told]");
  place.hidden = true;
  button.setAttribute("aria-busy", "true");
  try {
    await send(form, await subscription(form.dataset.push));
  } catch (error) {
    button.removeAttribute("aria-busy");
    place.textContent = error instanceof Told ? error.message : "The push service of this browser cannot be reached. Mail still works.";
    place.hidden = false;
  }
}

for (const form of document.querySelectorAll("form[data-push]")) {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) {
    form.querySelector('[type="submit"]').disabled = true;
    const place = form.querySelector("[data-push-told]");
    place.textContent = "This browser knows no push messages. On an iPhone, add Quarterhour to the home screen first.";
    place.hidden = false;
    continue;
  }
  // Before the part that guards against double sending: what is sent is put together here.
  form.addEventListener(
    "submit",
    (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      run(form);
    },
    { capture: true },
  );
}
