"""Reading a piece of advice: clauses, and which leaning words stand in them, denied or not."""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.perspectives.lexicon import LISTS, LONGEST, NEGATIONS, PHRASES, PLAIN, SUBORDINATE, word_set

__all__ = ["NAMES", "Read", "read", "stems", "words_of"]

NAMES = tuple(LISTS)
PLACE = {name: number for number, name in enumerate(NAMES)}
MOST = 4_000  # characters read; advice that says more than that has said it by then
WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")
CLAUSE = re.compile(r"[.;:!?–—\n]+\s*|,\s+|\s+(?=(?:but|so) )")
LEAST = 3  # letters of a stem
DENIES = 4  # words behind a negation that it may deny
SMALL = word_set(
    """a an the to of in on at for and or but is are be been was were it its that this these those with your you my i we
    our us me as by from up out do does did don't not no so if than then them they their he she his her will would
    should can could have has had just very too also there what who which when how all any some one"""
)


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What stands in a text.

    whole, opening, closing: how often each list of the lexicon is met, less where it was denied: in main clauses,
    in the first and in the last of them. negated: in main clauses, whether the opening begins with, whether it
    holds a denial, and the share of denials. said, denied: stems. begins: the first of them, "" for none: the
    deed, where somebody says what to do. words: list -> words that counted. length: words in all.
    """

    whole: NDArray[np.float64]
    opening: NDArray[np.float64]
    closing: NDArray[np.float64]
    negated: tuple[float, float, float]
    said: frozenset[str]
    denied: frozenset[str]
    begins: str
    words: dict[str, tuple[str, ...]]
    length: int


def words_of(text: str) -> list[str]:
    """Lower-case English words of a text.

    >>> words_of("Don’t wait: GO!")
    ["don't", 'wait', 'go']
    """
    return WORD.findall(text[:MOST].lower().replace("’", "'"))


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    for ending in ("ing", "ies", "ed", "es", "ly", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= LEAST:
            return word[: -len(ending)]
    return word


def stems(words: list[str]) -> frozenset[str]:
    """The words that carry meaning, without their endings."""
    return frozenset(_stem(word) for word in words if word not in SMALL and len(word) > 1)


@lru_cache(maxsize=4_000)
def read(text: str) -> Read:
    """Read a text. Never fails; a text in another language simply holds no word of the lists."""
    clauses = [words for part in CLAUSE.split(text[:MOST]) if part and (words := words_of(part))]
    main = [words for words in clauses if words[0] not in SUBORDINATE] or clauses
    counts = [_counted(words) for words in main]
    zero = np.zeros(len(NAMES))
    kept: dict[str, list[str]] = {}
    said: set[str] = set()
    denied: set[str] = set()
    for words, (_count, found) in zip(main, counts, strict=True):
        for name, word in found:
            kept.setdefault(name, []).append(word)
        not_said = _denied(words)
        for number, word in enumerate(words):
            (denied if number in not_said else said).update(stems([word]))
    opening = main[0] if main else []
    every = [word for words in main for word in words]
    denials = sum(word in NEGATIONS for word in every)
    return Read(
        whole=np.clip(sum((count for count, _found in counts), zero), -3, 3),
        opening=counts[0][0] if counts else zero,
        closing=counts[-1][0] if counts else zero,
        negated=(
            float(bool(opening) and opening[0] in NEGATIONS),
            float(any(word in NEGATIONS for word in opening)),
            min(1.0, 5 * denials / max(1, len(every))),
        ),
        said=frozenset(said),
        denied=frozenset(denied),
        begins=next((_stem(word) for word in opening if word not in SMALL and word not in NEGATIONS), ""),
        words={name: tuple(dict.fromkeys(found)) for name, found in kept.items()},
        length=sum(map(len, clauses)),
    )


def _denied(words: list[str]) -> set[int]:
    """Places of the words that a negation before them denies."""
    places: set[int] = set()
    for number, word in enumerate(words):
        if word in NEGATIONS:
            places.update(range(number + 1, number + 1 + DENIES))
    return places


def _counted(words: list[str]) -> tuple[NDArray[np.float64], list[tuple[str, str]]]:
    """How often each list is met, each at most once up and once down, and the words that met it."""
    count = np.zeros(len(NAMES))
    found: list[tuple[str, str]] = []
    denied = _denied(words)
    for place, word in enumerate(words):
        sign = -1.0 if place in denied else 1.0
        for name in PLAIN.get(word, ()):
            count[PLACE[name]] += sign
            found.append((name, f"not {word}" if sign < 0 else word))
        if word in PHRASES:
            rest = " ".join(words[place : place + LONGEST]) + " "
            for phrase, name in PHRASES[word]:
                if rest.startswith(phrase):
                    count[PLACE[name]] += 1.0 if word in NEGATIONS else sign
                    found.append((name, phrase.strip()))
    return np.clip(count, -1, 1), found
