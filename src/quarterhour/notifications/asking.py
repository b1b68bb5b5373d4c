"""News about requests that wait, told to people: rows alone, like `handlers`; running twice writes nothing more."""

from __future__ import annotations

from datetime import datetime

from quarterhour.notifications import links, outgoing, reasons
from quarterhour.notifications.reasons import Reason
from quarterhour.people.models import Person
from quarterhour.sessions.events import SessionEvent
from quarterhour.sessions.models import MentoringSession, Status


def thank(event: SessionEvent, *, now: datetime) -> None:
    """Somebody else said yes first: told at once, and thanked."""
    session = _session(event)
    links.stop(session, now=now)
    _tell(reasons.THANKED, session, session.mentor, now)


def nudge(event: SessionEvent, *, now: datetime) -> None:
    """A day without a word: the same links once more, exactly once."""
    session = _session(event)
    _tell(reasons.NUDGE, session, session.mentor, now)


def tell_of_other_times(event: SessionEvent, *, now: datetime) -> None:
    """The mentor offers other times: the mentee takes one with a press. What the mentor could press is over."""
    session = _session(event)
    links.stop(session, now=now)
    _tell(reasons.OFFERED, session, session.mentee, now)


def tell_of_somebody_better(event: SessionEvent, *, now: datetime) -> None:
    """The mentor names somebody: the mentee asks them with a press, or does not."""
    session = _session(event)
    links.stop(session, now=now)
    _tell(reasons.PASSED, session, session.mentee, now)


def tell_of_silence(event: SessionEvent, *, now: datetime) -> None:
    """Not answered in time: the mentor hears of it too. A no says nothing to whoever said it."""
    session = _session(event)
    if session.status == Status.EXPIRED:
        _tell(reasons.UNANSWERED, session, session.mentor, now)


def _session(event: SessionEvent) -> MentoringSession:
    rows = MentoringSession.objects.within(event.org_id).select_related("mentor", "mentee")
    return rows.get(pk=event.session_id)


def _tell(what: str, session: MentoringSession, person: Person, now: datetime) -> None:
    """One message for each request and kind of news, however often the news comes."""
    outgoing.tell_people(session.org_id, [person.pk], Reason(what, session.pk, session.sequence), now=now)
