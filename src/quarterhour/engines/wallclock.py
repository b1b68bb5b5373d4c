"""One zone's wall clock laid beside the real timeline, in whole seconds since 1970.

A wall time is written as the seconds between midnight of 1 January 1970 on that wall and the hands we mean,
as if no clock had ever been moved. A zone is then a short list of stretches with a fixed offset, and every
question about summer time is a comparison of integers. Dates are day numbers, 1 January 1970 being day 0.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from quarterhour.engines.spans import Pair

MINUTE = 60
DAY = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = EPOCH.toordinal()
_FIRST_MOMENT = datetime.min.replace(tzinfo=UTC)
_LAST_MOMENT = datetime.max.replace(tzinfo=UTC)

# A day's distance from the ends of the calendar, so that asking a zone there never leaves it.
_EARLIEST = (date.min.toordinal() + 1 - _EPOCH_ORDINAL) * DAY
_LATEST = (date.max.toordinal() - 1 - _EPOCH_ORDINAL) * DAY


def floor_second(instant: datetime) -> int:
    """The last whole second that is not after `instant`. Raises ValueError if it has no zone."""
    past = since_epoch(instant)
    return past.days * DAY + past.seconds


def ceil_second(instant: datetime) -> int:
    """The first whole second that is not before `instant`. Raises ValueError if it has no zone."""
    past = since_epoch(instant)
    return past.days * DAY + past.seconds + (past.microseconds > 0)


def since_epoch(instant: datetime) -> timedelta:
    """Real time between 1970 and `instant`. Raises ValueError if it has no zone."""
    try:
        return instant - EPOCH
    except TypeError as error:
        raise ValueError(f"{instant} has no zone. Pass an aware datetime, best in UTC.") from error


def moment(second: int) -> datetime:
    """The aware UTC datetime of a second; outside the calendar, the nearest end of it."""
    try:
        return EPOCH + timedelta(0, second)
    except OverflowError:
        return _FIRST_MOMENT if second < 0 else _LAST_MOMENT


def day_number(day: date) -> int:
    """Days since 1 January 1970.

    >>> day_number(date(1970, 1, 2)), day_number(date(1969, 12, 31))
    (1, -1)
    """
    return day.toordinal() - _EPOCH_ORDINAL


class Wallclock(NamedTuple):
    """The offsets of one zone around the time somebody asks about.

    starts: the instants at which an offset begins to hold; the first one is taken to hold since ever.
    offsets: wall minus UTC in seconds, as many as `starts`; neighbours differ.
    """

    starts: tuple[int, ...]
    offsets: tuple[int, ...]

    def around(self, lo: int, hi: int) -> "Wallclock":
        """The same clock for whoever looks at `[lo, hi]` only: in most weeks a single offset."""
        first = max(bisect_right(self.starts, lo) - 1, 0)
        last = bisect_right(self.starts, hi, first + 1)
        return Wallclock(self.starts[first:last], self.offsets[first:last])

    def wall(self, instant: int) -> int:
        """What the wall shows at `instant`."""
        return instant + self.offsets[max(bisect_right(self.starts, instant) - 1, 0)]

    def opens(self, wall: int) -> int:
        """The instant of a start at `wall`: the first of two, or the end of the gap it fell into."""
        if len(self.offsets) == 1:
            return wall - self.offsets[0]
        for at in range(len(self.offsets)):
            if self._shows(at, wall):
                return wall - self.offsets[at]
        return self._leap(wall)

    def closes(self, wall: int) -> int:
        """The instant of an end at `wall`: the last of two, or the end of the gap it fell into."""
        if len(self.offsets) == 1:
            return wall - self.offsets[0]
        for at in range(len(self.offsets) - 1, -1, -1):
            if self._shows(at, wall):
                return wall - self.offsets[at]
        return self._leap(wall)

    def days(self, lo: int, hi: int) -> Iterator[tuple[int, int, int]]:
        """`[lo, hi)` cut wherever the local date changes: (day, from, to) in order of real time."""
        at = lo
        while at < hi:
            index = max(bisect_right(self.starts, at) - 1, 0)
            offset = self.offsets[index]
            day = (at + offset) // DAY
            end = min((day + 1) * DAY - offset, hi)
            if index + 1 < len(self.starts):
                end = min(end, self.starts[index + 1])
            yield day, at, end
            at = end

    def _shows(self, at: int, wall: int) -> bool:
        """Whether the hands pass `wall` while offset number `at` holds."""
        instant, after = wall - self.offsets[at], at + 1
        return (at == 0 or self.starts[at] <= instant) and (after == len(self.starts) or instant < self.starts[after])

    def _leap(self, wall: int) -> int:
        """The change of offset that carried the hands past `wall`."""
        changes = zip(self.starts[1:], self.offsets, self.offsets[1:], strict=False)
        return next(at for at, before, after in changes if at + before <= wall < at + after)


def wallclock(zone: str, lo: int, hi: int) -> Wallclock:
    """The clock of `zone`, right for every instant within ten days of `[lo, hi]`.

    The offsets of a zone and year are worked out once per process, about 0.2 ms each.
    Raises ValueError if there is no such zone.
    """
    return _clock_of_years(zone, _year(lo - 10 * DAY), _year(hi + 10 * DAY))


def known_zone(zone: str) -> ZoneInfo:
    """The zone of that IANA name. Raises ValueError if there is none."""
    try:
        return _zone(zone)
    except (KeyError, ValueError, OSError, TypeError) as error:
        raise ValueError(f'There is no time zone "{zone}". Use an IANA name such as Europe/Lisbon.') from error


_zone = lru_cache(maxsize=1024)(ZoneInfo)  # zoneinfo itself keeps the last eight, and reads the others from disk again


@lru_cache(maxsize=1024)
def _clock_of_years(zone: str, first: int, last: int) -> Wallclock:
    changes: list[Pair] = []
    for year in range(first, last + 1):
        for start, offset in _offsets_in(zone, year):
            if not changes or changes[-1][1] != offset:
                changes.append((start, offset))
    return Wallclock(tuple(start for start, _ in changes), tuple(offset for _, offset in changes))


@lru_cache(maxsize=8192)
def _offsets_in(zone: str, year: int) -> tuple[Pair, ...]:
    """Every offset `zone` has in a UTC year and the second from which it holds.

    zoneinfo keeps its table to itself, so we ask day by day and halve the days on which the answer changed.
    Two changes within one day would escape us; the closest pair in the whole database is four days apart.
    """
    tz = known_zone(zone)

    def offset(instant: int) -> int:
        known = moment(min(max(instant, _EARLIEST), _LATEST)).astimezone(tz).utcoffset()
        assert known is not None
        return known.days * DAY + known.seconds

    start = day_number(date(year, 1, 1)) * DAY
    end = day_number(date(year, 12, 31)) * DAY + DAY
    found = [(start, offset(start))]
    for today in range(start, end, DAY):
        before, after = today, min(today + DAY, end - 1)
        if offset(after) == found[-1][1]:
            continue
        while after - before > 1:
            middle = (before + after) // 2
            before, after = (middle, after) if offset(middle) == found[-1][1] else (before, middle)
        found.append((after, offset(after)))
    return tuple(found)


def _year(instant: int) -> int:
    return date.fromordinal(min(max(instant, _EARLIEST), _LATEST) // DAY + _EPOCH_ORDINAL).year
