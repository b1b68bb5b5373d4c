"""When somebody is reminded of a session: early enough to act on it, never all at the same second, never at night.

There are two reminders. The one of the day before may move out of the person's quiet hours; the last one, a
quarter of an hour before, never moves. Each is sent within a stretch of time that *ends* at the time people
expect, because sessions start at full hours and everybody's reminders would otherwise fall due together.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple

from quarterhour.engines.wallclock import DAY, Wallclock, floor_second, moment, wallclock


class Kind(StrEnum):
    """Which reminder: of the day before, or the last one."""

    DAY = "day"
    SOON = "soon"


BEFORE = {Kind.DAY: timedelta(hours=24), Kind.SOON: timedelta(minutes=15)}
SPREAD = {Kind.DAY: timedelta(minutes=30), Kind.SOON: timedelta(minutes=2)}
APART = timedelta(hours=2)  # nobody is reminded twice within less
LONGEST_QUIET = timedelta(hours=14)


class Quiet(NamedTuple):
    """Hours of a person's own day in which nothing but the last reminder is sent; equal ends mean none."""

    start: time
    end: time

    @property
    def length(self) -> timedelta:
        """How long it lasts on a day without a change of clocks, 0 to 24 hours."""
        return timedelta(seconds=(_seconds(self.end) - _seconds(self.start)) % DAY)


NIGHT = Quiet(time(22), time(7))


class Due(NamedTuple):
    """A reminder: of which kind, when it is due, and until when it is worth sending. Aware, in UTC."""

    kind: Kind
    at: datetime
    until: datetime


def reminders(start: datetime, *, booked_at: datetime, zone: str, quiet: Quiet, seed: str) -> list[Due]:
    """The reminders of one person for a session, first the one of the day before.

    start, booked_at: aware. booked_at is when this time was agreed on: who booked or moved later than a reminder
    was due does not get it, the news of the booking itself has just come.
    zone: IANA name of the zone the person lives in; quiet: their quiet hours, at most `LONGEST_QUIET` a day.
    seed: anything that tells this person and session from others; the same seed gives the same seconds.
    Raises ValueError for an instant without a zone, an unknown zone, or quiet hours that leave no day.

    >>> from datetime import UTC
    >>> ten = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
    >>> for due in reminders(ten, booked_at=ten - timedelta(days=3), zone="Europe/Lisbon", quiet=NIGHT, seed="a"):
    ...     print(due.kind, f"{due.at:%a %H:%M}")
    day Wed 09:58
    soon Thu 09:59
    """
    if quiet.length > LONGEST_QUIET:
        raise ValueError(f"Quiet hours last {LONGEST_QUIET} at most, these last {quiet.length}.")
    floor_second(booked_at)  # both want a zone
    last_call = worth_until(Kind.DAY, start)
    found = []
    part, latest = _part(f"{seed} {Kind.DAY}"), last_call - APART
    day = _of_the_day(start, booked_at=booked_at, latest=latest, zone=zone, quiet=quiet, part=part)
    if day is not None:
        found.append(Due(Kind.DAY, day, last_call))
    wanted = start - BEFORE[Kind.SOON]
    if booked_at < wanted:
        spread = min(SPREAD[Kind.SOON], wanted - booked_at)
        found.append(Due(Kind.SOON, wanted - spread * _part(f"{seed} {Kind.SOON}"), worth_until(Kind.SOON, start)))
    return found


def worth_until(kind: Kind, start: datetime) -> datetime:
    """Until when a reminder is worth sending: the first one until the last one may come, that one until the start."""
    return start if kind == Kind.SOON else start - BEFORE[Kind.SOON] - SPREAD[Kind.SOON]


def after_quiet(kind: Kind, now: datetime, *, until: datetime, zone: str, quiet: Quiet, seed: str) -> datetime | None:
    """When a reminder that is due now may be sent: `now`, or after the quiet hours; None if that is too late.

    For whatever was late, or whose person chose other hours after it was planned.
    """
    stretch = None if kind == Kind.SOON else quiet_around(now, zone=zone, quiet=quiet)
    if stretch is None:
        return now
    later = stretch[1] + SPREAD[kind] * _part(f"{seed} {kind}")
    return later if later <= until - APART else None


def quiet_around(instant: datetime, *, zone: str, quiet: Quiet) -> tuple[datetime, datetime] | None:
    """The quiet stretch `[from, to)` in which `instant` lies, in UTC; None if it lies in none.

    Hours are those on the wall: in a night with a change of clocks the stretch is an hour longer or shorter.
    An end that a wall shows twice counts when it comes the second time.
    """
    length = round(quiet.length.total_seconds())
    if not length:
        return None
    second = floor_second(instant)
    clock = wallclock(zone, second - 2 * DAY, second + 2 * DAY)
    for from_, to in _stretches(clock, clock.wall(second) // DAY, _seconds(quiet.start), length):
        if from_ <= second < to:
            return moment(from_), moment(to)
    return None


def _stretches(clock: Wallclock, today: int, start: int, length: int) -> list[tuple[int, int]]:
    """The quiet stretches that begin on the days around `today`, as seconds."""
    begins = [day * DAY + start for day in range(today - 2, today + 2)]
    return [(clock.opens(begin), clock.closes(begin + length)) for begin in begins]


def _of_the_day(
    start: datetime, *, booked_at: datetime, latest: datetime, zone: str, quiet: Quiet, part: float
) -> datetime | None:
    """The moment of the reminder of the day before; None if there is none that suits."""
    wanted = start - BEFORE[Kind.DAY]
    if booked_at >= wanted:
        return None
    spread = SPREAD[Kind.DAY]
    # Both ends of the stretch in which it would be sent count: it is spread before it is moved.
    usual = wanted - min(spread, wanted - booked_at) * part
    stretch = quiet_around(usual, zone=zone, quiet=quiet)
    if stretch is None:
        return usual
    from_, to = stretch
    choices = [to + spread * part]
    if booked_at < from_:
        choices.insert(0, from_ - min(spread, from_ - booked_at) * part - timedelta(microseconds=1))
    awake = [at for at in choices if booked_at < at <= latest and quiet_around(at, zone=zone, quiet=quiet) is None]
    return min(awake, key=lambda at: abs(at - wanted), default=None)


def _part(seed: str) -> float:
    """A number from 0 to 1, the same for the same seed, spread evenly over all seeds."""
    return int.from_bytes(blake2b(seed.encode(), digest_size=6).digest(), "big") / 2**48


def _seconds(hour: time) -> int:
    return hour.hour * 3600 + hour.minute * 60 + hour.second
