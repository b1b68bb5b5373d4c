"""Other times of the same mentor, for whoever finds the one they wanted gone: the nearest three."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from quarterhour.engines.hours import awake
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.queries import Pair, free_of, starts_of

THREE = 3
AHEAD = timedelta(days=21)
CLOSE = timedelta(days=2)  # looked at first: three are mostly found there, and a tenth of the weeks has to be read


def alternatives(
    session: MentoringSession | None,
    *,
    mentor_id: UUID,
    org,
    minutes: int,
    now: datetime,
    mentee: Person,
    near: datetime,
    together: UUID | None = None,
    known: Collection[datetime] = (),
) -> list[datetime]:
    """`nearest` of this mentor's free starts, none of the `known` ones; three queries."""
    given = {"mentee": mentee, "but_for": session.pk if session else None, "together": together}
    free = free_of([mentor_id], org=org, between=horizon(near, now), now=now, **given)
    offer = free.offered.get(mentor_id)
    if offer is None:
        return []
    taken, elsewhere = free.taken(mentor_id), free.elsewhere
    starts = partial(starts_of, offer.hours, offer.availability, taken, minutes=minutes, now=now, elsewhere=elsewhere)
    return nearest(lambda between: starts(between=between), near=near, now=now, zone=mentee.zone, known=known)


def nearest(
    starts: Callable[[Pair], list[datetime]],
    *,
    near: datetime,
    now: datetime,
    zone: str,
    known: Collection[datetime] = (),
) -> list[datetime]:
    """Three starts in order: the nearest to `near`, and where the mentee, who lives in `zone`, is up then, those in
    their night only where there are too few others. None of the `known` ones.

    starts: the free starts between two moments. Whatever lies within the first reach is nearer than all beyond it, so
    where three of the wanted kind are found there, nothing else is asked for.
    """
    here = ZoneInfo(zone)
    by_day = awake(near.astimezone(here))

    def far(start: datetime) -> tuple[bool, timedelta]:
        return by_day and not awake(start.astimezone(here)), abs(start - near)

    first, last = horizon(near, now)
    close = [start for start in starts((max(first, near - CLOSE), min(last, near + CLOSE))) if start not in known]
    found = sorted(close, key=far)[:THREE]
    if len(found) < THREE or far(found[-1])[0]:
        found = sorted((start for start in starts((first, last)) if start not in known), key=far)[:THREE]
    return sorted(found)


def horizon(near: datetime, now: datetime) -> Pair:
    """Between which moments another time is looked for."""
    return now, max(near, now) + AHEAD
