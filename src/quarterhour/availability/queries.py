"""Reading the time people give: as rows for the page, as hours and rules for the engine."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.db import connection
from django.db.models import Prefetch

from quarterhour.availability.models import Availability, DayOverride
from quarterhour.core.models import Organisation
from quarterhour.core.places import Meets
from quarterhour.engines.hours import DAYS, Hours, Window, window, windows_of
from quarterhour.engines.slots import Rules, Taken, free_slots
from quarterhour.people.models import Person

log = structlog.get_logger(__name__)

ONCE = timedelta(minutes=30)  # a stretch given once: a session of 25 minutes, and a breath


def usual_place(mentor_id: UUID, *, org_id: UUID) -> dict[str, str]:
    """Where this mentor usually meets people, as the columns `meets` and `where`. For whoever books them. A query."""
    rows = Availability.objects.within(org_id).filter(mentor=mentor_id)
    return rows.values("meets", "where").first() or {"meets": Meets.ROOM, "where": ""}


@dataclass(frozen=True, slots=True)
class Offer:
    """What a mentor gives, as the engine reads it, and the row it came from."""

    hours: Hours
    availability: Availability


def offers(mentor_ids: Iterable[UUID], *, org: Organisation | UUID, since: date | None = None) -> dict[UUID, Offer]:
    """What each of these mentors offers in `org`; who offers nothing there is left out.

    since: overrides of earlier dates are not read; None reads them all.
    Two queries, however many mentors. A row whose hours cannot be read is logged and left out, so that
    one mentor's broken week never hides the others.
    """
    org_id = org if isinstance(org, UUID) else org.pk
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [org_id, list(mentor_ids)])
        rows = cursor.fetchall()
        cursor.execute(OVERRIDES, [org_id, [row[0] for row in rows], since, since])
        differing = dict(cursor.fetchall())
    found: dict[UUID, Offer] = {}
    for key, mentor_id, zone, weekly, *asks in rows:
        hours = hours_as_stored(zone, weekly, differing.get(key), of=key)
        if hours is not None:
            asked = dict(zip(ASKED, asks, strict=True))
            kept = Availability(
                id=key, org_id=org_id, mentor_id=mentor_id, zone=zone, weekly=json.loads(weekly), **asked
            )
            found[mentor_id] = Offer(hours=hours, availability=kept)
    return found


# What a mentor asks of every session, besides the hours.
ASKED = (
    "increment", "buffer_before", "buffer_after", "notice", "horizon_days", "daily_cap", "weekly_cap", "weekly_minutes",
    "version",
)  # fmt: skip

ROWS = f"""
SELECT id, mentor_id, zone, weekly, {", ".join(ASKED)} FROM availability_availability
WHERE org_id = %s AND mentor_id = ANY(%s)
"""  # noqa: S608 - put together from our own words

OVERRIDES = """
SELECT availability_id, jsonb_object_agg(day, windows) FROM availability_dayoverride
WHERE org_id = %s AND availability_id = ANY(%s) AND (%s::date IS NULL OR day >= %s::date) GROUP BY availability_id
"""


def hours_of(availability: Availability) -> Hours:
    """The weekly hours and differing dates of one row, one query unless its overrides are at hand.

    Raises ValueError if the stored hours cannot be: an unknown zone, a time that is none.
    """
    differing = {row.day: row.windows for row in availability.overrides.all()}
    return _hours(availability.zone, availability.weekly, differing)


def hours_as_stored(zone: str, weekly: str, overrides: str | None, *, of: UUID) -> Hours | None:
    """The same from the JSON texts of the database, overrides by date, of the row `of`.

    The same texts are read once. None, and a line in the log, if they cannot be read.
    """
    try:
        return _hours_as_stored(zone, weekly, overrides or "{}")
    except (ValueError, TypeError, AttributeError) as error:
        log.warning("hours_unreadable", availability=str(of), error=type(error).__name__)
        return None


@lru_cache(maxsize=1024)
def _hours_as_stored(zone: str, weekly: str, overrides: str) -> Hours:
    differing = {date.fromisoformat(day): windows for day, windows in json.loads(overrides).items()}
    return _hours(zone, json.loads(weekly), differing)


def _hours(zone: str, weekly: Mapping[str, list], overrides: Mapping[date, list]) -> Hours:
    return Hours(
        zone=zone,
        weekly={number: windows_from(weekly[name]) for number, name in enumerate(DAYS) if name in weekly},
        overrides={day: windows_from(windows) for day, windows in overrides.items()},
    )


def windows_from(stored: Iterable[Iterable[str]]) -> list[Window]:
    """Windows from `[["09:00", "10:30"], ...]`. Raises ValueError if a time cannot be."""
    return [_window(*pair) for pair in stored]


_window = lru_cache(maxsize=4096)(window)  # the same few times of day stand in most weeks


class Asked(Protocol):
    """What a mentor asks of every session, whichever row carries it. Minutes, dates and counts as in `Rules`."""

    increment: int
    buffer_before: int
    buffer_after: int
    notice: int
    horizon_days: int
    daily_cap: int | None
    weekly_cap: int | None


def rules_for(availability: Asked, *, minutes: int) -> Rules:
    """What this mentor asks of a session of so many minutes."""
    return Rules(
        duration=minutes,
        increment=availability.increment,
        buffer_before=availability.buffer_before,
        buffer_after=availability.buffer_after,
        notice=availability.notice,
        horizon_days=availability.horizon_days,
        daily_cap=availability.daily_cap,
        weekly_cap=availability.weekly_cap,
    )


def availability_of(person: Person, *, org: Organisation) -> Availability:
    """What a person offers in `org`: the kept row, or an unsaved empty week in their own zone."""
    rows = Availability.objects.within(org).prefetch_related(
        Prefetch("overrides", queryset=DayOverride.objects.within(org))
    )
    kept = rows.filter(mentor=person).first()
    return kept or Availability(org=org, mentor=person, zone=person.zone, weekly={}, version=0)


def usual_windows(availability: Availability, day: date) -> list[list[str]]:
    """What the week gives on a date by itself, with the part of the night before that reaches into it. A query."""
    names, eve = list(DAYS), day - timedelta(days=1)
    other = availability.overrides.filter(day=eve).first()
    before = other.windows if other else availability.weekly.get(names[eve.weekday()], [])
    nights = [["00:00", end] for start, end in before if end < start and end != "00:00"]
    return [*nights, *([start, end] for start, end in availability.weekly.get(names[day.weekday()], []))]


def could_offer(availability: Availability, *, now: datetime, most: int = 4) -> list[tuple[datetime, datetime]]:
    """Half hours that could be given besides: the next ones of the waking day, after the notice, not given yet.

    Of today, or of tomorrow once today has none left. On the mentor's clock.
    """
    zone = ZoneInfo(availability.zone)
    hours = hours_of(availability) if not availability._state.adding else None  # noqa: SLF001 - an unsaved row
    today = now.astimezone(zone).date()
    for day in (today, today + timedelta(days=1)):
        given = [*windows_of(hours, day - timedelta(days=1)), *windows_of(hours, day)] if hours else []
        halves = [datetime.combine(day, time(hour, minute), zone) for hour in range(7, 22) for minute in (0, 30)]
        found = [
            (start, start + ONCE)
            for start in halves
            if start >= now + timedelta(minutes=availability.notice)
            and not any(a < start + ONCE and start < b for a, b in given)
        ]
        if found:
            return found[:most]
    return []


@dataclass(frozen=True, slots=True)
class Differing:
    """Neighbouring dates that differ from the week in the same way, first to last, both included."""

    first: date
    last: date
    windows: list[list[str]]


def differing(availability: Availability, *, today: date) -> list[Differing]:
    """The dates from today on that differ, days off in a row drawn together; one query or none."""
    if availability.pk is None or availability._state.adding:  # noqa: SLF001 - Django's own mark of an unsaved row
        return []
    told: list[Differing] = []
    for row in availability.overrides.all():
        if row.day < today:
            continue
        before = told[-1] if told else None
        if before and not row.windows and not before.windows and row.day == before.last + timedelta(days=1):
            told[-1] = Differing(before.first, row.day, [])
        else:
            told.append(Differing(row.day, row.day, row.windows))
    return told


def preview(availability: Availability, *, minutes: int, now: datetime, limit: int = 9) -> list[datetime]:
    """The next starts this week would offer for a session of so many minutes, if nothing were booked.

    In UTC; what a mentee sees is the same instants on their own wall clock. At most `limit`.
    """
    if not availability.weekly and availability._state.adding:  # noqa: SLF001
        return []
    rules = rules_for(availability, minutes=minutes)
    until = now + timedelta(days=availability.horizon_days + 2)
    return free_slots(hours_of(availability), rules, Taken(), now=now, between=(now, until), limit=limit)
