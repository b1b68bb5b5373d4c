"""Which starts can be booked: one pure function for listing, holding, booking, confirming and moving alike.

Everything is turned into UTC seconds since 1970 once. Candidates come from the windows; each rule then names
the stretches of that line on which no session may start. The same closures answer "which slots are there" and
"why is this one not", so that what is listed can be booked.

The rules stand in SLOTS, sections 3 to 5; the guide is docs/algorithms/slots.md.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import accumulate, chain, pairwise, repeat
from typing import NamedTuple

from quarterhour.engines.hours import Hours, Window, iso_week, window, windows_of
from quarterhour.engines.spans import Pair, Span, merged, without
from quarterhour.engines.wallclock import (
    DAY,
    EPOCH,
    MINUTE,
    ceil_second,
    floor_second,
    moment,
    since_epoch,
    wallclock,
)

__all__ = [
    "Hours",
    "Loading",
    "Reason",
    "Rules",
    "Taken",
    "Window",
    "free_slots",
    "is_free_slot",
    "loading_range",
    "why_not",
    "window",
    "windows_of",
]

_WEEK = 7 * DAY
_REACH = 4 * DAY  # further than any window, zone or change of offset stretches beyond its date


class Reason(StrEnum):
    """Why a start is not free; the first that applies, in this order."""

    NOT_OFFERED = "not_offered"  # no window, off the grid, or the session would not fit
    TOO_SOON = "too_soon"  # within the notice, or past
    TOO_FAR = "too_far"  # after the last date of the horizon
    TAKEN = "taken"  # meets a busy or booked interval, buffers included
    DAY_FULL = "day_full"  # the daily cap is reached
    WEEK_FULL = "week_full"  # the weekly cap is reached


@dataclass(frozen=True, slots=True)
class Rules:
    """What a mentor asks of every session. Minutes, unless the name says otherwise.

    duration, increment: at least 1, and a duration at most a week.
    buffer_before, buffer_after, notice: at least 0, as elapsed time.
    horizon_days: local dates after today that may be booked; 0 is today only.
    daily_cap, weekly_cap: most sessions per local date and per local ISO week; None for no cap, 0 for none.
    Raises ValueError if one of them cannot be.
    """

    duration: int
    increment: int
    buffer_before: int = 0
    buffer_after: int = 0
    notice: int = 0
    horizon_days: int = 60
    daily_cap: int | None = None
    weekly_cap: int | None = None

    def __post_init__(self) -> None:
        for name in ("duration", "increment"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}. Choose at least 1 minute.")
        if self.duration > _WEEK // MINUTE:
            raise ValueError(f"duration is {self.duration}. Choose at most 10080 minutes, a week.")
        for name in ("buffer_before", "buffer_after", "notice", "horizon_days", "daily_cap", "weekly_cap"):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise ValueError(f"{name} is {value}. Choose 0 or more.")


@dataclass(frozen=True, slots=True)
class Taken:
    """The time that is gone, as (start, end) of aware datetimes, best in UTC; any order, overlaps welcome.

    busy: external calendars, already expanded.
    booked: the mentor's held, pending and confirmed sessions; only these count towards the caps.
    Leave out of both whatever is being moved, or held by the person who asks.
    """

    busy: Sequence[tuple[datetime, datetime]] = ()
    booked: Sequence[tuple[datetime, datetime]] = ()


class Loading(NamedTuple):
    """What to load before asking: every interval that meets these spans; more does no harm."""

    busy: Span
    booked: Span


def free_slots(
    hours: Hours,
    rules: Rules,
    taken: Taken,
    *,
    now: datetime,
    between: tuple[datetime, datetime],
    limit: int | None = None,
) -> list[datetime]:
    """Every start that can be booked, earliest first, in UTC.

    between: `(r0, r1)`, only starts with `r0 <= start < r1`; a session may end after r1.
    limit: stop after so many; None for all of them.
    `taken` must hold everything `loading_range(between, rules)` covers. Aware datetimes throughout.
    Raises ValueError if a datetime has no zone.
    Takes about 0.1 ms for a mentor's week; only weeks between now and the horizon count.
    Source: SLOTS, sections 1 to 5.

    >>> from datetime import UTC
    >>> hours = Hours("Europe/Lisbon", {0: [window("09:05", "10:10")]})
    >>> monday = datetime(2026, 1, 5, tzinfo=UTC)
    >>> week = (monday, monday + timedelta(days=7))
    >>> [f"{slot:%H:%M}" for slot in free_slots(hours, Rules(15, 20), Taken(), now=monday, between=week)]
    ['09:05', '09:25', '09:45']
    """
    search = _Search(hours, rules, taken, now)
    lo = max(ceil_second(between[0]), search.earliest)
    hi = min(ceil_second(between[1]), search.latest)
    found: list[datetime] = []
    # A week at a time, so that the first few slots of a long horizon cost no more than they have to.
    while lo < hi and (limit is None or len(found) < limit):
        found += search.starts(lo, min(lo + _WEEK, hi))
        lo += _WEEK
    return found[:limit]


def is_free_slot(start: datetime, hours: Hours, rules: Rules, taken: Taken, *, now: datetime) -> bool:
    """Whether `free_slots` would list `start`: the last word when somebody holds, books, confirms or moves.

    `taken` must hold everything `loading_range((start, start), rules)` covers.
    Raises ValueError if a datetime has no zone.
    """
    return why_not(start, hours, rules, taken, now=now) is None


def why_not(start: datetime, hours: Hours, rules: Rules, taken: Taken, *, now: datetime) -> Reason | None:
    """The first reason why `start` cannot be booked; None if it can. Same predicate as `free_slots`.

    `taken` must hold everything `loading_range((start, start), rules)` covers.
    Raises ValueError if a datetime has no zone.
    """
    if since_epoch(start).microseconds:
        return Reason.NOT_OFFERED
    return _Search(hours, rules, taken, now).why_not(floor_second(start))


def loading_range(between: tuple[datetime, datetime], rules: Rules) -> Loading:
    """How far around `between` busy and booked time matters.

    Busy time matters as far as the buffers and the duration reach. Booked sessions also count towards caps:
    those of a whole local date or ISO week, here with days to spare for zones and clock changes.
    """
    start, end = floor_second(between[0]), ceil_second(between[1])
    before, after = rules.buffer_before * MINUTE, (rules.duration + rules.buffer_after) * MINUTE
    reach = 9 * DAY if rules.weekly_cap is not None else 3 * DAY if rules.daily_cap is not None else 0
    return Loading(
        busy=Span(moment(start - before), moment(end + after)),
        booked=Span(moment(start - max(before, reach)), moment(end + max(after, reach))),
    )


class _Search:
    """One question, with everything turned into seconds.

    earliest: no start before it. latest: no start at or after it; a day too generous, since dates decide.
    """

    def __init__(self, hours: Hours, rules: Rules, taken: Taken, now: datetime) -> None:
        self.hours, self.rules = hours, rules
        self.duration = rules.duration * MINUTE
        self.increment = rules.increment * MINUTE
        self.earliest = ceil_second(now) + rules.notice * MINUTE
        capped = rules.daily_cap is not None or rules.weekly_cap is not None
        today, *days = _local_days(hours.zone, [now, *(start for start, _ in taken.booked if capped)])
        self.last_day = today + rules.horizon_days
        self.latest = (self.last_day + 2) * DAY
        self.blocked = self._blocked(taken)
        self.by_day = Counter(days)
        self.by_week = Counter(map(iso_week, days))

    def starts(self, lo: int, hi: int) -> list[datetime]:
        """The free starts in `[lo, hi)`, in order."""
        closed = merged(chain.from_iterable(stretches for _, stretches in self._closures(lo, hi)))
        return _listed(self._offered(lo, hi, closed))

    def why_not(self, start: int) -> Reason | None:
        """The first rule that closes the start `start`; None if it is free."""
        if not self._offered(start, start + 1, ()):
            return Reason.NOT_OFFERED
        closures = self._closures(start, start + 1)
        return next((reason for reason, stretches in closures if merged(stretches)), None)

    def _offered(self, lo: int, hi: int, closed: Sequence[Pair]) -> list[range]:
        """Every window's grid in `[lo, hi)`, where a session fits into free time and nothing is closed."""
        end = hi + self.duration
        clock = wallclock(self.hours.zone, lo, end).around(lo - _REACH, end + _REACH)
        windows = self.hours.within(lo, end, clock)
        fitting = [(max(opens, lo), min(closes - self.duration + 1, hi)) for opens, closes in merged(windows)]
        room = without(merged(fitting), closed)
        return [grid for opens, closes in windows for grid in self._grid(opens, closes, room)]

    def _grid(self, opens: int, closes: int, room: Sequence[Pair]) -> Iterator[range]:
        """The starts of one window that fall into `room`. Steps are counted from `opens` and nothing else."""
        step = self.increment
        for at in range(max(bisect_left(room, (opens,)) - 1, 0), len(room)):
            lo, hi = room[at]
            if lo >= closes:
                break
            lo, hi = max(lo, opens), min(hi, closes)
            first = opens - (opens - lo) // step * step
            if first < hi:
                yield range(first, hi, step)

    def _closures(self, lo: int, hi: int) -> Iterator[tuple[Reason, list[Pair]]]:
        """Each rule, in the order of Reason, and the starts in `[lo, hi)` it closes."""
        days = list(wallclock(self.hours.zone, lo, hi).days(lo, hi))
        daily, weekly = self.rules.daily_cap, self.rules.weekly_cap
        yield Reason.TOO_SOON, [(lo, min(self.earliest, hi))]
        yield Reason.TOO_FAR, [(start, end) for day, start, end in days if day > self.last_day]
        first = max(bisect_left(self.blocked, (lo,)) - 1, 0)
        nearby = self.blocked[first : bisect_left(self.blocked, (hi,))]
        yield Reason.TAKEN, [(max(start, lo), min(end, hi)) for start, end in nearby]
        if daily is not None:
            yield Reason.DAY_FULL, [(start, end) for day, start, end in days if self.by_day[day] >= daily]
        if weekly is not None:
            full = [(start, end) for day, start, end in days if self.by_week[iso_week(day)] >= weekly]
            yield Reason.WEEK_FULL, full

    def _blocked(self, taken: Taken) -> list[Pair]:
        """The starts whose session, buffers included, would meet something taken.

        Starts are whole seconds, so rounding what is taken outwards to whole seconds changes nothing.
        """
        before = self.duration + self.rules.buffer_after * MINUTE - 1
        after = self.rules.buffer_before * MINUTE
        both = [(since_epoch(start), since_epoch(end)) for start, end in chain(taken.busy, taken.booked)]
        return merged(
            (
                start.days * DAY + start.seconds - before,
                end.days * DAY + end.seconds + (end.microseconds > 0) + after,
            )
            for start, end in both
            if start < end
        )


def _local_days(zone: str, instants: Sequence[datetime]) -> list[int]:
    """The local date of each of these, at least one, by one clock."""
    seconds = [floor_second(instant) for instant in instants]
    clock = wallclock(zone, min(seconds), max(seconds))
    return [clock.wall(second) // DAY for second in seconds]


def _listed(grids: Sequence[range]) -> list[datetime]:
    """The instants of all grids, in order and each once."""
    if any(one[-1] >= other[0] for one, other in pairwise(grids)):
        return [EPOCH + timedelta(0, second) for second in sorted(set(chain.from_iterable(grids)))]
    return list(chain.from_iterable(map(_instants, grids)))


def _instants(grid: range) -> Iterable[datetime]:
    """The instants of a grid, each one step after the one before: adding costs half of counting from 1970."""
    steps = repeat(timedelta(0, grid.step), len(grid) - 1)
    return accumulate(steps, initial=EPOCH + timedelta(0, grid.start))  # type: ignore[arg-type] # it may add two types
