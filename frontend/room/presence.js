/** Who is there, from the server's list of open tabs. */

/** The other side: {place: "room" | "lobby" | "", tab, connection, mode, mic, camera, screen}. */
export function otherSide(people, otherId) {
  const theirs = people.filter(({ person }) => person === otherId);
  return theirs.find(({ place }) => place === "room") ?? theirs[0] ?? { place: "" };
}

const MODES = { video: "", audio: " by sound only", chat: " in writing" };

/** A sentence about the other side. `until`: once they have been in the room, the time at which it closes. */
export function words(name, there, until = "") {
  if (there.place === "room") return `${name} is here${MODES[there.mode] ?? ""}.`;
  if (there.place === "lobby") return `${name} is in the lobby.`;
  return until ? `${name} has left. The room stays open until ${until}.` : `${name} is not here yet.`;
}
