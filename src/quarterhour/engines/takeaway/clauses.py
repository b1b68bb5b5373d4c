"""A line cut into clauses: one person, one deed, one date each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quarterhour.engines.takeaway.opening import opening
from quarterhour.engines.takeaway.seams import SEAM, cuts
from quarterhour.engines.takeaway.subject import Cast, Subject


@dataclass(frozen=True, slots=True)
class Clause:
    """start, end: its place in the text; body: where its words begin, behind "and" or a day.

    subject: who it is about, when it says so. first: it opens its line.
    joined: the seam that leads to it, "" at the start of a line or sentence.
    """

    start: int
    end: int
    body: int
    subject: Subject | None
    first: bool
    joined: str


def clauses(text: str, start: int, end: int, cast: Cast) -> Iterator[Clause]:
    """The clauses between two places of the text, in order."""
    begin, joined, first = _past_spaces(text, start, end), "", True
    for seam in SEAM.finditer(text, start, end):
        if seam.start() <= begin or not cuts(text, seam, begin, end, cast):
            continue
        if clause := _clause(text, begin, seam, first=first, joined=joined, cast=cast):
            yield clause
            first = False
        begin = _past_spaces(text, seam.end(), end)
        joined = "" if seam.lastgroup == "stop" else str(seam.lastgroup)
    if clause := _clause(text, begin, end, first=first, joined=joined, cast=cast):
        yield clause


def _past_spaces(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _clause(text: str, begin: int, to: re.Match[str] | int, *, first: bool, joined: str, cast: Cast) -> Clause | None:
    end = to if isinstance(to, int) else to.start()
    if not isinstance(to, int) and to.lastgroup == "stop":
        end += len(to.group().rstrip())
    while begin < end and text[begin] in " \t\u00a0,;":
        begin += 1
    while end > begin and text[end - 1] in " \t\u00a0,;":
        end -= 1
    if begin >= end:
        return None
    body, subject = opening(text, begin, end, cast)
    return Clause(begin, end, min(body, end), subject, first, joined)
