"""Mistyped words, read as they were probably meant."""

from collections.abc import Callable, Container, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from quarterhour.engines.words import Spellings, Token, tokens

__all__ = ["Mended", "Speller"]

SHORTEST = 4  # letters: in shorter words one error makes another word
LONG = 6  # letters: shorter ones are too often abbreviations ("repo", "calc"), and are read as words of ours alone
HEAD = 4  # letters of each half of a word made of two
SLIPS, MOST = 2, 40  # words that may be odd in however short a text, and in however long a one
LONGEST = 24  # letters of a word that is looked at
USUAL = 2_000  # times written, as the dictionary counts: of such words others are made
SELDOM = 250  # less often than this, and it is as likely a slip itself
ENDINGS = ("s", "es", "r", "er", "ers", "d", "ed", "ing", "ly")
BRITISH = (("our", "or"), ("is", "iz"), ("ys", "yz"), ("tre", "ter"), ("mme", "m"), ("ould", "old"), ("ll", "l"))


class Mended(NamedTuple):
    """A text with its mistyped words put right, and each of them: (as typed, as read), in reading order."""

    text: str
    words: tuple[tuple[str, str], ...] = ()


class Speller:
    """Puts English words right that nobody writes, and leaves names, terms of art and everything known alone.

    known: how often each word of the language is written. near: those of its words that lie one error away. ours:
    folded words of the taxonomy, which are what a question here is likely to be about: they are known, come before
    other words, are meant by short words too, and forgive long ones two errors.

    The first letter must be right or be swapped with the second, as in `Spellings`: people rarely mistype it. Source:
    J. Pollock and A. Zamora, Automatic Spelling Correction in Scientific and Scholarly Text, CACM 27 (1984), 358-368.
    """

    def __init__(self, known: Mapping[str, int], near: Callable[[str], Iterable[str]], ours: Iterable[str]) -> None:
        self.known, self.near = known, near
        self.ours = Spellings(word for word in ours if word.isascii() and word.isalpha() and len(word) >= SHORTEST)

    def unknown(self, text: str) -> list[str]:
        """The folded words of `text` that may be mistyped, each once, in reading order.

        None where that is every third word, or more than forty: then it is another language, or a list of names.
        """
        words = tokens(text)
        odd = list(dict.fromkeys(token.folded for token in words if self._is_odd(token, text)))
        return odd if len(odd) <= min(max(SLIPS, len(words) // 3), MOST) else []

    def mend(self, text: str, words: Container[str]) -> Mended:
        """`text` with those of its unknown words put right that are among `words` and near to one we know."""
        parts, changed, at = [], [], 0
        for token in tokens(text):
            if token.folded not in words or not self._is_odd(token, text) or not (meant := self._meant(token.folded)):
                continue
            typed = text[token.start : token.end]
            parts += [text[at : token.start], meant.capitalize() if typed[0].isupper() else meant]
            changed.append((typed, meant))
            at = token.end
        return Mended("".join([*parts, text[at:]]), tuple(dict.fromkeys(changed)))

    def _is_odd(self, token: Token, text: str) -> bool:
        """A word in small letters, or at the beginning of a sentence, that neither we nor the language know."""
        typed, word = text[token.start : token.end], token.folded
        if not SHORTEST <= len(word) <= LONGEST or not (typed.isascii() and typed.isalpha()) or typed.lower() != word:
            return False
        if typed != word:
            before = text[max(0, token.start - 4) : token.start].rstrip()
            if not typed.istitle() or (before and before[-1] not in ".!?"):
                return False
        return not (word in self.known or word in self.ours.words or self._is_made_of_known(word))

    def _is_made_of_known(self, word: str) -> bool:
        """Whether two usual words make it up ("blackboard"), or it is a usual one with an ending, or as in Britain."""
        for at in range(HEAD, len(word) - HEAD + 1):
            if self._is_usual(word[:at]) and self._is_usual(word[at:]):
                return True
        if any(word.endswith(ending) and self._is_usual(word[: -len(ending)]) for ending in ENDINGS):
            return True
        return any(word.replace(here, there) in self.known for here, there in BRITISH if here in word)

    def _is_usual(self, word: str) -> bool:
        return self.known.get(word, 0) >= USUAL or word in self.ours.words

    @lru_cache(maxsize=4096)  # noqa: B019 - a speller lives as long as its process
    def _meant(self, word: str) -> str | None:
        """What `word` is read as; None where nothing is near enough."""
        own = self.ours.near(word)
        best = {each for each, errors in own if errors == own[0][1]}
        often = set()
        if len(word) >= LONG and not (own and own[0][1] == 1):
            near = (each for each in self.near(word) if each.isalpha() and _same_beginning(word, each))
            often = {each for each in near if self.known.get(each, 0) >= SELDOM}
        choice = often or best
        return max(choice, key=lambda each: (self.known.get(each, 0), each), default=None)


def _same_beginning(word: str, meant: str) -> bool:
    return word[0] == meant[0] or word[:2] == meant[1::-1]
