"""How people come to a session, as a line of a mail: our doors, another link, or a place."""

from __future__ import annotations

from quarterhour.notifications import addresses
from quarterhour.notifications.words import one_line
from quarterhour.sessions.models import Meets, MentoringSession
from quarterhour.sessions.places import site


def way_in(session: MentoringSession, doors: str) -> tuple[str, str, str, str]:
    """A line with a link: before it, its words, its address, and after it. doors: what is said of our own."""
    room = addresses.room(session)
    if session.meets == Meets.LINK:
        at = one_line(site(session.where))
        return "You meet by another link:", at, session.where, ". Timer and notes are in the room."
    if session.meets == Meets.PLACE:
        return f"You meet in person: {one_line(session.where)}. Timer and notes are", "in the room", room, "."
    return doors, "go to the room", room, "."


def where_told(session: MentoringSession) -> str:
    """Where they meet, as calendars and programs read it: an address, or a place in words."""
    return session.where or addresses.room(session)
