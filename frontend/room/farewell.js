/** The last thing the room says: why it is over, and where to go from here. */

const TITLES = {
  over: "The room has closed",
  ended: "This session is over",
  cancelled: "This session was released",
  moved: "This session was moved",
  replaced: "The call goes on elsewhere",
  early: "The doors are not open yet",
};
const OPENS_AFTER = 4_000;

export function farewell(root, { word, told, go }, { urls }) {
  const place = root.querySelector("#farewell");
  if (!place) return location.assign(go === "card" ? urls.card : urls.lobby);
  const [title, words, row] = [place.querySelector("h2"), ...place.querySelectorAll("p")];
  title.textContent = TITLES[word] ?? "You are out of the room";
  words.textContent = told;
  row.replaceChildren(...ways(word, go, urls));
  root.querySelector(".controls").hidden = true;
  for (const field of root.querySelectorAll("#notes, #say, #chat button")) field.disabled = true;
  place.hidden = false;
  place.focus();
  if (go === "card") {
    words.append(" The takeaway card opens in a moment.");
    setTimeout(() => location.assign(urls.card), OPENS_AFTER);
  }
}

function ways(word, go, urls) {
  if (go === "card") return [link(urls.card, "Takeaway card", "button")];
  if (word === "replaced") return [link(location.href, "Bring the call here", "button"), link(urls.card, "Takeaway card", "button quiet")];
  if (go === "lobby") return [link(urls.lobby, "See what happened", "button")];
  return [link(location.href, "Try again", "button"), link(urls.sessions, "My sessions", "button quiet")];
}

function link(address, words, kind) {
  const made = document.createElement("a");
  made.href = address;
  made.className = kind;
  made.textContent = words;
  return made;
}
