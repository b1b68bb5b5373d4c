"""Evidence: the sentences in which a mentor shows that they know, with the words that matter marked."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import fsum
from typing import NamedTuple

from quarterhour.engines.matching.model import Asked, Piece
from quarterhour.engines.matching.terms import WordScores, placed_terms, rarity, terms_of
from quarterhour.engines.understand import sentences

__all__ = ["Quote", "quotes"]

LONGEST = 220
# A word of the asked topics that the question does not use itself counts half.
TOPIC_WORD = 0.5
# What makes a window worth quoting besides its words, in words of the rarest kind. Stories open with "I once".
OF_THE_BEST_PIECE, STORY, ANSWER, OPENING = 1.2, 0.3, 0.4, 0.5
# A second quote must bear on the question by itself: so near in meaning, or two of its words, together worth so many of
# the rarest kind. Of 108 second quotes in the town 60 shared no word (docs/algorithms/matching.md).
NEAR, WORDS = 0.4, 1.0
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

    There is one wherever a piece can be quoted; further ones only where they bear on the question by themselves.

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
            ((_value(piece, window, worth, strongest), window) for window in _windows(piece, worth, longest)),
            key=lambda one: (one[0], -one[1].start),
            default=None,
        )
        if found is not None:
            prior = OF_THE_BEST_PIECE / (1 + place) + {"story": STORY, "answer": ANSWER}.get(piece.kind, 0.0)
            best.append((found[0] + prior * strongest, -place, piece, found[1]))
    best.sort(key=lambda one: (-one[0], -one[1]))
    further = [one for one in best[1:] if _bears(one[2], one[3], worth, strongest)]
    return [_marked(piece, window, worth) for _, _, piece, window in [*best[:1], *further][:limit]]


class _Window(NamedTuple):
    """A part of a piece that might be quoted; begins, ends as in Quote."""

    start: int
    end: int
    begins: bool = False
    ends: bool = False


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


def _windows(piece: Piece, worth: Mapping[str, float], longest: int) -> list[_Window]:
    """Single sentences and pairs that are short enough; a sentence that is too long is cut around its words."""
    found = _sentences(piece.text)
    windows = []
    for place, (start, end) in enumerate(found):
        if end - start > longest:
            windows.append(_cut(piece, start, end, worth, longest))
            continue
        windows.append(_Window(start, end))
        if place + 1 < len(found) and found[place + 1][1] - start <= longest:
            windows.append(_Window(start, found[place + 1][1]))
    return windows


@lru_cache(maxsize=4096)
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Where the sentences stand. Kept, because the same stories are quoted for one question after another."""
    return tuple((one.start, one.end) for one in sentences(text))


def _cut(piece: Piece, start: int, end: int, worth: Mapping[str, float], longest: int) -> _Window:
    text = piece.text[start:end]
    hits = [
        first - start
        for first, _, term in placed_terms(piece.text, piece.language or "en", start, end)
        if term in worth
    ]
    middle = hits[len(hits) // 2] if hits else 0
    first = max(0, min(middle - longest // 2, len(text) - longest))
    last = min(len(text), first + longest)
    if first > 0 and (blank := text.find(" ", first, last)) >= 0:
        first = blank + 1
    if last < len(text) and (blank := text.rfind(" ", first, last)) > first:
        last = blank
    return _Window(start + first, start + last, begins=first > 0, ends=last < len(text))


def _marked(piece: Piece, window: _Window, worth: Mapping[str, float]) -> Quote:
    start = window.start
    spans: list[tuple[int, int]] = []
    between = 0
    for first, last, term in placed_terms(piece.text, piece.language or "en", start, window.end):
        if term in worth:
            joins = spans and between <= GAP and not _BREAK.search(piece.text, start + spans[-1][1], first)
            spans[-1:] = [(spans[-1][0], last - start)] if joins else [*spans[-1:], (first - start, last - start)]
            between = 0
        else:
            between += GAP + 1 if term else 1
    return Quote(piece, start, window.end, tuple(spans), window.begins, window.ends)


def _value(piece: Piece, window: _Window, worth: Mapping[str, float], strongest: float) -> float:
    """What the words of a window say, each once; more for an opening, less for a scrap."""
    value = fsum(worth[term] for term in _words_of(piece, window, worth))
    opening = OPENING * strongest if window.start == 0 and piece.kind == "story" else 0.0
    return float((value + opening) * min(1.0, (window.end - window.start) / SHORT))


def _words_of(piece: Piece, window: _Window, worth: Mapping[str, float]) -> set[str]:
    words = placed_terms(piece.text, piece.language or "en", window.start, window.end)
    return {term for _, _, term in words} & worth.keys()


def _bears(piece: Piece, window: _Window, worth: Mapping[str, float], strongest: float) -> bool:
    if piece.similarity is not None and piece.similarity >= NEAR:
        return True
    words = _words_of(piece, window, worth)
    return len(words) >= min(2, len(worth)) and fsum(worth[term] for term in words) >= WORDS * strongest > 0
