"""Whose clock a time is on: names of the IANA, of Windows, of somebody's own making."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from quarterhour.engines.calendars.lines import Part
from quarterhour.engines.calendars.rules import NotCounted, Steps, occurrences, read_rule

FIRST = datetime(1970, 1, 1)  # noqa: DTZ001 - wall times have no zone
YEARS_BACK, YEARS_AHEAD = 3, 3  # around the time somebody asks about
_WINDOWS = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}
_WINDOWS |= {
    "utc": "UTC",
    "z": "UTC",
    "gmt": "UTC",
    "tzone://microsoft/utc": "UTC",
    "coordinated universal time": "UTC",
}
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)(?::?(\d\d))?")
_FIXED = re.compile(r"(?:\(?(?:UTC|GMT)\)?)?([+-]\d{1,2})(?::?(\d\d))?(?:\).*)?", re.IGNORECASE)
MOST_CHANGES = 200


class Clock(Protocol):
    def utc(self, wall: datetime) -> int:
        """The second since 1970 of a wall time without a zone; in a gap, as if the clock had not been moved yet."""
        ...


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of the IANA."""

    info: ZoneInfo

    def utc(self, wall: datetime) -> int:
        try:
            return int(wall.replace(tzinfo=self.info).timestamp())
        except (OverflowError, ValueError):  # the first or last hours there are
            return int(wall.replace(tzinfo=UTC).timestamp())


@dataclass(frozen=True, slots=True)
class Told:
    """A zone as the file describes it: from which wall time on, which offset in seconds holds."""

    since: tuple[datetime, ...]
    offsets: tuple[int, ...]

    def utc(self, wall: datetime) -> int:
        at = max(bisect_right(self.since, wall) - 1, 0)
        return int(wall.replace(tzinfo=UTC).timestamp()) - self.offsets[at]


def clock_of(name: str, told: Mapping[str, Part], around: datetime) -> Clock | None:
    """The clock of this name; None if nobody knows it. told: the time zones of the file, by name.

    around: a wall time near what is asked for; the description of a zone is read for some years on either side.
    """
    known = known_zone(name)
    if known is not None:
        return Zone(known)
    part = told.get(name)
    if part is not None:
        placed = known_zone(part.text("X-LIC-LOCATION"))
        if placed is not None:
            return Zone(placed)
        try:
            return _described(part, around)
        except (NotCounted, ValueError, OverflowError):
            pass
    fixed = _FIXED.fullmatch(name.strip())
    if fixed and abs(int(fixed.group(1))) < 15:  # noqa: PLR2004 - no clock is further away
        hours, minutes = int(fixed.group(1)), int(fixed.group(2) or 0)
        sign = -1 if fixed.group(1).startswith("-") else 1
        return Told((FIRST,), (hours * 3600 + sign * minutes * 60,))
    return None


@lru_cache(maxsize=2048)
def known_zone(name: str) -> ZoneInfo | None:
    """A zone by its IANA name, its Windows name, or an IANA name behind something else ("/x.org/1/Europe/Oslo").

    >>> [zone and zone.key for zone in map(known_zone, ("W. Europe Standard Time", "/x.org/2/Europe/Oslo", "Mars"))]
    ['Europe/Berlin', 'Europe/Oslo', None]
    """
    name = name.strip().strip('"')
    windows = _WINDOWS.get(name.casefold())
    if windows:
        return ZoneInfo(windows)
    pieces = [piece for piece in name.split("/") if piece][-3:]
    for length in range(len(pieces), 0, -1):
        if length == 1 and len(pieces) > 1:
            break  # the last word alone is a place, not a zone
        tried = "/".join(pieces[-length:]).replace(" ", "_")
        if not re.fullmatch(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*", tried):
            continue
        try:
            return ZoneInfo(tried)
        except (ValueError, OSError, LookupError):
            continue
    return None


def _described(part: Part, around: datetime) -> Told:
    """A zone from its VTIMEZONE. Raises ValueError or NotCounted where that cannot be read."""
    steps = Steps(20_000)
    changes: dict[datetime, int] = {}
    before: list[tuple[datetime, int]] = []
    lo = around.replace(day=1) - timedelta(days=366 * YEARS_BACK)
    hi = around.replace(day=1) + timedelta(days=366 * YEARS_AHEAD)
    for each in part.parts:
        first = wall_time(each.text("DTSTART").rstrip("Z"))
        offset = _seconds(each.text("TZOFFSETTO"))
        _seconds(each.text("TZOFFSETFROM"))
        before.append((first, offset))
        changes[first] = offset
        rule = each.text("RRULE")
        if rule:
            until = read_rule(rule).until
            end = min(hi, wall_time(until.rstrip("Z")) + timedelta(days=1)) if until else hi
            for at in occurrences(read_rule(rule), first, lo, end, steps):
                changes[at] = offset
        for dates in each.all("RDATE"):
            for text in dates.value.split(",")[:MOST_CHANGES]:
                changes[wall_time(text.rstrip("Z"))] = offset
    if not before:
        raise ValueError("This zone says nothing about its clock.")
    ordered = sorted(changes.items())
    return Told(tuple(at for at, _ in ordered), tuple(offset for _, offset in ordered))


def _seconds(text: str) -> int:
    found = _OFFSET.fullmatch(text)
    if not found:
        raise ValueError(text)
    sign, hours, minutes, seconds = found.groups()
    return (-1 if sign == "-" else 1) * (int(hours) * 3600 + int(minutes) * 60 + int(seconds or 0))


_WALL = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?)?")


def wall_time(text: str) -> datetime:
    """A date, or a date with a time, without its zone; also with hyphens and colons. Raises ValueError.

    >>> wall_time("20260308T023000"), wall_time("2026-03-08")
    (datetime.datetime(2026, 3, 8, 2, 30), datetime.datetime(2026, 3, 8, 0, 0))
    """
    found = _WALL.fullmatch(text.strip())
    if not found:
        raise ValueError(text[:40])
    year, month, day, hour, minute, second = (int(each or 0) for each in found.groups())
    whole_day = hour == 24 and not minute  # noqa: PLR2004 - midnight at the end, as some write it
    wall = datetime(year, month, day, 0 if whole_day else hour, minute, min(second, 59))  # noqa: DTZ001 - a wall time
    return wall + timedelta(days=1) if whole_day else wall
