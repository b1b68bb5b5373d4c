"""What may stand in a week, each refusal as a sentence beside the day it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from quarterhour.core.errors import Invalid
from quarterhour.core.text import clean
from quarterhour.engines.hours import DAYS, Window, window
from quarterhour.people.rules import known_zone

MOST_WINDOWS = 12
SHORTEST, LONGEST_NIGHT = 15, 12 * 60
DAY = 24 * 60
FURTHEST = timedelta(days=2 * 366)
LONGEST_AWAY = timedelta(days=366)

# What may be chosen; the words stand in the form.
CHOICES = {
    "increment": (5, 10, 15, 20, 30, 60),
    "buffer_before": (0, 5, 10, 15, 20, 30),
    "buffer_after": (0, 5, 10, 15, 20, 30),
    "notice": (0, 15, 60, 120, 240, 720, 1440, 2880, 10080),
    "horizon_days": (7, 14, 28, 42, 56, 84),
    "daily_cap": (1, 2, 3, 4, 5, 6, 8),
    "weekly_cap": (1, 2, 3, 4, 5, 6, 8, 10),
}
MAY_BE_EMPTY = {"daily_cap", "weekly_cap"}
BUDGET = (15, 600)

AMISS = "Some times need another look. What you typed is kept, and nothing was changed."

Clock = tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """A usual week and what is asked of every session, checked. Minutes, unless the name says otherwise.

    weekly: {"mon": [["09:00", "10:30"]]}, each day in order, days without hours left out.
    """

    zone: str
    weekly: Mapping[str, list[list[str]]]
    increment: int = 15
    buffer_before: int = 0
    buffer_after: int = 5
    notice: int = 60
    horizon_days: int = 28
    daily_cap: int | None = None
    weekly_cap: int | None = None
    weekly_minutes: int = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """Dates that differ, checked. first to last, both included; without windows they are off."""

    first: date
    last: date
    windows: list[list[str]] = field(default_factory=list)

    @property
    def dates(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def usual_week(
    given: Mapping[str, Any], *, windows: Mapping[str, Iterable[Clock]], kept: Mapping[str, Any] | None = None
) -> Week:
    """A week from a form.

    given: zone and the numbers of `Week`, as they were sent. windows: (start, end) texts by day.
    kept: the numbers as they stand; one that is on no list may stay.
    Raises Invalid with one sentence per field; days are fields under "mon" to "sun".
    """
    wrong: dict[str, str] = {}
    zone = ""
    try:
        zone = known_zone(given.get("zone", ""))
    except Invalid as error:
        wrong["zone"] = error.told
    weekly: dict[str, list[list[str]]] = {}
    for day, name in DAYS.items():
        try:
            if told := day_windows(windows.get(day, ()), name):
                weekly[day] = [texts(each) for each in told]
        except Invalid as error:
            wrong[day] = error.told
    if not wrong:
        wrong |= _nights(weekly)
    numbers = _numbers(given, kept or {}, wrong)
    if wrong:
        raise Invalid(AMISS, fields=wrong)
    return Week(zone=zone, weekly=weekly, **numbers)


def day_windows(pairs: Iterable[Clock], name: str) -> list[Window]:
    """The windows of one day in order; pairs with both ends empty are nothing. Raises Invalid.

    An end before its start means the next morning, up to twelve hours later: what is longer was surely
    meant the other way round.
    """
    told: list[Window] = []
    for first, second in pairs:
        start, end = clean(first or ""), clean(second or "")
        if not start and not end:
            continue
        if not start or not end:
            raise Invalid(f"{name}: “{start or end}” has no other end. Write from when to when.")
        try:
            each = window(_padded(start), _midnight(start, _padded(end)))
        except ValueError as error:
            raise Invalid(f"{name}: {error}") from error
        length = _length(each)
        if length < SHORTEST:
            raise Invalid(f"{name}: {each} is {length} minutes. The shortest session takes {SHORTEST}.")
        if each.end < each.start and length > LONGEST_NIGHT:
            raise Invalid(f"{name}: {each} would last until the next day, {length // 60} hours. Swap the two times.")
        told.append(each)
    if len(told) > MOST_WINDOWS:
        raise Invalid(f"{name} has {len(told)} stretches. Keep {MOST_WINDOWS}, or join some.")
    told.sort(key=lambda each: each.start)
    for one, other in pairwise(told):
        if other.start < one.start + _length(one):
            raise Invalid(f"{name}: {one} and {other} overlap. Make them one.")
    return told


def differing_days(*, first: date | None, last: date | None, windows: Iterable[Clock], today: date) -> Days:
    """Dates that differ from the week, from a form. Without `last` it is one day, without windows time off.

    Raises Invalid with a sentence for "first", "last" or "windows".
    """
    wrong: dict[str, str] = {}
    if first is None:
        wrong["first"] = "Choose a day."
    elif first < today:
        wrong["first"] = "That day is over. Choose today or a later one."
    elif first > today + FURTHEST:
        wrong["first"] = "That is more than two years away. Choose a nearer day."
    if first is not None and last is not None and not wrong:
        if last < first:
            wrong["last"] = "The last day is before the first. Swap them."
        elif last - first > LONGEST_AWAY:
            wrong["last"] = "That is longer than a year. Pause your offer instead."
    told: list[list[str]] = []
    try:
        told = [texts(each) for each in day_windows(windows, "These hours")]
    except Invalid as error:
        wrong["windows"] = error.told
    if wrong or first is None:
        raise Invalid(AMISS, fields=wrong)
    return Days(first=first, last=last or first, windows=told)


def _nights(weekly: Mapping[str, list[list[str]]]) -> dict[str, str]:
    """Evenings that run into a morning already given, by day of the evening."""
    wrong = {}
    names = list(DAYS)
    for number, day in enumerate(names):
        following = names[(number + 1) % 7]
        for pair in weekly.get(day, ()):
            evening = window(*pair)
            reach = evening.end if evening.end < evening.start else 0
            for other in weekly.get(following, ()):
                morning = window(*other)
                if morning.start < reach:
                    wrong[day] = (
                        f"{DAYS[day]}: {evening} runs into {DAYS[following]}, {morning}. "
                        "End it earlier, or make them one."
                    )
    return wrong


def _length(each: Window) -> int:
    return (each.end - each.start) % DAY or DAY


def texts(each: Window) -> list[str]:
    return [f"{minute // 60:02}:{minute % 60:02}" for minute in (each.start, each.end)]


def _padded(told: str) -> str:
    """A time as the engine reads it: "9:30" gets its zero, seconds of 00 that some browsers send go."""
    if len(told) == len("9:30") and told[1] == ":":
        return f"0{told}"
    if len(told) == len("09:30:00") and told.endswith(":00"):
        return told[:5]
    return told


def _midnight(start: str, end: str) -> str:
    """Until midnight, told as 00:00, is the end of the same day and no night."""
    return "24:00" if end == "00:00" and _padded(start) != "00:00" else end


def _number(given: Mapping[str, Any], name: str) -> int | None:
    told = str(given.get(name) if given.get(name) is not None else "").strip()
    return int(told) if told.isascii() and told.isdigit() and len(told) <= len("10080") else None


def _numbers(given: Mapping[str, Any], kept: Mapping[str, Any], wrong: dict[str, str]) -> dict[str, Any]:
    """The numbers of a week; what is wrong with one goes into `wrong`."""
    told: dict[str, Any] = {}
    for name, known in CHOICES.items():
        if name in MAY_BE_EMPTY and not str(given.get(name) or "").strip():
            told[name] = None
            continue
        told[name] = _number(given, name)
        if told[name] not in known and (told[name] is None or told[name] != kept.get(name)):
            wrong[name] = "Choose one from the list."
    minutes = told["weekly_minutes"] = _number(given, "weekly_minutes")
    if minutes is None or not BUDGET[0] <= minutes <= BUDGET[1]:
        wrong["weekly_minutes"] = f"Choose {BUDGET[0]} to {BUDGET[1]} minutes a week."
    return told
