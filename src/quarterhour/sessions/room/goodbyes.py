"""Why a socket is closed: a code for programs, a sentence for people, and where to go from there."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Goodbye:
    """Told as the last message, then the socket closes with `code`.

    code: 4400 to 4499 are ours, 1012 and 1013 are those of RFC 6455's registry.
    go: what the page does next: "stay", "again" (a new ticket may help), "card" (the takeaway card) or "lobby".
    """

    code: int
    word: str
    told: str
    go: str = "stay"

    def as_json(self) -> str:
        """The last message of a socket."""
        return json.dumps({"t": "goodbye", **asdict(self)})


class Leave(Exception):
    """Somebody has to go, or may not come in; the goodbye says why."""

    def __init__(self, goodbye: Goodbye) -> None:
        super().__init__(goodbye.word)
        self.goodbye = goodbye


FOREIGN = Goodbye(4403, "foreign", "This page does not belong to this service. Open the room from your sessions.")
NO_TICKET = Goodbye(4401, "ticket", "This page was open too long. We ask for a new ticket.", "again")
SIGNED_OUT = Goodbye(4401, "signed-out", "You have signed out. Sign in to come back into the room.", "again")
NOT_YOURS = Goodbye(4403, "not-yours", "There is nothing at this address, or it is not yours to see.")
EARLY = Goodbye(4425, "early", "The doors are not open yet. They open ten minutes before the start.", "lobby")
OVER = Goodbye(4410, "over", "The room has closed.", "card")
ENDED = Goodbye(4410, "ended", "This session is over.", "card")
MISSED = Goodbye(4410, "missed", "One of you waited, the other did not come in time. This session is over.", "lobby")
CANCELLED = Goodbye(4410, "cancelled", "This session was released. The room has closed.", "lobby")
NOT_BOOKED = Goodbye(4410, "not-booked", "This session is not booked, so there is no room for it.", "lobby")
MOVED = Goodbye(4410, "moved", "This session was moved to another time. The room opens ten minutes before it.", "lobby")
AWAY = Goodbye(4403, "deactivated", "One of the two accounts was closed, so this room is closed as well.")
TAKEN_OUT = Goodbye(4403, "taken-out", "You do not come along to this session any more, so the room is closed for you.")
CROWDED = Goodbye(4403, "crowded", "Four people are in this room, as many as it holds. Somebody has to leave first.")
FILLED = Goodbye(4403, "crowded", "As many people are in this room as it holds. Somebody has to leave first.")
LEFT = Goodbye(1000, "left", "You have left the room. It stays open until its hour.")
REPLACED = Goodbye(4409, "replaced", "You went in from another tab or device. The call goes on there.")
UNREADABLE = Goodbye(4400, "unreadable", "Something arrived that we could not read. Reload the page.")
TOO_LARGE = Goodbye(4413, "too-large", "That was too much at once. Send it in smaller parts.")
TOO_FAST = Goodbye(4429, "too-fast", "That was faster than anybody can read. Reload the page to come back.")
TOO_SLOW = Goodbye(4408, "too-slow", "Your connection could not keep up. We try again.", "again")
SILENT = Goodbye(4408, "silent", "We did not hear from this page any more.", "again")
RESTART = Goodbye(1012, "restart", "The service is starting anew. You will be back in a moment.", "again")
FULL = Goodbye(1013, "full", "Too many rooms are open at the moment. We try again in a few seconds.", "again")
