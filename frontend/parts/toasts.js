/**
 * Toasts leave after ten seconds, but never under a hand or an eye: not while the pointer or the focus is
 * on one, not while the page is hidden. `data-stays` keeps one until it is closed. Escape closes the one
 * in focus.
 */

const SHOWN = 10_000;
const STEP = 500;
const MOST = 2; // one key after another tells as often; the last two are what somebody could still read

export function toasts(root) {
  for (const toast of root.querySelectorAll("[data-toast]:not([data-runs])")) run(toast);
  const passing = [...document.querySelectorAll("#toasts [data-toast]:not([data-stays], [data-going])")];
  for (const toast of passing.slice(0, -MOST)) if (!toast.matches(":hover, :focus-within")) toast.remove();
}

/** Says something of the browser's own, such as that it is offline. */
export function tell(words) {
  const corner = document.querySelector("#toasts");
  if (!corner || [...corner.children].some((toast) => toast.textContent === words)) return;
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.toast = "";
  toast.append(Object.assign(document.createElement("p"), { textContent: words }));
  corner.append(toast);
  run(toast);
}

function run(toast) {
  toast.dataset.runs = "";
  toast.addEventListener("click", ({ target }) => target.closest("[data-dismiss]") && leave(toast));
  toast.addEventListener("keydown", ({ key }) => key === "Escape" && leave(toast));
  if (toast.dataset.stays !== undefined) return;
  let left = SHOWN;
  const timer = setInterval(() => {
    if (!toast.isConnected) clearInterval(timer);
    if (document.hidden || toast.matches(":hover, :focus-within")) return;
    left -= STEP;
    if (left > 0) return;
    clearInterval(timer);
    leave(toast);
  }, STEP);
}

function leave(toast) {
  toast.dataset.going = "";
  setTimeout(() => toast.remove(), 240);
}
