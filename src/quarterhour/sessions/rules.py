"""Who may do what with a session, and which change of state may follow which."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from quarterhour.core.errors import Changed, NotAllowed, NotFound
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession, Status

if TYPE_CHECKING:
    from quarterhour.sessions.queries import Terms

# From each state, the states that may follow. Whatever is not here is refused.
FOLLOWS: dict[str, frozenset[str]] = {
    Status.HELD: frozenset({Status.ASKED, Status.CONFIRMED, Status.DROPPED}),
    Status.ASKED: frozenset({Status.CONFIRMED, Status.DECLINED, Status.CANCELLED, Status.EXPIRED, Status.THANKED}),
    Status.CONFIRMED: frozenset({Status.CONFIRMED, Status.CANCELLED, Status.ENDED}),
    Status.ENDED: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.DECLINED: frozenset(),
    Status.EXPIRED: frozenset(),
    Status.DROPPED: frozenset(),
    Status.THANKED: frozenset(),
}

SAID = {
    Status.HELD: "This time is only held, not booked yet.",
    Status.ASKED: "This time still waits for a yes.",
    Status.CONFIRMED: "This session is already booked.",
    Status.ENDED: "This session is over.",
    Status.CANCELLED: "This session was released.",
    Status.DECLINED: "This request was declined.",
    Status.EXPIRED: "This request was not answered in time.",
    Status.THANKED: "Somebody else said yes first, and this time is free again.",
    Status.DROPPED: "This time was given back. Choose it again if it is still free.",
}


class WrongState(Changed):
    """The session is no longer in a state from which this can be done."""


def check_follows(session: MentoringSession, to: str) -> None:
    """Raises WrongState unless `to` may follow the session's state."""
    if to not in FOLLOWS[session.status]:
        raise WrongState(SAID[Status(session.status)])


def check_is(session: MentoringSession, status: str) -> None:
    """Raises WrongState, saying how things stand, unless the session is in this state."""
    if session.status != status:
        raise WrongState(SAID[Status(session.status)])


def is_party(person: Person, session: MentoringSession) -> bool:
    return person.pk in {session.mentor_id, session.mentee_id}


def check_party(person: Person, session: MentoringSession) -> None:
    """Raises NotFound for anybody but the two: a stranger learns nothing, not even that it exists."""
    if not is_party(person, session):
        raise NotFound("There is nothing at this address, or it is not yours to see.")


def lobby_opens(session: MentoringSession) -> datetime:
    return session.starts_at - timedelta(minutes=settings.POLICY["lobby_opens"])


def lobby_closes(session: MentoringSession) -> datetime:
    return session.ends_at + timedelta(minutes=settings.POLICY["lobby_closes"])


def can_join(person: Person, session: MentoringSession, *, now: datetime) -> bool:
    """Whether this person may be in the room at this moment."""
    return is_party(person, session) and person.is_active and is_open(session, now=now)


def is_open(session: MentoringSession, *, now: datetime) -> bool:
    """Whether the doors of its room are open at this moment."""
    return session.status == Status.CONFIRMED and lobby_opens(session) <= now < lobby_closes(session)


def held_at_most(session: MentoringSession) -> datetime:
    """When a hold runs out by itself, whatever happens to the page."""
    return session.created_at + timedelta(minutes=settings.POLICY["hold"])


def is_late(session: MentoringSession, *, by: Person, now: datetime) -> bool:
    """Whether releasing it now leaves the other side little time to do anything else.

    A request nobody answered is never late, nor is the no of somebody whose mentor was changed for them.
    """
    if session.status != Status.CONFIRMED or (session.instead_of_id and by.pk == session.mentee_id):
        return False
    return session.starts_at - now < timedelta(minutes=settings.POLICY["late_cancellation"])


def length_offered(profile, minutes: int) -> int:
    """The length of this mentor's that suits a wish of `minutes` best: the same, the next shorter, the next longer."""
    offered = sorted(profile.lengths or settings.POLICY["lengths"])
    shorter = [length for length in offered if length <= minutes]
    return shorter[-1] if shorter else offered[0]


def check_offers_time(terms: Terms, mentor: Person, mentee: Person, *, minutes: int, now: datetime) -> None:
    """Raises NotAllowed with a sentence unless this mentor may be booked for so long by this person."""
    name = mentor.called
    if mentor.pk == mentee.pk:
        raise NotAllowed("That is your own time. Choose somebody else.")
    if not terms.is_mentor or not terms.is_active:
        raise NotAllowed(f"{name} does not offer time at the moment. Your question is saved.")
    if terms.paused_until and terms.paused_until > now.date():
        raise NotAllowed(f"{name} is away until {terms.paused_until:%-d %B}. Your question is saved.")
    if minutes not in settings.POLICY["lengths"] or (terms.lengths and minutes not in terms.lengths):
        offered = ", ".join(str(length) for length in sorted(terms.lengths or settings.POLICY["lengths"]))
        raise NotAllowed(f"{name} does not offer {minutes} minutes. Choose one of: {offered}.")
