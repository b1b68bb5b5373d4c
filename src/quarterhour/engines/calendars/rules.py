"""Repeating (RFC 5545, section 3.3.10), asked for a stretch of time instead of played from the beginning.

Whether a date belongs to a rule can be told from the date alone, so a rule of twenty years costs the days of the
stretch and nothing for the years before. Only COUNT and BYSETPOS have to look further; a purse of steps bounds both,
so that no rule, however it is written, takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date, datetime, time, timedelta
from itertools import product

WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
FREQS = ("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
MOST_VALUES = 400  # in one list of a rule
HOUR = timedelta(hours=1)
LEAP = 60


class NotCounted(ValueError):
    """A rule that is not read, or costs more steps than there are."""


class TooOften(NotCounted):
    """It repeats by the minute or the second."""


class Steps:
    """A purse: each date that is looked at costs one. Raises NotCounted when it is empty."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise NotCounted("No steps are left.")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it was read.

    days: (which one, weekday), 0 for each one. until: as written; whoever reads it knows the zone.
    """

    freq: str
    interval: int = 1
    count: int | None = None
    until: str = ""
    week_start: int = 0
    months: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    days: tuple[tuple[int, int], ...] = ()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    seconds: tuple[int, ...] = ()
    places: tuple[int, ...] = ()


LISTS = {
    "BYMONTH": ("months", 1, 12),
    "BYWEEKNO": ("weeks", -53, 53),
    "BYYEARDAY": ("year_days", -366, 366),
    "BYMONTHDAY": ("month_days", -31, 31),
    "BYHOUR": ("hours", 0, 23),
    "BYMINUTE": ("minutes", 0, 59),
    "BYSECOND": ("seconds", 0, LEAP),
    "BYSETPOS": ("places", -366, 366),
}


def read_rule(text: str) -> Rule:
    """A rule from its text, forgiving about case, spaces and a semicolon too many.

    Raises NotCounted, or TooOften for one by the minute or the second.

    >>> read_rule("freq=weekly; byday=MO,-1FR;").days
    ((0, 0), (-1, 4))
    """
    told: dict[str, object] = {}
    for piece in re.sub(r"\s", "", text.upper()).split(";"):
        if piece:
            _take(told, *piece.partition("=")[::2])
    if "freq" not in told:
        raise NotCounted("It does not say how often.")
    return Rule(**told)  # type: ignore[arg-type]


def _take(told: dict[str, object], key: str, value: str) -> None:
    if key == "FREQ":
        told["freq"] = _freq(value)
    elif key in {"INTERVAL", "COUNT"}:
        told[key.lower()] = _number(value, least=1)
    elif key == "UNTIL":
        told["until"] = value
    elif key == "WKST":
        told["week_start"] = WEEKDAYS.get(value, 0)
    elif key == "BYDAY":
        told["days"] = tuple(_day(each) for each in value.split(",")[:MOST_VALUES])
    elif key in LISTS:
        name, low, high = LISTS[key]
        told[name] = _numbers(value, low, high)
    elif not key.startswith("X-"):
        raise NotCounted(key)  # RSCALE and SKIP of RFC 7529: another calendar than ours


def _freq(value: str) -> str:
    if value in {"MINUTELY", "SECONDLY"}:
        raise TooOften(value)
    if value not in FREQS:
        raise NotCounted(value)
    return value


def _numbers(value: str, low: int, high: int) -> tuple[int, ...]:
    """A list of numbers; one that may count from the back has no nought. A leap second is the last of its minute."""
    numbers = sorted({_number(each) for each in value.split(",")[:MOST_VALUES]})
    if any(not low <= each <= high or (each == 0 and low < 0) for each in numbers):
        raise NotCounted(value)
    return tuple(sorted({min(each, 59) for each in numbers} if high == LEAP else numbers))


def _number(text: str, *, least: int | None = None) -> int:
    if not re.fullmatch(r"[+-]?\d{1,7}", text, re.ASCII) or (least is not None and int(text) < least):
        raise NotCounted(text)
    return int(text)


def _day(text: str) -> tuple[int, int]:
    found = _BYDAY.fullmatch(text)
    if not found:
        raise NotCounted(text)
    return int(found.group(1) or 0), WEEKDAYS[found.group(2)]


def occurrences(rule: Rule, start: datetime, lo: datetime, hi: datetime, steps: Steps) -> Iterator[datetime]:
    """The wall times of `rule` in `[lo, hi)`, in order, for an event that begins at `start`; all without zones.

    `start` itself is one only if the rule says so. UNTIL is not looked at. Raises NotCounted when `steps` run out.

    >>> first = datetime(2006, 1, 2, 9)
    >>> week = datetime(2026, 1, 5), datetime(2026, 1, 12)
    >>> [f"{each:%a}" for each in occurrences(read_rule("FREQ=WEEKLY;BYDAY=MO,WE"), first, *week, Steps(100))]
    ['Mon', 'Wed']
    """
    rule = _completed(rule, start)
    begin = start if rule.count is not None else max(start, lo)
    left = rule.count
    for each in _stream(rule, start, begin, hi, steps):
        if each < start or (left is None and each < lo):
            continue
        if each >= hi:
            return
        if left is not None:
            if left == 0:
                return
            left -= 1
            steps.spend()
        if each >= lo:
            yield each


def _completed(rule: Rule, start: datetime) -> Rule:
    """What the rule leaves to the first date."""
    if rule.freq not in {"MONTHLY", "YEARLY"} and any(which for which, _ in rule.days):
        rule = replace(rule, days=tuple((0, day) for _, day in rule.days))
    if not (rule.weeks or rule.year_days or rule.month_days or rule.days):
        if rule.freq == "YEARLY":
            rule = replace(rule, months=rule.months or (start.month,), month_days=(start.day,))
        elif rule.freq == "MONTHLY":
            rule = replace(rule, month_days=(start.day,))
        elif rule.freq == "WEEKLY":
            rule = replace(rule, days=((0, start.weekday()),))
    if rule.freq != "HOURLY":
        rule = replace(rule, hours=rule.hours or (start.hour,))
    return replace(rule, minutes=rule.minutes or (start.minute,), seconds=rule.seconds or (start.second,))


def _stream(rule: Rule, start: datetime, begin: datetime, hi: datetime, steps: Steps) -> Iterator[datetime]:
    """Every occurrence from the period of `begin` on, some before it perhaps, in order; it ends soon after `hi`."""
    if rule.freq == "HOURLY":
        yield from _by_the_hour(rule, start, begin, hi, steps)
        return
    times = [time(*each) for each in product(rule.hours, rule.minutes, rule.seconds)]
    if not rule.places and rule.count is None:
        for day in _aligned(rule, start.date(), begin.date(), hi.date(), steps):
            if _fits(rule, day):
                yield from (datetime.combine(day, each) for each in times)
        return
    for days in _periods(rule, start.date(), begin.date(), hi.date(), steps):
        found = [datetime.combine(day, each) for day in days if _fits(rule, day) for each in times]
        if rule.places:
            steps.spend(len(found))
            found = sorted({found[place - (place > 0)] for place in rule.places if -len(found) <= place <= len(found)})
        yield from found


def _by_the_hour(rule: Rule, start: datetime, begin: datetime, hi: datetime, steps: Steps) -> Iterator[datetime]:
    if rule.places:
        raise NotCounted("BYSETPOS by the hour")
    at = start.replace(minute=0, second=0)
    at += max((begin - at) // HOUR // rule.interval, 0) * rule.interval * HOUR
    while at < hi:
        steps.spend()
        if (not rule.hours or at.hour in rule.hours) and _fits(rule, at.date()):
            yield from (at.replace(minute=m, second=s) for m, s in product(rule.minutes, rule.seconds))
        at += rule.interval * HOUR


def _aligned(rule: Rule, start: date, first: date, last: date, steps: Steps) -> Iterator[date]:
    """The dates from `first` to `last` whose period the interval hits."""
    number, end = first.toordinal(), last.toordinal()
    step = 1
    if rule.freq == "DAILY":
        step = rule.interval
        number += -(number - start.toordinal()) % step
    while number <= end:
        steps.spend()
        day = date.fromordinal(number)
        if _hit(rule, start, day):
            yield day
        number += step


def _hit(rule: Rule, start: date, day: date) -> bool:
    if rule.interval == 1 or rule.freq == "DAILY":
        return True
    return (_period(rule, day) - _period(rule, start)) % rule.interval == 0


def _period(rule: Rule, day: date) -> int:
    """Which year, month or week this date is in, counted from somewhere."""
    if rule.freq == "YEARLY":
        return day.year
    if rule.freq == "MONTHLY":
        return day.year * 12 + day.month - 1
    if rule.freq == "WEEKLY":
        return (day.toordinal() - 1 - rule.week_start) // 7
    return day.toordinal()


def _periods(rule: Rule, start: date, first: date, last: date, steps: Steps) -> Iterator[list[date]]:
    """The dates of each period the interval hits, from that of `first` to that of `last`."""
    number = _period(rule, first)
    number += -(number - _period(rule, start)) % rule.interval
    end = min(_period(rule, last), _period(rule, date(MAXYEAR - 1, 12, 1)))
    while number <= end:
        days = _days_of(rule, number)
        steps.spend(max(len(days), 1))
        yield days
        number += rule.interval


def _days_of(rule: Rule, number: int) -> list[date]:
    if rule.freq == "YEARLY":
        begin, end = date(number, 1, 1), date(number + 1, 1, 1)
    elif rule.freq == "MONTHLY":
        begin = date(number // 12, number % 12 + 1, 1)
        end = date((number + 1) // 12, (number + 1) % 12 + 1, 1)
    elif rule.freq == "WEEKLY":
        begin = date.fromordinal(max(number * 7 + 1 + rule.week_start, 1))
        end = begin + timedelta(days=7)
    else:
        begin = date.fromordinal(number)
        end = begin + timedelta(days=1)
    if rule.months and begin.month == (end - timedelta(days=1)).month and begin.month not in rule.months:
        return []
    return [date.fromordinal(each) for each in range(begin.toordinal(), end.toordinal())]


def _fits(rule: Rule, day: date) -> bool:
    """Whether every list of the rule has this date; its period is somebody else's question."""
    if rule.months and day.month not in rule.months:
        return False
    if rule.days and not any(_is_that_day(rule, day, which, weekday) for which, weekday in rule.days):
        return False
    if rule.month_days and not _among(rule.month_days, day.day, _last_of_month(day)):
        return False
    if rule.year_days and not _among(rule.year_days, day.timetuple().tm_yday, _last_of_year(day)):
        return False
    return not rule.weeks or _among(rule.weeks, *_week_of(day, rule.week_start))


def _among(numbers: Sequence[int], number: int, of: int) -> bool:
    """Whether the list has this number, counted from the front or from the back."""
    return number in numbers or number - of - 1 in numbers


def _is_that_day(rule: Rule, day: date, which: int, weekday: int) -> bool:
    if day.weekday() != weekday:
        return False
    if not which:
        return True
    if rule.freq == "MONTHLY" or rule.months:
        place, last = day.day, _last_of_month(day)
    else:
        place, last = day.timetuple().tm_yday, _last_of_year(day)
    return which in {(place - 1) // 7 + 1, -((last - place) // 7 + 1)}


def _last_of_month(day: date) -> int:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1) if day.year < MAXYEAR else date(2001, 1, 1)
    return (following - timedelta(days=1)).day


def _last_of_year(day: date) -> int:
    return date(day.year, 12, 31).timetuple().tm_yday


def _week_of(day: date, week_start: int) -> tuple[int, int]:
    """The number of this date's week, and how many weeks its year has: week 1 is the first with four days in it."""
    middle = day + timedelta(days=3 - (day.weekday() - week_start) % 7)
    yday = middle.timetuple().tm_yday
    last = _last_of_year(middle)
    return (yday - 1) // 7 + 1, (yday - 1) // 7 + 1 + (last - yday) // 7
