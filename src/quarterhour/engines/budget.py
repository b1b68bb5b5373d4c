"""The minutes a mentor gives in a week, and whether one more session fits in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def week_of(instant: datetime, zone: str) -> date:
    """The Monday of the local week in which an aware `instant` lies, in an IANA zone."""
    local = instant.astimezone(ZoneInfo(zone)).date()
    return local - timedelta(days=local.weekday())


def minutes_given(booked: Iterable[tuple[datetime, datetime]], zone: str) -> dict[date, int]:
    """Minutes of the sessions, by the Monday of the local week each one starts in."""
    given: dict[date, int] = {}
    for start, end in booked:
        week = week_of(start, zone)
        given[week] = given.get(week, 0) + round((end - start).total_seconds() / 60)
    return given


def within_budget(
    starts: Iterable[datetime],
    *,
    minutes: int,
    booked: Iterable[tuple[datetime, datetime]],
    budget: int,
    zone: str,
) -> list[datetime]:
    """The starts whose week still has `minutes` of its `budget` (minutes a local week, Monday first).

    >>> from datetime import UTC
    >>> monday, next_monday = (datetime(2026, 11, day, 9, tzinfo=UTC) for day in (23, 30))
    >>> spent = [(monday, monday + timedelta(minutes=45))]
    >>> within_budget([monday, next_monday], minutes=25, booked=spent, budget=60, zone="UTC") == [next_monday]
    True
    """
    fits = room_left(minutes=minutes, booked=booked, budget=budget, zone=zone)
    return [start for start in starts if fits(start)]


def room_left(
    *, minutes: int, booked: Iterable[tuple[datetime, datetime]], budget: int, zone: str
) -> Callable[[datetime], bool]:
    """The same question for one start after another: whether its week still has `minutes` of the `budget`."""
    given = minutes_given(booked, zone)
    return lambda start: given.get(week_of(start, zone), 0) + minutes <= budget
