"""Which of somebody's questions are on the waitlist, for the list of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from quarterhour.matching.waitlist.queries import kept_times, waiters_of
from quarterhour.people.models import Person
from quarterhour.web import when


def waiting_for_a_time(need_ids: Iterable[UUID], person: Person, *, now: datetime) -> dict[UUID, dict]:
    """For whom each of these questions waits, until when, and what is kept for it at this moment. One query, two where
    one waits.
    """
    waiters = waiters_of(need_ids, visible_to=person, now=now)
    kept = kept_times(waiters.values(), visible_to=person, now=now)
    return {key: _row(waiter, kept.get(key), now) for key, waiter in waiters.items()}


def _row(waiter, kept, now: datetime) -> dict:
    return {
        "with": waiter.mentor,
        "until": when.last_day(waiter.until, now=now),
        "kept": kept,
        "kept_day": when.day_within(kept.starts_at, now=now) if kept else "",
    }
