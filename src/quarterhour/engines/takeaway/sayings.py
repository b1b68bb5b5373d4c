"""What the notes say besides promises: the sentences advice and insight are chosen from."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from quarterhour.engines.takeaway.lines import Line
from quarterhour.engines.takeaway.model import Owner
from quarterhour.engines.takeaway.opening import opening
from quarterhour.engines.takeaway.seams import SEAM, ends_a_sentence
from quarterhour.engines.takeaway.stance import Kind, stance
from quarterhour.engines.takeaway.subject import Cast

LINES = 400
# How notes hand on what somebody said: "Amara says: ask first", "Amara suggested to ask first".
SAYS = re.compile(
    r"(?P<name>[^\W\d_]+) (?:said|says|say|suggests?|suggested|advises?|advised|recommends?|recommended|thinks?|"
    r"thought|meint|sagt|dit|dice|diz)"
    r"(?: (?:that|to|i|we|you)(?: should)?)?\s?[,:–—-]?\s*[\"“]?"
)
WHEN = re.compile(
    r"(?:only )?(?:if|when|unless|wenn|falls|sobald|si|quand|lorsque|cuando|se|quando) [^,:;.]{3,90}"
    r"(?:, (?:then )?|: | then )"
)
SAID = ("task", "never", "modal")


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
        speaker: Owner | None = None  # whose label the line began with: what follows on it is theirs
        for start, end in _sentences(text, line.start, line.end, cast):
            if not any(letter.isalnum() for letter in text[start:end]):
                continue
            begin, about, kind, heard = _read(text, start, end, cast)
            speaker = heard or (speaker if about is None else None)
            yield Saying(
                _skip(text, begin, end),
                end,
                order,
                speaker,
                about,
                kind,
                line,
                cast.days.any_within(start, end),
                _overlaps(ends, starts, start, end),
            )
            order += 1


def _read(text: str, start: int, end: int, cast: Cast) -> tuple[int, Owner | None, Kind, Owner | None]:
    """Where the words of a sentence begin, whom they speak of, what their verb does, and who says them."""
    body, subject = opening(text, start, end, cast)
    says = SAYS.match(cast.folded, body, end)
    if says and cast.people.who(text[says.start("name") : says.end("name")]) == "mentor":
        behind = stance(text, says.end(), end, cast, labelled=True).kind
        if behind in SAID:
            return says.end(), None, behind, "mentor"
    if subject is None:
        if condition := WHEN.match(cast.folded, body, end):
            behind = stance(text, condition.end(), end, cast, labelled=True).kind
            return start, None, behind if behind in SAID else "thing", None
        return start, None, stance(text, body, end, cast, labelled=body == start).kind, None
    if subject.form in ("colon", "dash") and not subject.pronoun:
        kind = stance(text, subject.end, end, cast, labelled=True).kind
        return subject.end, None, kind, subject.owner
    kind = "fact" if subject.form == "fact" else stance(text, subject.end, end, cast, labelled=body == start).kind
    return start, subject.owner, kind, None


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
