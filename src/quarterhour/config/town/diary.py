"""When two people could have met: inside the mentor's hours, in nobody's night, never twice at once."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from quarterhour.config.town.plan import Resident
from quarterhour.engines.hours import Hours, window, windows_of

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STEP = timedelta(minutes=15)
BREATH = timedelta(minutes=5)
WAKES, SLEEPS = 7, 22.5  # hours of a mentee's wall clock between which a session may lie


class Diary:
    """Who is taken when, and how many minutes a mentor has given in a week."""

    def __init__(self) -> None:
        self._taken: dict[str, list[tuple[datetime, datetime]]] = {}
        self._given: Counter[tuple[str, tuple[int, int]]] = Counter()

    def starts(self, mentor: Resident, day: date, minutes: int) -> Iterator[datetime]:
        """Starts of a session of `minutes` on the mentor's local `day`, inside the hours, quarter by quarter."""
        length = timedelta(minutes=minutes)
        for span in windows_of(_hours(mentor.zone, _frozen(mentor.hours)), day):
            at = span[0]
            while at + length <= span[1]:
                yield at
                at += STEP

    def fits(self, mentor: Resident, mentee: Resident, start: datetime, minutes: int) -> bool:
        """Whether both are free, the mentee is awake, and the mentor's week still has the minutes."""
        end = start + timedelta(minutes=minutes)
        return (
            self._given[mentor.slug, week_of(start, mentor.zone)] + minutes <= mentor.weekly_minutes
            and awake(mentee.zone, start, end)
            and self._free(mentor.slug, start - BREATH, end + BREATH)
            and self._free(mentee.slug, start - BREATH, end + BREATH)
        )

    def keep(self, mentor: Resident, mentee: Resident, start: datetime, minutes: int) -> None:
        """Note a session."""
        end = start + timedelta(minutes=minutes)
        self._given[mentor.slug, week_of(start, mentor.zone)] += minutes
        for slug in (mentor.slug, mentee.slug):
            insort(self._taken.setdefault(slug, []), (start, end))

    def find(self, mentor: Resident, mentee: Resident, day: date, minutes: int) -> datetime | None:
        """The first start of that day that fits, or None."""
        return next((at for at in self.starts(mentor, day, minutes) if self.fits(mentor, mentee, at, minutes)), None)

    def _free(self, slug: str, start: datetime, end: datetime) -> bool:
        taken = self._taken.get(slug, [])
        at = bisect_left(taken, (end, end))
        return at == 0 or taken[at - 1][1] <= start


def awake(zone: str, start: datetime, end: datetime) -> bool:
    """Whether the session lies in somebody's waking hours."""
    begins, ends = start.astimezone(_zone(zone)), end.astimezone(_zone(zone))
    return begins.date() == ends.date() and begins.hour >= WAKES and ends.hour + ends.minute / 60 <= SLEEPS


def week_of(start: datetime, zone: str) -> tuple[int, int]:
    """The ISO year and week of `start` where the mentor lives."""
    return start.astimezone(_zone(zone)).isocalendar()[:2]


def _frozen(weekly: dict[str, list[list[str]]]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    return tuple((day, tuple((a, b) for a, b in spans)) for day, spans in weekly.items())


@lru_cache(maxsize=4096)
def _hours(zone: str, weekly: tuple) -> Hours:
    return Hours(zone, {DAYS.index(day): [window(a, b) for a, b in spans] for day, spans in weekly})


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
