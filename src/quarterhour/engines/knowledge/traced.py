"""A text that remembers where each of its characters came from."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from quarterhour.engines.knowledge.model import INSTEAD, Doubt, Found, Removed
from quarterhour.engines.words import fold

_NEVER = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})  # joiners, marks of direction, control and private characters
_SPACE = frozenset("\t\x0b\x0c\x1c\x1d\x1e\x1f\u2028\u2029")
_START = re.compile(r"(?:^|\n|[.!?…]['\"”’)]?\s|[:;]\s|[“„«\"])[\s\-*•–—>#(\[“„«\"']*$")
_SHORTENED = re.compile(r"(?i)(?:\b(?:e\.g|i\.e|mr|mrs|ms|dr|prof|vs|approx|no|st|cf|ca|bzw|z\.b|sr|sra|mme))\.\s$")
_LOOKED_BACK = 40

# Letters of other scripts that are drawn as Latin ones, and figures that are read as letters.
_DRAWN_ALIKE = str.maketrans(
    "аеорсухіјѕһԁкмтвнοανρτικυεηԛԝɡ",
    "aeopcyxijshdkmtbhoavptikuenqwg",
)
_READ_AS = str.maketrans("0134578l", "oieastbi")
_SIGNS_AS = str.maketrans("@$!|", "asii")
_SIGN = re.compile(r"(?<=[a-z0-9])[@$!|](?=[a-z])")


@dataclass(frozen=True, slots=True)
class Traced:
    """text, and for each of its characters the stretch of the given text it stands for."""

    text: str
    origin: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str) -> Self:
        return cls(text, tuple((at, at + 1) for at in range(len(text))))

    def plain(self) -> "Traced":
        r"""Each character in its plain form, without those nobody sees: fullwidth letters, joiners, marks of direction.

        >>> Traced.of("Ａma\u200bra").plain().text
        'Amara'
        """
        text: list[str] = []
        origin: list[tuple[int, int]] = []
        at = 0
        while at < len(self.text):
            end = at + 1
            while end < len(self.text) and unicodedata.combining(self.text[end]):
                end += 1
            whole = (self.origin[at][0], self.origin[end - 1][1])
            for letter in unicodedata.normalize("NFKC", self.text[at:end]):
                if letter in _SPACE:
                    text.append(" ")
                elif letter == "\n" or unicodedata.category(letter) not in _NEVER:
                    text.append(letter)
                else:
                    continue
                origin.append(whole)
            at = end
        return Traced("".join(text), tuple(origin))

    def without(self, found: Iterable[Found]) -> tuple["Traced", list[Removed | Doubt]]:
        """The text with other words in place of what was found; stretches must not overlap."""
        text: list[str] = []
        origin: list[tuple[int, int]] = []
        told: list[Removed | Doubt] = []
        at = 0
        for each in sorted(found, key=lambda one: one.start):
            words = INSTEAD[each.kind]
            words = words[0].upper() + words[1:] if begins(self.text, each.start) else words
            start, end = self.origin[each.start][0], self.origin[each.end - 1][1]
            text += [self.text[at : each.start], words]
            origin += [*self.origin[at : each.start], *([(start, end)] * len(words))]
            if each.sure:
                told.append(Removed(start, end, each.kind, words))
            else:
                told.append(Doubt(start, end, each.kind, words, self.text[each.start : each.end]))
            at = each.end
        return Traced("".join([*text, self.text[at:]]), (*origin, *self.origin[at:])), told


def begins(text: str, at: int) -> bool:
    """Whether a sentence begins at this place, so that a capital letter there says nothing.

    >>> begins("Ask her. Then wait.", 9), begins("Ask Priya.", 4), begins("Ask e.g. Priya.", 9)
    (True, False, False)
    """
    before = text[max(0, at - _LOOKED_BACK) : at]
    if at > _LOOKED_BACK:
        before = "." + before  # what lies farther back is no beginning of a line
        return bool(_START.search(before[1:])) and before.strip() != "." and not _SHORTENED.search(before)
    return bool(_START.search(before)) and not _SHORTENED.search(before)


@dataclass(frozen=True, slots=True)
class Bare:
    """A text as letters are compared, and where each of them stands in it."""

    letters: str
    at: tuple[int, ...]


def bare(text: str) -> Bare:
    """`text` without case, accents and letters that only look like others.

    >>> bare("Ámаrå Оkafor").letters
    'amara okafor'
    """
    letters: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(text):
        for each in fold(letter).translate(_DRAWN_ALIKE) or ("" if unicodedata.combining(letter) else " "):
            letters.append(each)
            places.append(at)
    return Bare("".join(letters), tuple(places))


def read_as_letters(letters: str) -> str:
    """`letters` with figures read as the letters they are written for, one for one.

    >>> read_as_letters("0k4f0r"), read_as_letters("leila")
    ('okafor', 'ieiia')
    """
    return _SIGN.sub(lambda sign: sign.group().translate(_SIGNS_AS), letters).translate(_READ_AS)
