"""A date that differs, beside the usual week: what it gives besides, and whether the usual hours stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.utils.formats import date_format

from quarterhour.availability import rules
from quarterhour.availability.queries import Differing

A_DAY = 24 * 60
Windows = Iterable[Iterable[str]]


def besides(windows: Windows, usual: Windows) -> tuple[list[tuple[str, str]], bool]:
    """What these hours give that the usual ones do not, as windows, and whether all the usual ones are among them.

    >>> besides([["09:00", "12:30"]], [["09:00", "12:00"]])
    ([('12:00', '12:30')], True)
    """
    given, known = _minutes(windows), _minutes(usual)
    more = sorted(given - known)
    begins = [minute for minute in more if minute - 1 not in given - known]
    ends = [minute + 1 for minute in more if minute + 1 not in given - known]
    return [(_clock(start), _clock(end)) for start, end in zip(begins, ends, strict=True)], known <= given


def in_words(each: Differing, weekly: Mapping[str, Windows]) -> dict:
    """A date that differs, as a person says it: its hours besides the usual ones, or in their place; or away."""
    first, last = date_format(each.first, "D j M"), date_format(each.last, "D j M")
    extra, stays = besides(each.windows, weekly.get(_key(each.first), ()))
    usual = bool(_minutes(weekly.get(_key(each.first), ())))
    if not each.windows:
        hours = "away"
    elif stays and usual and extra:
        hours = f"besides the usual hours also {_listed(extra)}"
    else:
        hours = f"{_listed(each.windows)}{' in place of the usual hours' if usual else ''}"
    when = first if each.first == each.last else f"{first} to {last}"
    return {"first": each.first, "last": each.last, "when": when, "hours": hours}


def drawn_once(
    differing: Iterable[Differing], weekly: Mapping[str, Windows], *, today: date
) -> dict[str, list[tuple[str, str, str, str]]]:
    """What the dates of the coming seven days give besides the usual week, as the picture of a week takes it."""
    drawn: dict[str, list[tuple[str, str, str, str]]] = {}
    for each in differing:
        if each.windows and today <= each.first < today + timedelta(days=7):
            key = _key(each.first)
            extra, _ = besides(each.windows, weekly.get(key, ()))
            drawn[key] = [(start, end, "once", date_format(each.first, "D j M")) for start, end in extra]
    return drawn


def _key(day: date) -> str:
    return list(rules.DAYS)[day.weekday()]


def _listed(windows: Windows) -> str:
    return " and ".join(f"{start} to {end}" for start, end in windows)


def _minutes(windows: Windows) -> set[int]:
    """The minutes of a day that these windows hold; what runs past midnight goes on beyond 1,440."""
    found: set[int] = set()
    for start, end in windows:
        begins, ends = _minute(start), _minute(end)
        found |= set(range(begins, ends if ends > begins else ends + A_DAY))
    return found


def _minute(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


def _clock(minute: int) -> str:
    """24:00 stays what it is; later ones are of the next day."""
    minute = minute if minute <= A_DAY else minute - A_DAY
    return f"{minute // 60:02}:{minute % 60:02}"
