"""What one event says about time: when, how long, how often, and whether it counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from quarterhour.engines.calendars.lines import Line, Part
from quarterhour.engines.calendars.zones import Clock, wall_time

DAY = timedelta(days=1)
_DURATION = re.compile(r"([+-])?P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?")


class Unclear(ValueError):
    """The event does not say when it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose calendar it is.

    zone: their IANA zone; all-day events and times without a zone are on this clock.
    addresses: where they are invited, in lower case; their own answers are known by these.
    tentative, unanswered: whether what they have not promised counts as busy.
    """

    zone: str
    addresses: frozenset[str] = frozenset()
    tentative: bool = True
    unanswered: bool = True


@dataclass(frozen=True, slots=True)
class When:
    """A time of the file: a wall time on a clock. dated: a date without a time."""

    wall: datetime
    clock: Clock
    dated: bool = False

    @property
    def second(self) -> int:
        return self.clock.utc(self.wall)


@dataclass(slots=True)
class Occasion:
    """One VEVENT: where it begins, how long it lasts, how it repeats.

    last: added to the wall time of a start, on the clock `ends`. exact: seconds added to the instant of a start
    instead; None where the wall decides.
    """

    uid: str
    sequence: int
    begin: When
    last: timedelta
    ends: Clock
    exact: int | None
    counts: bool
    cancelled: bool
    replaces: When | None = None
    and_later: bool = False
    rules: list[str] = field(default_factory=list)
    dates: list[tuple[When, int | None]] = field(default_factory=list)
    left_out: list[When] = field(default_factory=list)

    @property
    def repeats(self) -> bool:
        return bool(self.rules or self.dates)

    def end_of(self, start: datetime) -> int:
        """The second at which the occurrence that starts at this wall time is over."""
        if self.exact is not None:
            return self.begin.clock.utc(start) + self.exact
        return self.ends.utc(start + self.last)

    def longest(self) -> timedelta:
        """Not shorter than any occurrence."""
        return self.last + 2 * DAY if self.exact is None else timedelta(seconds=self.exact) + 2 * DAY


class Times:
    """Reads times of one file: `clock` finds a clock by name, `own` is the owner's."""

    def __init__(self, own: Clock, utc: Clock, find) -> None:  # type: ignore[no-untyped-def]
        self.own, self.utc, self._find = own, utc, find

    def read(self, line: Line, text: str | None = None) -> When:
        """Raises ValueError."""
        text = (line.value if text is None else text).strip()
        zulu = text.endswith(("Z", "z"))
        wall = wall_time(text[:-1] if zulu else text)
        if len(text) <= 10 and "T" not in text:  # noqa: PLR2004 - the length of a date
            return When(wall, self.own, dated=True)
        if zulu:
            return When(wall, self.utc)
        name = line.params.get("TZID", "")
        return When(wall, self._find(name) if name else self.own)

    def several(self, lines: Iterable[Line]) -> Iterator[When]:
        """The dates of EXDATE lines; one that cannot be read leaves nothing out."""
        for line in lines:
            for text in line.value.split(","):
                try:
                    yield self.read(line, text)
                except (ValueError, OverflowError):
                    continue


def read_event(part: Part, owner: Owner, times: Times) -> Occasion:
    """An event as it stands there. Raises Unclear where its time cannot be read."""
    line = part.get("DTSTART")
    if line is None:
        raise Unclear
    try:
        begin = times.read(line)
    except (ValueError, OverflowError) as error:
        raise Unclear from error
    last, ends, exact = _length(part, begin, times)
    again = part.get("RECURRENCE-ID")
    try:
        replaces = times.read(again) if again else None
    except (ValueError, OverflowError):
        replaces = None
    return Occasion(
        uid=part.text("UID"),
        sequence=_whole(part.text("SEQUENCE")),
        begin=begin,
        last=last,
        ends=ends,
        exact=exact,
        counts=counts(part, owner),
        cancelled=part.text("STATUS").upper() == "CANCELLED",
        replaces=replaces,
        and_later=bool(again and again.params.get("RANGE", "").upper() == "THISANDFUTURE"),
        rules=[] if again else [line.value for line in part.all("RRULE") if line.value.strip()],
        dates=[] if again else list(_more_dates(part, times)),
        left_out=list(times.several(part.all("EXDATE"))),
    )


def _length(part: Part, begin: When, times: Times) -> tuple[timedelta, Clock, int | None]:
    """How long: (on the wall, on which clock, or exactly so many seconds)."""
    line = part.get("DTEND")
    if line is not None:
        try:
            end = times.read(line)
        except (ValueError, OverflowError):
            # Until when is not known, so the rest of the day is kept free.
            return DAY - timedelta(hours=begin.wall.hour, minutes=begin.wall.minute), begin.clock, None
        if begin.dated:
            return max(timedelta(days=(end.wall - begin.wall).days), DAY), begin.clock, None
        if end.clock == begin.clock:
            return max(end.wall - begin.wall, timedelta()), begin.clock, None
        return timedelta(), begin.clock, max(end.second - begin.second, 0)
    told = duration(part.text("DURATION"))
    if told is None:
        return (DAY if begin.dated else timedelta()), begin.clock, None
    days, seconds = told
    if begin.dated:
        return max(timedelta(days=days + -(-seconds // 86_400)), DAY), begin.clock, None
    if days and not seconds:
        return timedelta(days=days), begin.clock, None
    return timedelta(), begin.clock, days * 86_400 + seconds


def duration(text: str) -> tuple[int, int] | None:
    """(days, seconds) of a DURATION; None if it is none. A negative one is nothing at all.

    >>> duration("P1DT2H"), duration("-PT5M"), duration("soon")
    ((1, 7200), (0, 0), None)
    """
    found = _DURATION.fullmatch(text.strip().upper())
    if not found or len(text.strip()) < 3:  # noqa: PLR2004 - the shortest is P1D
        return None
    sign, *numbers = found.groups()
    if sign == "-":
        return 0, 0
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in numbers)
    return weeks * 7 + days, hours * 3600 + minutes * 60 + seconds


def _more_dates(part: Part, times: Times) -> Iterator[tuple[When, int | None]]:
    """The dates of RDATE, and for a period how many seconds it lasts."""
    for line in part.all("RDATE"):
        for text in line.value.split(","):
            first, _, second = text.partition("/")
            try:
                start = times.read(line, first)
                yield start, _period_seconds(line, start, second, times) if second else None
            except (ValueError, OverflowError):
                continue


def _period_seconds(line: Line, start: When, text: str, times: Times) -> int:
    told = duration(text)
    if told is not None:
        return told[0] * 86_400 + told[1]
    return max(times.read(line, text).second - start.second, 0)


def periods(part: Part, owner: Owner, times: Times) -> Iterator[tuple[int, int]]:
    """The busy stretches of a VFREEBUSY. One that cannot be read is left out."""
    for line in part.all("FREEBUSY"):
        kind = line.params.get("FBTYPE", "BUSY").upper()
        if kind == "FREE" or (kind == "BUSY-TENTATIVE" and not owner.tentative):
            continue
        for text in line.value.split(","):
            first, _, second = text.partition("/")
            try:
                start = times.read(line, first)
                yield start.second, start.second + _period_seconds(line, start, second, times)
            except (ValueError, OverflowError):
                part.broken += 1


def counts(part: Part, owner: Owner) -> bool:
    """Whether its time is taken: not if it is transparent, cancelled or declined; perhaps if it is not promised."""
    status, shown = part.text("STATUS").upper(), part.text("X-MICROSOFT-CDO-BUSYSTATUS").upper()
    transparency = part.text("TRANSP").upper()
    if status == "CANCELLED" or transparency == "TRANSPARENT" or (shown == "FREE" and transparency != "OPAQUE"):
        return False
    answer = _own_answer(part.all("ATTENDEE"), owner.addresses)
    if answer in {"DECLINED", "DELEGATED"}:
        return False
    if answer == "NEEDS-ACTION":
        return owner.unanswered
    if answer == "TENTATIVE" or status == "TENTATIVE" or (shown == "TENTATIVE" and answer != "ACCEPTED"):
        return owner.tentative
    return True


def _own_answer(attendees: Iterable[Line], addresses: frozenset[str]) -> str:
    """What the owner answered, in upper case; nothing if they were not asked."""
    for line in attendees:
        named = {_mail(line.value), _mail(line.params.get("EMAIL", ""))}
        if named & addresses:
            return line.params.get("PARTSTAT", "NEEDS-ACTION").upper()
    return ""


def _mail(text: str) -> str:
    return text.strip().lower().removeprefix("mailto:")


@lru_cache(maxsize=256)
def _whole(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else 0


Zones = Mapping[str, Part]
