"""Evidence: the sentences in which a mentor shows that they know, with the words that matter marked."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quarterhour.engines.matching.model import Asked, Piece
from quarterhour.engines.matching.terms import WordScores, rarity, telling, terms_of
from quarterhour.engines.understand import sentences
from quarterhour.engines.words import tokens

__all__ = ["Quote", "quotes"]

LONGEST = 220
# A word of the asked topics that the question does not use itself counts half.
TOPIC_WORD = 0.5
# What makes a window worth quoting besides its words, in words of the rarest kind. Stories open with "I once".
OF_THE_BEST_PIECE, STORY, ANSWER, OPENING = 1.2, 0.3, 0.4, 0.5
# Quotes shorter than this say little by themselves; a word is marked if it is at least this telling.
SHORT, TELLING = 90, 0.4
QUOTED = frozenset({"story", "about", "answer"})
# Marks with no more than so many small words between them become one phrase: "negotiated my salary".
GAP = 2
_BREAK = re.compile(r"[.,;:!?()\n\"“”]")


@dataclass(frozen=True, slots=True, eq=False)
class Quote:
    """A sentence or two of a piece, as the mentor wrote them.

    text: a part of piece.text, from start to end. marks: spans in `text` of the words that bear on the
    question, sorted, apart from each other. begins, ends: whether the text stops in the middle of a sentence
    there, so that an ellipsis is due.
    """

    piece: Piece
    start: int
    end: int
    marks: tuple[tuple[int, int], ...] = ()
    begins: bool = False
    ends: bool = False

    @property
    def text(self) -> str:
        return self.piece.text[self.start : self.end]


def quotes(
    asked: Asked,
    pieces: Sequence[Piece],
    *,
    topic_names: Iterable[str] = (),
    frequency: Mapping[str, int] | None = None,
    total: int | None = None,
    limit: int = 2,
    longest: int = LONGEST,
) -> list[Quote]:
    """The best sentences of one mentor for a question, at most one from a piece, the best first.

    pieces: of the mentor, the most telling first, as in Fit.pieces; only stories, about and answers are quoted.
    topic_names: names of the asked skills, whose words count too, though less.
    frequency, total: as for `rank`. longest: in characters; a longer sentence is cut between words.
    """
    quotable = [piece for piece in pieces if piece.kind in QUOTED and piece.text.strip()]
    worth = _worth(asked, topic_names, quotable, frequency, total)
    strongest = max(worth.values(), default=1.0)
    best = []
    for place, piece in enumerate(quotable):
        found = max(
            ((_value(window, worth, strongest), window) for window in _windows(piece, worth, longest)),
            key=lambda one: (one[0], -one[1].start),
            default=None,
        )
        if found is not None:
            prior = OF_THE_BEST_PIECE / (1 + place) + {"story": STORY, "answer": ANSWER}.get(piece.kind, 0.0)
            best.append((found[0] + prior * strongest, -place, found[1]))
    best.sort(key=lambda one: (-one[0], -one[1]))
    return [window for _, _, window in best[:limit]]


def _worth(
    asked: Asked,
    topic_names: Iterable[str],
    pieces: Sequence[Piece],
    frequency: Mapping[str, int] | None,
    total: int | None,
) -> dict[str, float]:
    """Term -> how much finding it says."""
    own = set(terms_of(asked.text, asked.language))
    named = {term for name in topic_names for term in terms_of(name)} - own
    counted = WordScores([terms_of(piece.read) for piece in pieces], frequency=frequency, total=total)
    scale = max(counted.total, 10)
    frequencies = counted.frequency_of(own | named)
    known = {term: rarity(frequencies.get(term, 1), scale) for term in own | named}
    least = TELLING * max(known.values(), default=0.0)
    return {term: weight * (1.0 if term in own else TOPIC_WORD) for term, weight in known.items() if weight >= least}


def _windows(piece: Piece, worth: Mapping[str, float], longest: int) -> list[Quote]:
    """Single sentences and pairs that are short enough; a sentence that is too long is cut around its words."""
    found = sentences(piece.text)
    windows = []
    for place, one in enumerate(found):
        if one.end - one.start > longest:
            windows.append(_cut(piece, one.start, one.end, worth, longest))
            continue
        windows.append(_marked(piece, one.start, one.end, worth))
        if place + 1 < len(found) and found[place + 1].end - one.start <= longest:
            windows.append(_marked(piece, one.start, found[place + 1].end, worth))
    return windows


def _cut(piece: Piece, start: int, end: int, worth: Mapping[str, float], longest: int) -> Quote:
    text = piece.text[start:end]
    hits = [token.start for token in tokens(text) if telling(token, piece.language or "en") in worth]
    middle = hits[len(hits) // 2] if hits else 0
    first = max(0, min(middle - longest // 2, len(text) - longest))
    last = min(len(text), first + longest)
    if first > 0 and (blank := text.find(" ", first, last)) >= 0:
        first = blank + 1
    if last < len(text) and (blank := text.rfind(" ", first, last)) > first:
        last = blank
    return _marked(piece, start + first, start + last, worth, begins=first > 0, ends=last < len(text))


def _marked(
    piece: Piece, start: int, end: int, worth: Mapping[str, float], *, begins: bool = False, ends: bool = False
) -> Quote:
    text = piece.text[start:end]
    language = piece.language or "en"
    spans: list[tuple[int, int]] = []
    between = 0
    for token in tokens(text):
        if (term := telling(token, language)) in worth:
            joins = spans and between <= GAP and not _BREAK.search(text, spans[-1][1], token.start)
            spans[-1:] = [(spans[-1][0], token.end)] if joins else [*spans[-1:], (token.start, token.end)]
            between = 0
        else:
            between += GAP + 1 if term else 1
    return Quote(piece, start, end, tuple(spans), begins, ends)


def _value(window: Quote, worth: Mapping[str, float], strongest: float) -> float:
    """What the words of a window say, each once; more for an opening, less for a scrap."""
    said = {telling(token, window.piece.language or "en") for token in tokens(window.text)}
    value = sum(worth[term] for term in said if term in worth)
    opening = OPENING * strongest if window.start == 0 and window.piece.kind == "story" else 0.0
    return float((value + opening) * min(1.0, (window.end - window.start) / SHORT))
