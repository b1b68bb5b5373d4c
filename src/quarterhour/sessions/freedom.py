"""Whether a time is free for two people: the slot engine asked once more, under the locks, with the reason in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from quarterhour.availability.queries import rules_for
from quarterhour.core.errors import Changed, NotAllowed
from quarterhour.engines.budget import within_budget
from quarterhour.engines.slots import Reason, Taken, why_not
from quarterhour.people.models import Person
from quarterhour.sessions import queries
from quarterhour.sessions.models import MentoringSession


class SpanTaken(Changed):
    """The time is not free, or no longer. `starts` are up to three others of the same mentor."""

    def __init__(self, told: str, starts: list[datetime] | None = None) -> None:
        super().__init__(told)
        self.starts = starts or []


WHY = {
    Reason.NOT_OFFERED: "{name} does not offer that time.",
    Reason.TOO_SOON: "That is too soon for {name}.",
    Reason.TOO_FAR: "{name} has not opened that week yet.",
    Reason.TAKEN: "{name} was just booked for that time.",
    Reason.DAY_FULL: "{name} has no more room that day.",
    Reason.WEEK_FULL: "{name} has no more room that week.",
}


def terms(session: MentoringSession, start: datetime) -> queries.Terms:
    """How the mentor may be booked around `start` by the other. Raises NotAllowed like `known`."""
    given = {"mentee_id": session.mentee_id, "org_id": session.org_id, "need_id": session.need_id}
    return known(queries.terms_of(session.mentor_id, **given, since=since(start)), session.mentor)


def known(terms: queries.Terms | None, mentor: Person) -> queries.Terms:
    """The terms. Raises NotAllowed for who never offered time here; for a pair kept apart with the same words."""
    if terms is None or not terms.is_active or terms.barred:
        raise NotAllowed(f"{mentor.called} does not offer time here. Your question is saved.")
    return terms


def since(start: datetime) -> date:
    """Dates before it have no part in a session that starts then, in whatever zone."""
    return (start - timedelta(days=2)).date()


def around(start: datetime) -> tuple[datetime, datetime]:
    """What is taken here counts for a session that starts then: its week in whatever zone, and the buffers."""
    return start - timedelta(days=9), start + timedelta(days=9)


def check_free(start, minutes, terms: queries.Terms, gone: dict[UUID, Taken], *, mentor, mentee, now) -> None:
    """Raises SpanTaken unless the engine would list this start for these two."""
    if terms.hours is None:
        raise SpanTaken(taken_words(mentor, Reason.NOT_OFFERED))
    taken = gone.get(mentor.pk, Taken())
    reason = why_not(start, terms.hours, rules_for(terms, minutes=minutes), taken, now=now)
    if reason is not None:
        raise SpanTaken(taken_words(mentor, reason))
    budget, zone = terms.weekly_minutes, terms.hours.zone
    if not within_budget([start], minutes=minutes, booked=taken.booked, budget=budget, zone=zone):
        raise SpanTaken(f"{mentor.called} has given all the minutes of that week.")
    mine = gone.get(mentee.pk, Taken())
    end = start + timedelta(minutes=minutes)
    if any(a < end and start < b for a, b in [*mine.busy, *mine.booked]):
        raise SpanTaken("You are already booked for that time yourself.")


def taken_words(mentor: Person, reason: Reason) -> str:
    return WHY[reason].format(name=mentor.called) + " Your question is saved."
