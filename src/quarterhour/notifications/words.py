"""Words for times, places and questions, as a person would say them in a mail."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

from quarterhour.core.text import clean

# Marks that turn the direction of everything after them: fine inside a quote, not in a subject line.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SHE_HE_THEY = {"her": "her", "him": "him", "them": "them"}


def one_line(text: str) -> str:
    """Text for a header, a name or a title: cleaned, on one line, its direction its own affair."""
    return " ".join(_TURNING.sub("", clean(text)).split())


def shorten(text: str, most: int) -> str:
    """At most `most` characters, cut between words where it can be, with an ellipsis if cut.

    >>> shorten("Should I say yes now, or stay an engineer for another year?", 30)
    'Should I say yes now, or stay…'
    """
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    if not text[len(kept)].isspace():
        space = kept.rfind(" ")
        kept = kept[:space] if space > most // 2 else _whole_characters(kept, text)
    return kept.rstrip(" ,.;:\n") + "…"


def _whole_characters(kept: str, text: str) -> str:
    """`kept` without a last character whose accents or joined parts would stay behind in `text`."""
    while kept and (_leans(text[len(kept)]) or kept[-1] == "\u200d"):
        kept = kept[:-1]
    return kept


def _leans(character: str) -> bool:
    return character == "\u200d" or unicodedata.category(character) in {"Mn", "Me", "Mc"}


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name, or UTC when there is none such."""
    try:
        return ZoneInfo(name or "UTC")
    except (ValueError, OSError, LookupError):
        return ZoneInfo("UTC")


def place(zone: ZoneInfo) -> str:
    """What people call a zone.

    >>> place(ZoneInfo("America/Argentina/Buenos_Aires")), place(ZoneInfo("UTC"))
    ('Buenos Aires', 'UTC')
    """
    return zone.key.rpartition("/")[2].replace("_", " ")


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """The time on the wall: "10:15"; with the offset in the one hour a year that comes twice."""
    local = moment.astimezone(zone)
    shown = f"{local:%H:%M}"
    twice = local.replace(fold=1 - local.fold).utcoffset() != local.utcoffset()
    return f"{shown} (UTC{_offset(local)})" if twice else shown


def _offset(local: datetime) -> str:
    sign, hours, minutes = re.match(r"([+-])(\d\d)(\d\d)", f"{local:%z}").groups()
    return f"{sign}{int(hours)}" + (f":{minutes}" if minutes != "00" else "")


def clock_span(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """As in "10:15 to 10:40"."""
    return f"{clock_time(start, zone)} to {clock_time(end, zone)}"


def date_words(moment: datetime, zone: ZoneInfo, *, now: datetime) -> str:
    """As in "Thursday 26 November", with the year when it is another one."""
    local = moment.astimezone(zone)
    year = f" {local.year}" if local.year != now.astimezone(zone).year else ""
    return f"{local:%A} {local.day} {local:%B}{year}"


def day_words(moment: datetime, zone: ZoneInfo, *, now: datetime) -> str:
    """As in "Today, Thursday 26 November", "Tomorrow, ...", or the date alone."""
    away = (moment.astimezone(zone).date() - now.astimezone(zone).date()).days
    near = {0: "Today, ", 1: "Tomorrow, "}.get(away, "")
    return near + date_words(moment, zone, now=now)


def when_words(moment: datetime, zone: ZoneInfo, *, now: datetime) -> str:
    """For a subject: "Today 10:15", "Fri 27 Nov 10:15". Never "tomorrow": a mail may be read a day later."""
    local = moment.astimezone(zone)
    time = clock_time(moment, zone)
    if local.date() == now.astimezone(zone).date():
        return f"Today {time}"
    year = f" {local.year}" if local.year != now.astimezone(zone).year else ""
    return f"{local:%a} {local.day} {local:%b}{year} {time}"


def until_words(moment: datetime, zone: ZoneInfo, *, now: datetime) -> str:
    """As in "10:40" today, "Friday 27 November, 10:40" on another day."""
    time = clock_time(moment, zone)
    if moment.astimezone(zone).date() == now.astimezone(zone).date():
        return time
    return f"{date_words(moment, zone, now=now)}, {time}"


def elsewhere(moment: datetime, here: ZoneInfo, there: ZoneInfo, *, whom: str) -> str:
    """As in "For her it is 11:15 in Lagos.", or nothing when both read the same clock."""
    mine, theirs = moment.astimezone(here), moment.astimezone(there)
    if mine.utcoffset() == theirs.utcoffset():
        return ""
    day = f" on {theirs:%A}" if mine.date() != theirs.date() else ""
    return f"For {whom} it is {clock_time(moment, there)}{day} in {place(there)}."


def counted(number: int, what: str) -> str:
    """As in "a ring", "three rings", "15 rings"."""
    named = ("no", "a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return f"{named[number] if number < len(named) else number} {what}{'s' * (number != 1)}"


def lasting(minutes: int) -> str:
    """As in "a quarter of an hour", "two hours", "20 minutes"."""
    if minutes == 15:  # noqa: PLR2004 - what this place is named after
        return "a quarter of an hour"
    hours, rest = divmod(minutes, 60)
    if hours and not rest:
        return "an hour" if hours == 1 else counted(hours, "hour")
    return counted(minutes, "minute")


def whom(pronouns: str, first_name: str) -> str:
    """One of "her", "him" or "them" for somebody who said so, else the name.

    >>> whom("she/her", "Amara"), whom("", "Amara")
    ('her', 'Amara')
    """
    told = re.split(r"[^a-z]+", pronouns.lower())
    return next((_SHE_HE_THEY[word] for word in told if word in _SHE_HE_THEY), first_name)
