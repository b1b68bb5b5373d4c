/*
 * Runs beside the pages: shows push messages while none is open, and a page of our own while there is no network.
 * It keeps nothing but that page and its style: what a person sees is never read from a store.
 */
const STORE = "quarterhour-1";
const OFFLINE = "/offline/";
const KEPT = [OFFLINE, "/static/built/app.css", "/static/favicon.svg"];

self.addEventListener("install", (event) => {
  // Without cookies, so that what is kept is nobody's.
  const asked = KEPT.map((path) => new Request(path, { credentials: "omit", cache: "reload" }));
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(asked)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name !== STORE).map((name) => caches.delete(name));
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (request.method === "GET" && KEPT.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreSearch: true })));
  }
});

self.addEventListener("push", (event) => {
  const told = read(event.data);
  const shown = {
    body: told.body,
    tag: told.tag, // the same news twice, or newer news about the same session, takes the place of the older
    icon: "/static/built/icons/icon-192.png",
    badge: "/static/built/icons/badge-96.png",
    data: { url: told.url },
  };
  event.waitUntil(self.registration.showNotification(told.title, shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url));
});

function read(data) {
  try {
    return { title: "Quarterhour", body: "", tag: "news", url: "/", ...data.json() };
  } catch {
    return { title: "Quarterhour", body: "There is news for you.", tag: "news", url: "/" };
  }
}

/** A page of ours that is open already, or a new one; never an address of anybody else's. */
async function open(told) {
  const asked = new URL(told ?? "/", self.location.origin);
  const url = asked.origin === self.location.origin ? asked.href : self.location.origin;
  const windows = await self.clients.matchAll({ type: "window" });
  const there = windows.find((each) => each.url === url);
  return there ? there.focus() : self.clients.openWindow(url);
}
