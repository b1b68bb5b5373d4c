/** Who is there, from the server's list of open tabs. */

/** The other side: {place: "room" | "lobby" | "", tab, connection, mode, mic, camera, screen}. */
export function otherSide(people, otherId) {
  const theirs = people.filter(({ person }) => person === otherId);
  return theirs.find(({ place }) => place === "room") ?? theirs[0] ?? { place: "" };
}

const MODES = { video: "", audio: " by sound only", chat: " in writing" };

/** A sentence about the other side. `was` says whether they have been in the room since we came. */
export function words(name, there, { was = false } = {}) {
  if (there.place === "room") return `${name} is here${MODES[there.mode] ?? ""}.`;
  if (there.place === "lobby") return `${name} is in the lobby.`;
  return was ? `${name} has left. They can come back while the room is open.` : `${name} is not here yet.`;
}
