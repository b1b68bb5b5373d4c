"""The lines of an iCalendar file (RFC 5545, section 3.1), read so that one broken line costs one line.

Only what decides about time is kept: a description of a million characters is passed by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

KEPT = frozenset({
    "UID", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS", "TRANSP",
    "ATTENDEE", "FREEBUSY", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "X-LIC-LOCATION", "X-MICROSOFT-CDO-BUSYSTATUS",
})  # fmt: skip
WHOLE = frozenset({"VEVENT", "VFREEBUSY", "VTIMEZONE"})
INNER = frozenset({"STANDARD", "DAYLIGHT"})
_END = re.compile(r"\r\n|\n|\r")
_FOLD = re.compile(r"(?:\r\n|\n|\r)[ \t]")
_NAME = re.compile(r"[A-Za-z0-9-]+")
_PARAM = re.compile(r';\s*([A-Za-z0-9-]+)\s*=\s*("[^"]*"|[^":;,]*)((?:,(?:"[^"]*"|[^":;,]*))*)')
# Some write a zone with colons and no quotation marks; then the value is what looks like dates at the end.
_DATES = re.compile(r"(.*?):([0-9PTZ][0-9TZPDHMSW,/+-]*)\s*", re.DOTALL)
_TZID = re.compile(r";\s*TZID\s*=\s*(.*)", re.IGNORECASE | re.DOTALL)


class Line(NamedTuple):
    """NAME;PARAM=VALUE:value. Names in upper case, one value a parameter, quotation marks taken off."""

    name: str
    params: dict[str, str]
    value: str


@dataclass(slots=True)
class Part:
    """What stands between BEGIN and END. broken: its kept lines that could not be read."""

    kind: str
    lines: list[Line] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    broken: int = 0

    def get(self, name: str) -> Line | None:
        return next((line for line in self.lines if line.name == name), None)

    def all(self, name: str) -> list[Line]:
        return [line for line in self.lines if line.name == name]

    def text(self, name: str) -> str:
        found = self.get(name)
        return found.value.strip() if found else ""


def parts_of(text: str) -> Iterator[Part]:
    r"""Each event, free-busy list and time zone of the file, in order; one that never ends is ended by the next.

    >>> [(part.kind, part.text("UID")) for part in parts_of("BEGIN:VEVENT\nUID:a\n b\nEND:VEVENT")]
    [('VEVENT', 'ab')]
    """
    stack = _Stack()
    for raw in _END.split(_FOLD.sub("", text)):
        name, _, value = raw.partition(":")
        word = name.strip().upper()
        if word == "BEGIN":
            yield from stack.begin(value.strip().upper())
        elif word == "END":
            yield from stack.end(value.strip().upper())
        elif stack.open and not stack.hidden:
            _take(stack.open[-1], raw)
    yield from stack.leave()


class _Stack:
    """What was begun and not ended yet. hidden: how deep inside something nobody needs, an alarm for example."""

    def __init__(self) -> None:
        self.open: list[Part] = []
        self.hidden = 0

    def begin(self, kind: str) -> Iterator[Part]:
        if kind in WHOLE or kind == "VCALENDAR":
            yield from self.leave()
            self.open = [Part(kind)] if kind in WHOLE else []
        elif kind in INNER and self.open:
            self.open.append(Part(kind))
        elif self.open:
            self.hidden += 1

    def end(self, kind: str) -> Iterator[Part]:
        if any(part.kind == kind for part in self.open):
            self.hidden = 0
            done = self.open.pop()
            while done.kind != kind:
                done = self.open.pop()
            if self.open:
                self.open[-1].parts.append(done)
            else:
                yield done
        elif self.hidden:
            self.hidden -= 1

    def leave(self) -> Iterator[Part]:
        """An event somebody forgot to end is an event all the same."""
        if self.open:
            yield self.open[0]
        self.open, self.hidden = [], 0


def _take(part: Part, raw: str) -> None:
    found = _NAME.match(raw)
    if not found or (name := found.group().upper()) not in KEPT:
        return
    line = _line(name, raw[found.end() :])
    if line is None:
        part.broken += 1
    else:
        part.lines.append(line)


def _line(name: str, rest: str) -> Line | None:
    if rest.startswith(":"):
        return Line(name, {}, rest[1:])
    params: dict[str, str] = {}
    at = 0
    while found := _PARAM.match(rest, at):
        params[found.group(1).upper()] = found.group(2).strip('"')
        at = found.end()
    if rest.startswith(":", at) and not _dubious(name, rest[at + 1 :]):
        return Line(name, params, rest[at + 1 :])
    dates = _DATES.fullmatch(rest)
    if not dates or not (named := _TZID.match(dates.group(1))):
        return None
    return Line(name, {"TZID": named.group(1).strip('"')}, dates.group(2))


def _dubious(name: str, value: str) -> bool:
    """Whether the value of a date begins like none: the colon before it was one of the zone's name."""
    return name in {"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"} and ":" in value
