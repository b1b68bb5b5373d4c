"""When somebody is asked what became of a session, and when they are reminded of what they took on.

Days are days on the person's calendar: a week after a conversation at ten is ten o'clock again, whatever the clocks
did in between. Nobody is asked in their quiet hours, and not everybody in the same minute.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple
from zoneinfo import ZoneInfo

from quarterhour.engines.reminding import LONGEST_QUIET, Quiet, quiet_around
from quarterhour.engines.wallclock import DAY, day_number, floor_second, moment, wallclock


class Kind(StrEnum):
    """Which of the two times somebody is asked; there is no third."""

    WEEK = "week"
    MONTH = "month"


AFTER = {Kind.WEEK: 7, Kind.MONTH: 30}  # days on the person's calendar
WORTH = {Kind.WEEK: timedelta(days=14), Kind.MONTH: timedelta(days=30)}  # how long an unsent one still makes sense
SPREAD = timedelta(minutes=30)
BELATED = timedelta(days=1)  # who learns of a session later than this after a time to ask lets that time be
MORNING, EVENING = time(8), time(20)


class Due(NamedTuple):
    """Somebody is asked: which time it is, when, and until when it is worth asking. Aware, in UTC."""

    kind: Kind
    at: datetime
    until: datetime


class Morning(NamedTuple):
    """From when to when somebody may be reminded of what is due on a day. Aware, in UTC."""

    at: datetime
    until: datetime


def follow_ups(ended: datetime, *, known_at: datetime, zone: str, quiet: Quiet, seed: str) -> list[Due]:
    """The two times one person is asked about a session, the earlier first.

    ended, known_at: aware. known_at is when we plan; a time that was over by more than `BELATED` then is let be.
    zone: IANA name of the zone the person lives in; quiet: their quiet hours, at most `LONGEST_QUIET` a day.
    seed: anything that tells this person and session from others; the same seed gives the same minutes.
    Raises ValueError for an instant without a zone, an unknown zone, or quiet hours that leave no day.

    >>> from datetime import UTC
    >>> from quarterhour.engines.reminding import NIGHT
    >>> ten = datetime(2026, 10, 20, 10, tzinfo=UTC)
    >>> for due in follow_ups(ten, known_at=ten, zone="Europe/Lisbon", quiet=NIGHT, seed="a"):
    ...     print(due.kind, f"{due.at.astimezone(ZoneInfo('Europe/Lisbon')):%a %d %b %H:%M}")
    week Tue 27 Oct 11:11
    month Thu 19 Nov 11:11
    """
    _check(quiet)
    floor_second(known_at)
    wall = moment(floor_second(ended)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    found = []
    for kind, days in AFTER.items():
        at = _awake(
            _on_the_wall(wall + timedelta(days=days), zone), zone=zone, quiet=quiet, spread=SPREAD * _part(seed)
        )
        if at >= known_at - BELATED:
            found.append(Due(kind, at, at + WORTH[kind]))
    return found


def morning_of(day: date, *, zone: str, quiet: Quiet, seed: str) -> Morning | None:
    """When somebody is reminded of what is due on `day` of their calendar: from eight in the morning, spread, awake.

    None where their quiet hours last until the evening. Raises ValueError as `follow_ups` does.
    """
    _check(quiet)
    eight = _on_the_wall(datetime.combine(day, MORNING), zone)
    until = _on_the_wall(datetime.combine(day, EVENING), zone)
    at = _awake(eight, zone=zone, quiet=quiet, spread=SPREAD * _part(seed))
    return Morning(at, until) if at < until else None


def _check(quiet: Quiet) -> None:
    if quiet.length > LONGEST_QUIET:
        raise ValueError(f"Quiet hours last {LONGEST_QUIET} at most, these last {quiet.length}.")


def _awake(at: datetime, *, zone: str, quiet: Quiet, spread: timedelta) -> datetime:
    """So much after this moment; after the end of the quiet hours where that would lie in them."""
    stretch = quiet_around(at + spread, zone=zone, quiet=quiet)
    return (stretch[1] if stretch else at) + spread


def _on_the_wall(shown: datetime, zone: str) -> datetime:
    """The moment a clock on the wall of the zone shows this; the first after it where no clock does."""
    seconds = day_number(shown.date()) * DAY + shown.hour * 3600 + shown.minute * 60 + shown.second
    return moment(wallclock(zone, seconds - 2 * DAY, seconds + 2 * DAY).opens(seconds))


def _part(seed: str) -> float:
    """A number from 0 to 1, the same for the same seed, spread evenly over all seeds."""
    return int.from_bytes(blake2b(f"follow up {seed}".encode(), digest_size=6).digest(), "big") / 2**48
