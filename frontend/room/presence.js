/** Who is there, from the server's list of open tabs. */

/** The other side: {place: "room" | "lobby" | "", tab, connection, mode, mic, camera, screen}. */
export function otherSide(people, otherId) {
  const theirs = people.filter(({ person }) => person === otherId);
  return theirs.find(({ place }) => place === "room") ?? theirs[0] ?? { place: "" };
}

/** What to try where two do not find each other. relayRefused, relay: whether the relay took us, and whether there is one. */
export function whatHelps({ relayRefused, relay }) {
  const why = relayRefused ? "The relay of this service refused us; please tell whoever runs it. " : relay ? "" : "This service has no relay for strict networks. ";
  return `${why}It helps to leave a VPN or to use another network, such as your phone’s. Notes and chat work meanwhile, and we keep trying.`;
}

const MODES = { video: "", audio: " by sound only", chat: " in writing" };

/** What the other side keeps to themselves: {muted, unseen}. Whoever writes, or comes by sound only, has said so. */
export function withheld({ place, mode, mic, camera, screen }) {
  const here = place === "room";
  return { muted: here && mode !== "chat" && mic === false, unseen: here && mode === "video" && camera === false && !screen };
}

/** A sentence about the other side. `until`: once they have been in the room, the time at which it closes. */
export function words(name, there, until = "") {
  const { muted, unseen } = withheld(there);
  const silent = `${muted ? ", muted" : ""}${unseen ? ", camera off" : ""}`;
  if (there.place === "room") return `${name} is here${MODES[there.mode] ?? ""}${silent}.`;
  if (there.place === "lobby") return `${name} is in the lobby.`;
  return until ? `${name} has left. The room stays open until ${until}.` : `${name} is not here yet.`;
}
