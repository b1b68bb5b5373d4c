"""When somebody would like to be asked: a week of wall-clock windows, and the dates on which it is otherwise.

The rules stand in SLOTS, sections 1 and 2; the guide is docs/algorithms/slots.md.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from quarterhour.engines.spans import Pair, Span
from quarterhour.engines.wallclock import DAY, MINUTE, Wallclock, day_number, known_zone, moment, wallclock

# The days of a week in order: as hours are stored, and as people call them.
DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
UP, TO_BED = 7, 22
_MINUTES = 24 * 60
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_MONDAY = 3  # what to add to a day number so that Monday comes out as 0: 1 January 1970 was a Thursday


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of wall clock, in minutes since midnight of the date it starts on.

    start: 0 to 1439.
    end: 1 to 1440 on the same date if later than `start`, otherwise 0 to 1439 on the next date.
    Raises ValueError if either is off the clock or both are equal.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < _MINUTES and 0 <= self.end <= _MINUTES):
            raise ValueError(
                f"A window from minute {self.start} to minute {self.end} leaves the clock. "
                "Start between 0 and 1439, end between 0 and 1440."
            )
        if self.start == self.end:
            raise ValueError(
                f"A window from {self} is empty. Choose two different times; 00:00 to 24:00 is the whole day."
            )

    def __str__(self) -> str:
        return f"{_clock(self.start)} to {_clock(self.end)}"

    @property
    def overnight(self) -> bool:
        """Whether it ends on the date after the one it starts on."""
        return self.end < self.start or self.end == _MINUTES


def window(start: str, end: str) -> Window:
    """The window between two clock times as people write them.

    start: "HH:MM" from 00:00 to 23:59.
    end: the same, or "24:00"; earlier than `start` means on the next date.
    Raises ValueError, with what to write instead, if a time is malformed or both are equal.

    >>> window("09:00", "12:30")
    Window(start=540, end=750)
    >>> print(window("22:00", "02:00"), window("22:00", "02:00").overnight)
    22:00 to 02:00 True
    """
    minutes = []
    for text in (start, end):
        if not (isinstance(text, str) and _CLOCK.fullmatch(text)):
            raise ValueError(f'"{text}" is not a time of day. Write it as HH:MM, for example 09:30.')
        minutes.append(int(text[:2]) * 60 + int(text[3:]))
    if start == "24:00":
        raise ValueError("A window cannot start at 24:00. Let it start at 00:00 of the next day.")
    return Window(*minutes)


@dataclass(frozen=True, slots=True)
class Hours:
    """The time somebody gives, on their own wall.

    zone: IANA name of the zone whose wall it is.
    weekly: weekday (0 is Monday) -> windows in any order, overlaps welcome; missing days have none.
    overrides: local date -> the windows of that date instead; an empty list is a day off.
    Raises ValueError if there is no such zone or weekday.
    """

    zone: str
    weekly: Mapping[int, Sequence[Window]]
    overrides: Mapping[date, Sequence[Window]] = field(default_factory=dict)
    # The same in seconds since midnight and by day number, so that asking twice does not count twice.
    _week: tuple[tuple[Pair, ...], ...] = field(init=False, repr=False, compare=False)
    _owned: dict[int, tuple[Pair, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known_zone(self.zone)
        if strange := set(self.weekly) - set(range(7)):
            raise ValueError(f"There is no weekday {strange.pop()!r}. Count from 0, Monday, to 6, Sunday.")
        week = tuple(_seconds(self.weekly.get(weekday, ())) for weekday in range(7))
        owned = {day_number(day): _seconds(windows) for day, windows in self.overrides.items()}
        object.__setattr__(self, "_week", week)
        object.__setattr__(self, "_owned", owned)

    def on(self, day: int, clock: Wallclock) -> list[Pair]:
        """The real stretches of the windows that start on local day number `day`, empty ones left out.

        clock: the clock of `zone` around that day.
        """
        windows = self._owned.get(day)
        if windows is None:
            windows = self._week[(day + _MONDAY) % 7]
        if not windows:
            return []
        midnight = day * DAY
        real = [(clock.opens(midnight + start), clock.closes(midnight + end)) for start, end in windows]
        if day + 1 in self._owned:
            # An override owns its whole date, from where a start at midnight opens: nothing from the evening
            # before reaches into it. Of a date the zone skipped, nothing can.
            first = clock.opens(midnight + DAY)
            real = [(start, min(end, first)) for start, end in real]
        return [(start, end) for start, end in real if start < end]

    def within(self, lo: int, hi: int, clock: Wallclock) -> list[Pair]:
        """Every single window that meets `[lo, hi)`, whole, earliest first; they may overlap.

        lo, hi: seconds since 1970. clock: the clock of `zone` around them.
        """
        # A window reaches at most into the date after its own.
        first = (lo + min(clock.offsets)) // DAY - 1
        last = (hi - 1 + max(clock.offsets)) // DAY
        found = [
            pair for day in range(first, last + 1) for pair in self.on(day, clock) if pair[1] > lo and pair[0] < hi
        ]
        found.sort()
        return found


def windows_of(hours: Hours, day: date) -> list[Span]:
    """The real time of each window that starts on the local date `day`, in order; windows may overlap.

    For drawing a week: what summer time leaves empty and what the next date's override takes is already gone.
    """
    number = day_number(day)
    clock = wallclock(hours.zone, number * DAY, number * DAY)
    return [Span(moment(start), moment(end)) for start, end in sorted(hours.on(number, clock))]


def iso_week(day: int) -> int:
    """A number shared by the seven days of one ISO week, Monday to Sunday, and by no others.

    day: a day number.
    """
    return (day + _MONDAY) // 7


def _seconds(windows: Sequence[Window]) -> tuple[Pair, ...]:
    return tuple((each.start * MINUTE, each.end * MINUTE + (DAY if each.end < each.start else 0)) for each in windows)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def awake(local: datetime) -> bool:
    """Whether people are up at this time of their own clock: from seven in the morning to ten in the evening.

    For what is proposed first; what may be booked is for their hours to say.
    """
    return UP <= local.hour < TO_BED
