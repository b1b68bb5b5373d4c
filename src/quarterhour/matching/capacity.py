"""What each mentor has left, counted ahead of any question: free hours, minutes, and how it went so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.db import connection, transaction

from quarterhour.availability.queries import offers
from quarterhour.core.ids import uuid7
from quarterhour.engines.budget import minutes_given, week_of
from quarterhour.engines.slots import Taken
from quarterhour.matching.models import DAYS_AHEAD, HOURS_AHEAD, Capacity
from quarterhour.people.models import Profile
from quarterhour.sessions.queries import starts_of, taken_time
from quarterhour.trust.queries import helped_by

BATCH = 250
STALE = timedelta(hours=6)
HOUR = timedelta(hours=1)
HOLDS_ARE_OVER = timedelta(hours=2)


@transaction.atomic
def count_capacity(*, org_id: UUID, mentor_ids: Iterable[UUID], now: datetime) -> int:
    """Count anew what these mentors have left; rows of people who offer nothing any more go. Returns rows kept.

    The same number of queries for one mentor or for many; running twice leaves the same.
    """
    wanted = list(dict.fromkeys(mentor_ids))
    shortest = {
        person_id: min(lengths or [15])
        for person_id, lengths in Profile.objects.within(org_id)
        .mentors()
        .filter(person__in=wanted)
        .values_list("person", "lengths")
    }
    begins = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    ends = begins + timedelta(days=DAYS_AHEAD)
    offered = offers(shortest, org=org_id, since=begins.date() - timedelta(days=2))
    # A hold is over in minutes and nobody would count again: as if every one had run out.
    gone = taken_time(offered, (begins - timedelta(days=10), ends + timedelta(days=10)), now=now + HOLDS_ARE_OVER)
    quality = helped_by(offered, org=org_id)
    rows = []
    for mentor_id, offer in offered.items():
        taken, zone = gone.get(mentor_id, Taken()), offer.availability.zone
        given = {"minutes": shortest[mentor_id], "between": (now, ends), "now": now}
        starts = starts_of(offer.hours, offer.availability, taken, **given)
        given = minutes_given(taken.booked, zone).get(week_of(now, zone), 0)
        told = quality.get(mentor_id)
        rows.append(
            (
                uuid7(), org_id, mentor_id, begins.date(), hours_of(starts, begins=begins), given,
                offer.availability.weekly_minutes, told.of if told else 0, told.helped if told else 0, now,
            )
        )  # fmt: skip
    # Whoever offers time and has hours that cannot be read keeps an empty row, or they would be looked at for ever.
    nothing = "0" * HOURS_AHEAD
    rows += [
        (uuid7(), org_id, mentor_id, begins.date(), nothing, 0, 0, 0, 0, now)
        for mentor_id in set(shortest) - set(offered)
    ]
    gone_now = set(wanted) - set(shortest)
    if gone_now:
        Capacity.objects.within(org_id).filter(mentor__in=gone_now).delete()
    _keep(rows)
    return len(rows)


def hours_of(starts: Sequence[datetime], *, begins: datetime) -> str:
    """A bit for each hour from `begins` on, 1 where one of the instants lies in it."""
    bits = ["0"] * HOURS_AHEAD
    for start in starts:
        place = (start - begins) // HOUR
        if 0 <= place < HOURS_AHEAD:
            bits[place] = "1"
    return "".join(bits)


@dataclass(frozen=True, slots=True)
class Window:
    """The time somebody asks for, as the database compares it: hours from midnight UTC of `day` on."""

    day: str
    mask: str


def window_of(lower: datetime, upper: datetime, *, now: datetime) -> Window:
    """The hours between two instants. What lies beyond the days counted ahead leaves nobody out."""
    begins = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    first, last = (lower - begins) // HOUR, -((begins - upper) // HOUR)
    if last > HOURS_AHEAD - 24:  # a row of yesterday knows no fourteenth day
        return Window(begins.date().isoformat(), "")
    inside = ("1" if first <= hour < last else "0" for hour in range(HOURS_AHEAD))
    return Window(begins.date().isoformat(), "".join(inside))


def stale(*, now: datetime, most: int = BATCH) -> list[tuple[UUID, list[UUID]]]:
    """Mentors whose row is missing or old, at most so many, by organisation."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.org_id, p.person_id FROM people_profile p LEFT JOIN matching_capacity c"
            " ON c.org_id = p.org_id AND c.mentor_id = p.person_id"
            " WHERE p.is_mentor"
            " AND EXISTS (SELECT FROM people_membership m WHERE m.org_id = p.org_id AND m.person_id = p.person_id)"
            " AND EXISTS (SELECT FROM people_person who WHERE who.id = p.person_id AND who.is_active)"
            " AND (c.counted_at IS NULL OR c.counted_at < %s)"
            " AND EXISTS (SELECT FROM availability_availability a"
            "  WHERE a.org_id = p.org_id AND a.mentor_id = p.person_id)"
            " ORDER BY c.counted_at NULLS FIRST LIMIT %s",
            [now - STALE, most],
        )
        found: dict[UUID, list[UUID]] = {}
        for org_id, person_id in cursor.fetchall():
            found.setdefault(org_id, []).append(person_id)
    return list(found.items())


def note_shown(mentor_ids: Sequence[UUID], *, org_id: UUID, now: datetime) -> None:
    """These people were shown to somebody once more. A week ago counts half."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE matching_capacity SET shown_at = %s, shown = 1 + shown *"
            " power(0.5, greatest(0, extract(epoch FROM %s - coalesce(shown_at, %s))) / 604800)"
            " WHERE org_id = %s AND mentor_id = ANY(%s)",
            [now, now, now, org_id, sorted(mentor_ids)],
        )


def _keep(rows: list[tuple]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO matching_capacity (id, org_id, mentor_id, begins, hours, minutes_given, minutes_budget,"
            " rated, helped, counted_at, shown)"
            " SELECT id, org, mentor, begins, hours::bit(336), given, budget, rated, helped, at, 0"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::date[], %s::text[], %s::int[], %s::int[], %s::int[],"
            " %s::int[], %s::timestamptz[]) AS row(id, org, mentor, begins, hours, given, budget, rated, helped, at)"
            " ORDER BY mentor"
            " ON CONFLICT (org_id, mentor_id) DO UPDATE SET begins = excluded.begins, hours = excluded.hours,"
            " minutes_given = excluded.minutes_given, minutes_budget = excluded.minutes_budget,"
            " rated = excluded.rated, helped = excluded.helped, counted_at = excluded.counted_at"
            " WHERE matching_capacity.counted_at <= excluded.counted_at",
            [list(column) for column in zip(*rows, strict=True)],
        )
