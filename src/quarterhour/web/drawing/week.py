"""A usual week, day by day in rows of a quarter of an hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quarterhour.engines.hours import DAYS

WEEKEND = ("sat", "sun")
ROW = 15
HOUR, DAY = 60, 24 * 60
FIRST, LAST = 8, 18
KINDS = ("free", "booked", "busy", "once")


@dataclass(frozen=True, slots=True)
class Block:
    """A span of one day.

    row, span: its place and length in the grid, in quarters of an hour, row 1 at the top.
    kind: "free" to give, "booked", "busy" elsewhere, or given "once" on a date. words: what stands in it.
    start, end: as written on the wall, "09:00"; end may be "24:00", or before the start: then it is tomorrow.
    """

    row: int
    span: int
    kind: str
    start: str
    end: str
    length: str
    words: str = ""

    @property
    def told(self) -> str:
        """The start as it stands in the block: 9:00."""
        return self.start.removeprefix("0")


@dataclass(frozen=True, slots=True)
class Day:
    """One day. key: "mon". off: an empty weekend. minutes: how many are free to give, length: in words."""

    key: str
    name: str
    off: bool
    minutes: int
    length: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """rows: how many quarters a day shows. hours: (row, "08") for each full hour. days: seven."""

    first_hour: int
    rows: int
    hours: tuple[tuple[int, str], ...]
    days: tuple[Day, ...]


def lasting(minutes: int) -> str:
    """A length as one says it.

    >>> lasting(45), lasting(60), lasting(100), lasting(0)
    ('45 min', '1 h', '1 h 40', 'none')
    """
    hours, rest = divmod(minutes, HOUR)
    if not minutes:
        return "none"
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


def week(
    free: Mapping[str, Sequence[tuple[str, str]]],
    *,
    taken: Mapping[str, Sequence[tuple[str, str, str, str]]] | None = None,
) -> Week:
    """The picture of a week.

    free: windows on the wall clock by day, {"mon": [("09:00", "10:30")]}; a day may be absent.
    taken: (start, end, kind, words) by day, kind "booked", "busy" or "once".
    Shows 08 to 18, and more where a window needs it; what runs past midnight is drawn to the end of its day.
    Raises ValueError for a day or a time that is none.
    """
    taken = taken or {}
    strange = (set(free) | set(taken)) - set(DAYS)
    if strange:
        raise ValueError(f"{sorted(strange)} are no days. Days are {', '.join(DAYS)}.")
    spans = {key: [*((*window[:2], "free", "") for window in free.get(key, ())), *taken.get(key, ())] for key in DAYS}
    clocks = [_span(start, end) for day in spans.values() for start, end, *_ in day]
    first = min([FIRST, *(start // HOUR for start, _ in clocks)])
    last = max([LAST, *(-(-end // HOUR) for _, end in clocks)])
    days = tuple(_day(key, spans[key], first) for key in DAYS)
    hours = tuple((1 + (hour - first) * HOUR // ROW, f"{hour:02}") for hour in range(first, last))
    return Week(first, (last - first) * HOUR // ROW, hours, days)


def _day(key: str, spans: Sequence[tuple[str, str, str, str]], first: int) -> Day:
    blocks, given = [], 0
    for start, end, kind, words in sorted(spans):
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no kind of time. Choose one of {', '.join(KINDS)}.")
        begins, ends = _span(start, end)
        whole = _minute(end) - begins
        minutes = whole if whole > 0 else whole + DAY
        given += minutes if kind == "free" else 0
        top, bottom = begins // ROW, -(-ends // ROW)
        blocks.append(Block(top - first * HOUR // ROW + 1, bottom - top, kind, start, end, lasting(minutes), words))
    return Day(key, DAYS[key], key in WEEKEND and not blocks, given, lasting(given), tuple(blocks))


def _span(start: str, end: str) -> tuple[int, int]:
    """Minutes of the day where a window begins and where its drawing ends."""
    begins, ends = _minute(start), _minute(end)
    return begins, ends if ends > begins else DAY


def _minute(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    try:
        told = int(hour) * HOUR + int(minute)
    except ValueError as error:
        raise ValueError(f"{clock!r} is no time of day. Write it as 09:30.") from error
    if not 0 <= told <= DAY:
        raise ValueError(f"{clock!r} is no time of day. Write it as 09:30.")
    return told
