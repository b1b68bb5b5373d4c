"""What the notes say besides promises: the sentences advice and insight are chosen from."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from quarterhour.engines.takeaway.lines import Line
from quarterhour.engines.takeaway.model import Owner
from quarterhour.engines.takeaway.opening import opening
from quarterhour.engines.takeaway.seams import SEAM, ends_a_sentence
from quarterhour.engines.takeaway.stance import stance
from quarterhour.engines.takeaway.subject import Cast

LINES = 400


@dataclass(frozen=True, slots=True)
class Saying:
    """start, end: the words, without bullet and speaker. order: where it comes in the notes.
    speaker: whose label it carries ("B: ..."). about: whom it speaks of. kind: what its verb does.
    dated: it names a day. action: a commitment rests on it.
    """

    start: int
    end: int
    order: int
    speaker: Owner | None
    about: Owner | None
    kind: str
    line: Line
    dated: bool
    action: bool


def sayings(text: str, written: list[Line], cast: Cast, taken: list[tuple[int, int]]) -> Iterator[Saying]:
    """The sentences of the notes, in order; taken: the places of the actions."""
    order = 0
    starts, ends = [first for first, _ in sorted(taken)], [last for _, last in sorted(taken)]
    for line in written[:LINES]:
        if line.heading == "neutral" or line.struck or line.mark == "ticked":
            continue
        for start, end in _sentences(text, line.start, line.end, cast):
            if not any(letter.isalnum() for letter in text[start:end]):
                continue
            body, subject = opening(text, start, end, cast)
            spoken = subject is not None and subject.form in ("colon", "dash") and not subject.pronoun
            begin = subject.end if subject and spoken else start
            labelled = spoken or body == start
            kind = stance(text, subject.end if subject else body, end, cast, labelled=labelled).kind
            yield Saying(
                _skip(text, begin, end),
                end,
                order,
                subject.owner if subject and spoken else None,
                subject.owner if subject and not spoken else None,
                kind if subject is None or subject.form != "fact" else "fact",
                line,
                cast.days.any_within(start, end),
                _overlaps(ends, starts, start, end),
            )
            order += 1


def _overlaps(ends: list[int], starts: list[int], start: int, end: int) -> bool:
    """Whether one of the places, in order and apart from each other, shares a letter with this one."""
    before = bisect_left(starts, end)
    return before > 0 and ends[before - 1] > start


def _skip(text: str, start: int, end: int) -> int:
    while start < end and text[start] in " \t\u00a0:–—->,;":
        start += 1
    return start


def _sentences(text: str, start: int, end: int, cast: Cast) -> Iterator[tuple[int, int]]:
    begin = start
    for seam in SEAM.finditer(text, start, end):
        if seam.lastgroup != "stop" or seam.start() < begin or seam.end() >= end:
            continue
        if not ends_a_sentence(text, seam, begin, cast):
            continue
        yield begin, seam.start()
        begin = seam.end()
    if text[begin:end].strip():
        yield begin, end
