"""A person's calendars of elsewhere, as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce

from quarterhour.availability.calendar_models import CalendarAccount, OutsideCalendar
from quarterhour.availability.reading import AHEAD, STALE
from quarterhour.core.statements import Statement, send
from quarterhour.people.models import Person

UNREAD_FOR = timedelta(hours=1)  # due for so long, nobody is reading

ELSEWHERE = """
SELECT EXISTS (SELECT FROM availability_busytime WHERE person_id = %s AND busy && tstzrange(%s, %s))
"""


@dataclass(frozen=True, slots=True)
class State:
    """How a calendar stands. word: "new" (never read), "fine", "troubled" (kept from before), "stale", "unread".

    until: up to when its time is known; None if it never was read.
    """

    word: str
    until: datetime | None


def state_of(row: OutsideCalendar, *, now: datetime) -> State:
    """Never read and in trouble is "unread": all its owner's time is busy. Older than a day is "stale"."""
    if row.read_at is None:
        return State("unread" if row.problem else "new", None)
    until = (row.whole_at or row.read_at) + AHEAD
    if now - row.read_at >= STALE:
        return State("stale", until)
    return State("troubled" if row.problem else "fine", until)


def is_busy_elsewhere(person_id: UUID, span: tuple[datetime, datetime]) -> bool:
    """Whether a calendar of this person's holds something in this span, or does not say; one query."""
    (answer,) = send(Statement(ELSEWHERE, [person_id, *span]))
    return answer.rows[0][0]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the calendars of all whose account is open stand.

    oldest: since when the one that fails longest tells nothing new; None where none fails.
    waiting: how many are due for so long that nobody can be reading.
    """

    count: int
    failing: int
    oldest: datetime | None
    waiting: int


def standing(*, now: datetime) -> Standing:
    """For whoever looks after the service: numbers alone, nobody's calendar. One query.

    A closed account's are read no more, so they neither fail nor wait.
    """
    failing = Q(failures__gt=0)
    told = OutsideCalendar.objects.filter(person__is_active=True).aggregate(
        count=Count("pk"),
        failing=Count("pk", filter=failing),
        oldest=Min(Coalesce("read_at", "added_at"), filter=failing),
        waiting=Count("pk", filter=Q(due_at__lt=now - UNREAD_FOR)),
    )
    return Standing(**told)


def calendars_of(person: Person) -> list[OutsideCalendar]:
    """All of a person's calendars, accounts included; one query."""
    return list(OutsideCalendar.objects.filter(person=person).select_related("account"))


def accounts_of(person: Person) -> list[CalendarAccount]:
    return list(CalendarAccount.objects.filter(person=person).order_by("added_at", "pk"))


def worst_of(person: Person, *, now: datetime) -> str:
    """The one word for all of a person's calendars that a page should tell: "unread", "stale" or nothing."""
    words = {state_of(row, now=now).word for row in calendars_of(person)}
    return next((word for word in ("unread", "stale") if word in words), "")
