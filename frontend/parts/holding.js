/**
 * `[data-held]`: a time is held for whoever looks at this page. Closing the page, or going to another site, says so to
 * the address in it, and the time is free for others soon; a reload says in time, to the address in data-here, that
 * somebody is there still. Going on within this site, to the confirmation for one, keeps it. Without scripts the time
 * is given back when its ten minutes are over.
 */

let staying = false;
let listens = false;

export function holding(root) {
  for (const held of root.querySelectorAll("[data-held]:not([data-runs])")) {
    held.dataset.runs = "";
    say(held.dataset.here);
  }
  if (listens) return;
  listens = true;
  document.addEventListener("submit", (event) => { staying = !event.defaultPrevented; });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const elsewhere = event.defaultPrevented || !link || link.target || link.download || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!elsewhere && link.origin === location.origin && link.pathname !== location.pathname) staying = true;
  });
  addEventListener("pagehide", () => {
    const held = document.querySelector("[data-held]");
    if (held && !staying) navigator.sendBeacon(held.dataset.held, words());
    staying = false;
  });
  addEventListener("pageshow", ({ persisted }) => {
    const held = document.querySelector("[data-held]");
    if (persisted && held) say(held.dataset.here);
  });
}

/** A page that was away too long finds its time given back: it is drawn anew, unless somebody is on their way already. */
async function say(address) {
  const answer = await fetch(address, { method: "POST", body: words() }).catch(() => undefined);
  if (answer?.status === 409 && !staying) location.reload();
}

function words() {
  const token = document.querySelector('[name="csrfmiddlewaretoken"]')?.value ?? "";
  return new URLSearchParams({ csrfmiddlewaretoken: token });
}
