/** The last thing the room says: why it is over, and where to go from here. */

const TITLES = {
  over: "The room has closed",
  ended: "This session is over",
  missed: "This session is over",
  cancelled: "This session was released",
  moved: "This session was moved",
  replaced: "The call goes on elsewhere",
  "taken-out": "The room is closed for you",
  crowded: "The room is full",
  early: "The doors are not open yet",
  "signed-out": "You are signed out",
};
const OPENS_AFTER = 4_000;

export function farewell(root, { word, told, go }, { urls, along }) {
  const place = root.querySelector("#farewell");
  if (!place) return location.assign(word === "taken-out" ? urls.sessions : go === "card" ? urls.card : urls.lobby);
  if (go === "sign-in" || word === "taken-out") hideWords(root);
  const [title, words, row] = [place.querySelector("h2"), ...place.querySelectorAll("p")];
  title.textContent = TITLES[word] ?? "You are out of the room";
  words.textContent = told;
  row.replaceChildren(...ways(word, along && go === "card" ? "sessions" : go, urls));
  root.querySelector(".controls").hidden = true;
  for (const field of root.querySelectorAll("#notes, #say, #chat button")) field.disabled = true;
  place.hidden = false;
  place.focus();
  if (go === "card" && !along) {
    words.append(" The takeaway card opens in a moment.");
    setTimeout(() => location.assign(urls.card), OPENS_AFTER);
  }
}

/** The tab that took the call is gone, or there is one again. */
export function tellElsewhere(root, there) {
  const place = root.querySelector("#farewell");
  place.querySelector("h2").textContent = there ? TITLES.replaced : "The call waits for you";
  place.querySelector("p").textContent = there ? "You went in from another tab. The call goes on there." : "The tab that had it was closed or has left.";
}

function ways(word, go, urls) {
  if (go === "card") return [link(urls.card, "Takeaway card", "button")];
  if (word === "replaced") return [link(location.href, "Bring the call here", "button"), link(urls.card, urls.card === urls.sessions ? "My sessions" : "Takeaway card", "button quiet")];
  if (word === "taken-out" || go === "sessions") return [link(urls.sessions, "My sessions", "button")];
  if (go === "sign-in") return [link(urls.sign_in, "Sign in and come back", "button")];
  if (go === "lobby") return [link(urls.lobby, "See what happened", "button")];
  return [link(location.href, "Try again", "button"), link(urls.sessions, "My sessions", "button quiet")];
}

/** Nobody reads over the shoulder of somebody who has signed out, or was taken out. Words not yet saved wait in the browser's storage. */
function hideWords(root) {
  for (const part of root.querySelectorAll(".tabs, [data-tab], section:has(> #timer)")) part.remove();
  root.querySelector("h1").textContent = "The room";
}

function link(address, words, kind) {
  const made = document.createElement("a");
  made.href = address;
  made.className = kind;
  made.textContent = words;
  return made;
}
