"""Words as we compare them: found in a text, folded, cut to their stem, forgiven their typing errors.

Everything here is a function of its arguments, takes any Unicode and never raises for odd text: lone
surrogates, zero bytes and unknown scripts are simply no words.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

__all__ = ["Spellings", "Token", "distance", "fold", "singular", "stem", "stems", "tokens"]

# Marks that belong to the letter before them: Latin accents, Hebrew points, Arabic vowels, Indic signs.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0dff\u1000-\u109f\u200c\u200d"
# Scripts written without spaces, or (Hangul) with endings glued on: compared by pairs of characters.
_PAIRED = "\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_RUN = re.compile(
    rf"(?P<paired>[{_PAIRED}]+)"
    rf"|\.net\b|[^\W_{_PAIRED}](?:[^\W_{_PAIRED}]|[{_MARKS}])*(?:\+\+|\#)?"
    rf"|[{_MARKS}]+",
    re.IGNORECASE,
)
_CONTRACTED = re.compile(r"(?<=[^\W\d_])(?:['’ʼ](?:s|re|ve|ll|d|m)|n['’ʼ]t)\b", re.IGNORECASE)
_BASE = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": None,
        "\u093c": None, "\u200c": None, "\u200d": None,
    }
)  # fmt: skip
_DROPPED = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")


class Token(NamedTuple):
    """A word of a text: folded for comparing, and where it stands."""

    folded: str
    start: int
    end: int


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """`word` without case, accents and vowel points; not always as long as it was.

    >>> fold("Łódź"), fold("Straße"), fold("İstanbul"), fold("مُعلِّمة")
    ('lodz', 'strasse', 'istanbul', 'معلمه')
    """
    plain = unicodedata.normalize("NFKC", word).casefold()
    if plain.isascii():
        return plain
    bare = _DROPPED.sub("", unicodedata.normalize("NFD", plain))
    return unicodedata.normalize("NFC", bare).translate(_BASE)


def tokens(text: str) -> list[Token]:
    """The words of `text` in reading order.

    English contracted endings fall away ("boss's" is "boss", "don't" is "do"). C++, C# and .NET stay whole.
    Chinese, Japanese, Korean and Thai give overlapping pairs of characters, so that a word is found inside a
    run without knowing where words end.

    >>> [token.folded for token in tokens("My boss's C++ code, naïve")]
    ['my', 'boss', 'c++', 'code', 'naive']
    >>> [token.folded for token in tokens("管理職")]
    ['管理', '理職']
    """
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    text = _CONTRACTED.sub(_blank_ending, text)
    for run in _RUN.finditer(text):
        start, end = run.span()
        if run["paired"] is None:
            folded = fold(run.group())
            if folded:
                yield Token(folded, start, end)
        elif end - start == 1:
            yield Token(fold(run.group()), start, end)
        else:
            for at in range(start, end - 1):
                yield Token(fold(text[at : at + 2]), at, at + 2)


def _blank_ending(ending: re.Match[str]) -> str:
    return " " * len(ending.group())


# --- stems -----------------------------------------------------------------------------------------------

_VOWEL = "aeiouy"
_STEP_2 = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"),
    ("isation", "ize"), ("ization", "ize"), ("iser", "ize"), ("ation", "ate"), ("ator", "ate"),
    ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"),
    ("iviti", "ive"), ("biliti", "ble"), ("abli", "able"), ("alli", "al"), ("entli", "ent"), ("eli", "e"),
    ("ousli", "ous"),
)  # fmt: skip
_STEP_3 = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("alise", "al"), ("iciti", "ic"), ("ical", "ic"),
    ("ful", ""), ("ness", ""),
)  # fmt: skip
_STEP_4 = (
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize",
    "ise", "ion", "al", "er", "ic", "ou",
)  # fmt: skip
_IRREGULAR = {
    "paid": "pay", "pay": "pay", "pays": "pay", "left": "leav", "fought": "fight",
    "taught": "teach", "bought": "buy", "sold": "sell",
    "built": "build", "lost": "lose", "losing": "lose", "lose": "lose", "quitting": "quit", "spoke": "speak",
    "wrote": "write", "written": "write", "children": "child", "women": "woman", "men": "man",
    "people": "people", "people's": "people", "chose": "choos", "chosen": "choos", "fell": "fall",
    "led": "lead", "grew": "grow", "grown": "grow", "hired": "hire", "hiring": "hire", "hires": "hire",
    "news": "news", "sales": "sale", "aws": "aws", "sos": "sos", "ios": "ios", "dying": "die",
    "lying": "lie", "tying": "tie", "skis": "ski", "business": "business", "businesses": "business", "paying": "pay",
}  # fmt: skip


def stem(word: str, language: str = "en") -> str:
    """The part of a folded `word` that its forms share. Any string comes back as some string.

    English by Porter's rules, plus a few irregular forms. Arabic by the light10 rules. Other languages in
    alphabetic scripts by their first six letters, a crude rule that holds its own against real stemmers.
    Sources: M. F. Porter, Program 14 (1980), 130-137; L. Larkey, L. Ballesteros, M. Connell, SIGIR 2002,
    275-282; P. McNamee, J. Mayfield, Information Retrieval 7 (2004), 73-97.

    >>> [stem(word) for word in ("negotiating", "negotiation", "managers", "burned", "organisation")]
    ['negoti', 'negoti', 'manag', 'burn', 'organ']
    >>> stem("lieferanten", "de"), stem(fold("والمدرسة"), "ar")
    ('liefer', 'مدرس')
    """
    return _stem(word, language)


@lru_cache(maxsize=131072)
def _stem(word: str, language: str) -> str:
    if not word:
        return word
    first = word[0]
    if "\u0600" <= first <= "\u06ff":
        return _arabic(word)
    if not word.isascii() or language != "en":
        paired = "\u2e80" <= first <= "\ud7af" or "\u0e00" <= first <= "\u0eff"
        return word if paired or not word[-1:].isalpha() else word[:6]
    return _IRREGULAR.get(word) or _porter(word)


def singular(word: str) -> str:
    """A folded English word without the endings of number and tense, closer to the word than its stem.

    "Hospital" and "hospitality" share a stem; here they stay apart.

    >>> [singular(word) for word in ("hospitals", "hospitality", "nursing", "nurses")]
    ['hospital', 'hospitaliti', 'nurs', 'nurs']
    """
    return _singular(word)


@lru_cache(maxsize=65536)
def _singular(word: str) -> str:
    if len(word) <= 3 or not (word.isascii() and word.isalpha()):  # noqa: PLR2004 - short words have no endings
        return word
    word = _IRREGULAR.get(word) or _past(_plural(word))
    return word[:-1] + "i" if word.endswith("y") else word.removesuffix("e")


def stems(text: str, language: str = "en") -> list[str]:
    """The stems of the words of `text`, in reading order."""
    return [_stem(token.folded, language) for token in _tokens(text)]


def _measure(part: str) -> int:
    """How many times a vowel is followed by a consonant: Porter's m."""
    kinds = "".join("v" if _is_vowel(part, at) else "c" for at in range(len(part)))
    return len(re.findall("v+c+", kinds))


def _is_vowel(part: str, at: int) -> bool:
    letter = part[at]
    return letter in "aeiou" or (letter == "y" and at > 0 and not _is_vowel(part, at - 1))


def _has_vowel(part: str) -> bool:
    return any(_is_vowel(part, at) for at in range(len(part)))


def _ends_short(part: str) -> bool:
    """Consonant, vowel, consonant other than w, x, y: Porter's *o."""
    return (
        len(part) > 2  # noqa: PLR2004 - three letters make the pattern
        and not _is_vowel(part, len(part) - 1)
        and _is_vowel(part, len(part) - 2)
        and not _is_vowel(part, len(part) - 3)
        and part[-1] not in "wxy"
    )


def _porter(word: str) -> str:
    if len(word) <= 2 or not word.isalpha():  # noqa: PLR2004 - words of two letters have no endings
        return word
    word = _past(_plural(word))
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    word = _with_endings(_with_endings(word, _STEP_2), _STEP_3)
    return _tidied(_without_ending(word))


def _with_endings(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    """Porter's steps 2 and 3: a long ending becomes a shorter one."""
    for ending, instead in endings:
        if word.endswith(ending):
            rest = word[: -len(ending)]
            return rest + instead if _measure(rest) > 0 else word
    return word


def _without_ending(word: str) -> str:
    """Porter's step 4."""
    for ending in _STEP_4:
        if word.endswith(ending):
            rest = word[: -len(ending)]
            return rest if _measure(rest) > 1 and (ending != "ion" or rest[-1:] in ("s", "t")) else word
    return word


def _tidied(word: str) -> str:
    """Porter's step 5: a final e, a double l."""
    if word.endswith("e"):
        rest = word[:-1]
        if _measure(rest) > 1 or (_measure(rest) == 1 and not _ends_short(rest)):
            word = rest
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word


def _plural(word: str) -> str:
    if word.endswith("sses") or word.endswith("ies"):  # noqa: PIE810 - as the paper lists them
        return word[:-2]
    if word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def _past(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        rest = word[: -len(ending)]
        if word.endswith(ending):
            if not _has_vowel(rest):
                return word
            if rest.endswith(("at", "bl", "iz")):
                return rest + "e"
            if rest[-1:] == rest[-2:-1] and rest[-1] not in "lsz" and not _is_vowel(rest, len(rest) - 1):
                return rest[:-1]
            return rest + "e" if _measure(rest) == 1 and _ends_short(rest) else rest
    return word


_AR_PREFIXES = ("وال", "بال", "كال", "فال", "ال", "لل", "و")
_AR_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


def _arabic(word: str) -> str:
    for prefix in _AR_PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= (3 if prefix == "و" else 2):
            word = word[len(prefix) :]
            break
    for suffix in _AR_SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 2:  # noqa: PLR2004 - two letters must remain
            word = word[: -len(suffix)]
    return word


# --- spelling --------------------------------------------------------------------------------------------


def distance(one: str, other: str, at_most: int = 2) -> int:
    """Insertions, deletions, replacements and swaps of neighbours between two words; `at_most` + 1 if more.

    Source: the optimal string alignment distance, F. J. Damerau, CACM 7 (1964), 171-176.

    >>> distance("kubernets", "kubernetes"), distance("salery", "salary"), distance("form", "from")
    (1, 1, 1)
    """
    if abs(len(one) - len(other)) > at_most:
        return at_most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        above, row, older = row, [at], before
        before = above
        for to, meant in enumerate(other, start=1):
            cost = min(above[to] + 1, row[to - 1] + 1, above[to - 1] + (letter != meant))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == meant:
                cost = min(cost, older[to - 2] + 1)
            row.append(cost)
        if min(row) > at_most:
            return at_most + 1
    return min(row[-1], at_most + 1)


class Spellings:
    """A vocabulary that recognises its words when they are mistyped.

    Words of four to six letters forgive one error, longer ones two; shorter ones must be right. The first
    letter must be right or be swapped with the second: people rarely mistype it, and it keeps "rust" from
    being "trust". Found by the deletions that word and error share: W. Garbe, SymSpell (2012).
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self._longest = max(map(len, self.words), default=0)
        self._by_deletion: dict[str, list[str]] = {}
        for word in sorted(self.words):
            for shorter in _deletions(word, allowed(word)):
                self._by_deletion.setdefault(shorter, []).append(word)

    def near(self, word: str) -> list[tuple[str, int]]:
        """Words of the vocabulary that `word` may be meant for, nearest first, each with its errors.

        >>> Spellings(["salary", "celery", "salaries"]).near("salery")
        [('salary', 1)]
        """
        if word in self.words:
            return [(word, 0)]
        may = allowed(word)
        # Deletions grow with the square of the length: a pasted wall of letters would keep a process busy for hours.
        if not may or len(word) > self._longest + may:
            return []
        found: dict[str, int] = {}
        for shorter in _deletions(word, may):
            for meant in self._by_deletion.get(shorter, ()):
                if meant not in found and _same_beginning(word, meant):
                    limit = min(may, allowed(meant))
                    errors = distance(word, meant, limit)
                    if errors <= limit:
                        found[meant] = errors
        return sorted(found.items(), key=lambda item: (item[1], item[0]))


def allowed(word: str) -> int:
    """How many typing errors a word of this length is forgiven."""
    return 0 if len(word) < 4 else 1 if len(word) < 7 else 2  # noqa: PLR2004 - the table in the docs


def _same_beginning(word: str, meant: str) -> bool:
    return word[0] == meant[0] or word[:2] == meant[1::-1]


def _deletions(word: str, many: int) -> set[str]:
    found = {word}
    edge = {word}
    for _ in range(many):
        edge = {each[:at] + each[at + 1 :] for each in edge for at in range(len(each))}
        found |= edge
    return found
