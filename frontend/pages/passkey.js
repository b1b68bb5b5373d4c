/**
 * Passkeys: `form[data-passkey]` fetches what the browser needs from data-options, lets the person touch
 * their key, and sends the answer in the field "credential". "use" shows who you are, "make" adds a key.
 */

const CANCELLED = new Set(["NotAllowedError", "AbortError"]);

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (keys) => keys?.map((key) => ({ ...key, id: bytes(key.id) }));

async function ask(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told.publicKey;
  if (told.again) location.assign(told.again);
  throw new Error(told.detail ?? "");
}

async function use(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
  const key = await navigator.credentials.get({ publicKey });
  const { authenticatorData, clientDataJSON, signature, userHandle } = key.response;
  return wrapped(key, {
    authenticatorData: text(authenticatorData),
    clientDataJSON: text(clientDataJSON),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
}

async function make(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
  };
  const key = await navigator.credentials.create({ publicKey });
  const { attestationObject, clientDataJSON } = key.response;
  return wrapped(key, {
    attestationObject: text(attestationObject),
    clientDataJSON: text(clientDataJSON),
    transports: key.response.getTransports?.() ?? [],
  });
}

const wrapped = (key, response) => ({
  id: key.id,
  rawId: text(key.rawId),
  type: key.type,
  authenticatorAttachment: key.authenticatorAttachment ?? null,
  clientExtensionResults: key.getClientExtensionResults(),
  response,
});

function tell(form, words) {
  const place = form.querySelector("[data-passkey-told]");
  place.textContent = words;
  place.hidden = !words;
}

function sentence(error) {
  if (CANCELLED.has(error.name)) return "No passkey was used. Try again, or take another way in.";
  if (error.name === "InvalidStateError") return "This device has a passkey for you already.";
  return error.message || "That did not work. Try again, or take another way in.";
}

async function run(form) {
  const button = form.querySelector('[type="submit"]');
  tell(form, "");
  button.setAttribute("aria-busy", "true");
  try {
    const options = await ask(form.dataset.options);
    const answer = await (form.dataset.passkey === "make" ? make(options) : use(options));
    form.elements.credential.value = JSON.stringify(answer);
    form.submit();
  } catch (error) {
    button.removeAttribute("aria-busy");
    tell(form, sentence(error));
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    form.hidden = true;
    continue;
  }
  // Before the part that guards against double sending: this form is sent by us, once it has its answer.
  form.addEventListener(
    "submit",
    (event) => {
      event.preventDefault();
      run(form);
    },
    { capture: true },
  );
}
