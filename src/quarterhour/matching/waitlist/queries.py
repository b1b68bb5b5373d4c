"""Reading the waitlist: who waits, where somebody stands, and what is kept for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from quarterhour.engines import waitlist as engine
from quarterhour.matching.models import FreedTime, Waiter
from quarterhour.needs.models import Need
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession, Status

MOST_COMPARED = 1_000


def waiter_for(need: Need, *, visible_to: Person) -> Waiter | None:
    """Whether this question is on the waitlist, the mentor it waits for included; also one that has ended."""
    return Waiter.objects.visible_to(visible_to).select_related("mentor").filter(need=need).first()


def waiters_of(need_ids: Iterable[UUID], *, visible_to: Person, now: datetime) -> dict[UUID, Waiter]:
    """Which of these questions wait for a time now, by question, the mentor they wait for included. One query."""
    rows = Waiter.objects.visible_to(visible_to).open(now).filter(need__in=list(need_ids))
    return {row.need_id: row for row in rows.select_related("mentor")}


def kept_times(waiters: Iterable[Waiter], *, visible_to: Person, now: datetime) -> dict[UUID, MentoringSession]:
    """The freed times that are held for these at this moment, by question. One query, none for nobody."""
    keys = [waiter.pk for waiter in waiters]
    if not keys:
        return {}
    rows = FreedTime.objects.visible_to(visible_to).open().filter(waiter__in=keys, until__gt=now)
    rows = rows.filter(session__status=Status.HELD, session__held_until__gt=now).select_related("session__mentor")
    return {row.session.need_id: row.session for row in rows}


def standing(waiter: Waiter, *, now: datetime) -> tuple[int, int]:
    """The place among those who wait for somebody this one waits for, and how many they are. One query."""
    everybody = Waiter.objects.within(waiter.org_id).open(now).order_by("since")[:MOST_COMPARED]
    return engine.place_of(as_engine(waiter), map(as_engine, everybody))


def kept_time(waiter: Waiter, *, now: datetime) -> MentoringSession | None:
    """The freed time that is held for this one at this moment. One query."""
    rows = FreedTime.objects.within(waiter.org_id).open().filter(waiter=waiter, until__gt=now)
    rows = rows.filter(session__status=Status.HELD, session__held_until__gt=now)
    found = rows.select_related("session__mentor").first()
    return found.session if found else None


def is_kept(session_id: UUID, *, org_id: UUID) -> bool:
    """Whether this held time came free for somebody who waits."""
    return FreedTime.objects.within(org_id).filter(session=session_id).exists()


def as_engine(waiter: Waiter) -> engine.Waiter:
    return engine.Waiter(id=waiter.pk, since=waiter.since.timestamp(), fits=waiter.fits)
