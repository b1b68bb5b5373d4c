"""An action while the notes are still being read, and what later lines may do to it."""

import re
from dataclasses import dataclass, field
from datetime import date

from quarterhour.engines.dates import fold
from quarterhour.engines.takeaway.model import Owner, Weakness
from quarterhour.engines.takeaway.words import Lexicon

WORD = re.compile(r"[^\W\d_]{2,}|\d{2,}")
STEM = 5
NUMBERED = re.compile(
    r"(?:\(|#|no\.? |nr\.? |item |point |number |step |n° |punto |scrap |cancel |drop |forget |skip |strike |"
    r"delete |ditch )(\d{1,2})\)?"
)
LATELY = 40


@dataclass(slots=True)
class Draft:
    """place: the chat line, or None for the notes. row: the line within the notes.
    start, end: the clause; verb: where its words begin behind the owner,
    until: where they end, ahead of a name in brackets. deed: they begin with "sends".
    weak: it counts only with other commitments around it; one without a day may still get one.
    """

    owner: Owner
    place: int | None
    row: int
    start: int
    end: int
    verb: int
    deed: bool
    until: int
    due: date | None = None
    number: int | None = None
    weak: Weakness = ""
    stems: frozenset[str] = field(default=frozenset())


def stems(text: str, words: Lexicon, *, without: frozenset[str] = frozenset()) -> frozenset[str]:
    """The first letters of the words that carry the meaning, capitals and all short words aside."""
    found = set()
    for match in WORD.finditer(text):
        word = fold(match.group())
        carries = len(word) > 3 or match.group().isupper() or word.isdecimal()  # noqa: PLR2004 - "with"
        if carries and word not in words.common and word not in words.passing:
            found.add(word.removesuffix("s")[:STEM])
    return frozenset(found - without)


def meant(drafts: list[Draft], said: str, about: frozenset[str]) -> Draft | None:
    """The earlier action that a later remark speaks of: by its number, or by most of the same words."""
    if number := NUMBERED.search(said):
        wanted = int(number[1])
        return next((draft for draft in reversed(drafts) if draft.number == wanted), None)
    best, most = None, 0
    for draft in drafts[-LATELY:]:
        shared = len(draft.stems & about)
        if shared >= most and shared and (shared > 1 or 2 * shared > len(about)):
            best, most = draft, shared
    return best
