/** The service worker: wanted by push messages, and by the app once it is installed. Pages do without. */

export async function registered() {
  await navigator.serviceWorker.register("/service-worker.js");
  return navigator.serviceWorker.ready;
}

export function appWorker() {
  if ("serviceWorker" in navigator && matchMedia("(display-mode: standalone)").matches) registered().catch(() => {});
}
