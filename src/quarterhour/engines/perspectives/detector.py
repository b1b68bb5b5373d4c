"""Two pieces of advice and a decision: do they pull in different directions? A proposal, never who is right."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.perspectives.asking import Asked, asked
from quarterhour.engines.perspectives.features import Meaning, Taken, between, claim_side, side, takes_a_side
from quarterhour.engines.perspectives.reading import MOST, read
from quarterhour.engines.perspectives.shapes import Label, Vectors, Verdict
from quarterhour.engines.perspectives.telling import because, leading_words
from quarterhour.engines.perspectives.weights import weights
from quarterhour.engines.understand.languages import language_of

__all__ = ["CONFLICT_FROM", "Detector", "meant"]

Floats = NDArray[np.float64]

# Chosen by leaving decisions out: from here "conflict" is the label; within UNSURE it is said to be a guess.
CONFLICT_FROM = 0.40
UNSURE = (0.20, 0.60)
# What is said of a pair that cannot be read, about the share of conflicts among pairs on one decision.
NOTHING_KNOWN = 0.30
RECORDED = 4.0  # log-odds
FEWEST_WORDS = 2
SAME_WORDS = 0.02
# Characters of a piece that the sentence model reads. Advice says in its first words where it goes; more cost time and
# told no more. An argument about a claim is one sentence, and its end counts.
MEANT, MEANT_OF_A_CLAIM = 80, 160
MOSTLY = 0.8  # of the letters
TELLS_ALONE = 12  # words that tell a language; fewer are read together with the decision


def meant(asked: Asked, text: str) -> str:
    """What the sentence model reads of a piece."""
    return text[: MEANT_OF_A_CLAIM if asked.kind == "claim" else MEANT]


@dataclass(eq=False)
class Detector:
    """Reads pieces on one decision. Keeps what it read, so that thirty pieces cost thirty readings.

    options: of the decision; two of them tell which way is which. vectors: see `shapes.Vectors`.
    ahead: texts of pieces that will be read, so that their vectors are asked for together with the decision's.
    """

    decision: str
    options: Sequence[str] = ()
    vectors: Vectors | None = None
    ahead: Sequence[str] = ()
    _vectors: dict[str, Floats] = field(default_factory=dict, init=False, repr=False)
    _taken: dict[str, Taken] = field(default_factory=dict, init=False, repr=False)
    _readable: dict[str, bool] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self.asked = asked(self.decision, self.options)
        ways = (self.asked.text, self.asked.first, self.asked.second or self.asked.first)
        found = self._embedded([*ways, *(meant(self.asked, text) for text in self.ahead)])
        self.meaning = None if found is None else Meaning(*found[: len(ways)])
        self.weights = weights(meaning=self.meaning is not None)

    def take(self, text: str) -> Taken:
        """Read one piece."""
        if text not in self._taken:
            self.take_all([text])
        return self._taken[text]

    def take_all(self, texts: Sequence[str]) -> None:
        """Read many pieces at once."""
        new = [text for text in dict.fromkeys(texts) if text not in self._taken]
        found = self._embedded([meant(self.asked, text) for text in new]) if self.meaning is not None else None
        for number, text in enumerate(new):
            self._taken[text] = self._read(text, None if found is None else found[number])

    def verdict(self, a: str, b: str) -> Verdict:
        """How two pieces stand to each other; `verdict(b, a)` says the same with the words changed over."""
        return self.judge(a, b)[0]

    def judge(
        self, a: str, b: str, known_a: float | None = None, known_b: float | None = None
    ) -> tuple[Verdict, float]:
        """The verdict, and the chance that both recommend the same.

        known_a, known_b: 1 where that piece was recorded for the first way, -1 for the second, 0 for neither.
        """
        one, other = _told(self.take(a), known_a), _told(self.take(b), known_b)
        words = (leading_words(one), leading_words(other))
        if not self.readable(a) or not self.readable(b):
            told = "One of them cannot be read by the detector, which reads English: look at both."
            return Verdict("compatible", NOTHING_KNOWN, sure=False, words=words, because=told), 0.0
        if " ".join(a.split()).casefold() == " ".join(b.split()).casefold():
            return Verdict("agree", SAME_WORDS, sure=True, words=words, because="Both say the same words."), 1.0
        chances = self._chances(one, other)
        conflict = round(chances["conflict"], 4)
        label = _label(chances)
        sure = not UNSURE[0] < conflict < UNSURE[1]
        told = because(label, one, other, words, sure=sure)
        return Verdict(label, conflict, sure=sure, words=words, because=told), round(chances["agree"], 4)

    def readable(self, text: str) -> bool:
        """Whether there is enough English in it to say anything."""
        if text not in self._readable:
            self._readable[text] = self._in_english(text[:MOST])
        return self._readable[text]

    def _in_english(self, text: str) -> bool:
        words = read(text).length
        letters = [letter for letter in text if letter.isalpha()]
        if words < FEWEST_WORDS or sum(map(str.isascii, letters)) < MOSTLY * len(letters):
            return False
        alone = text if words >= TELLS_ALONE else f"{self.asked.text} {text}"
        return language_of(alone, expected=("en",)) in (None, "en")

    def _chances(self, one: Taken, other: Taken) -> dict[Label, float]:
        claim = self.asked.kind == "claim"
        seen = between(one, other, self.meaning, claim=claim).all
        conflict = self.weights.chance("claim_conflict" if claim else "conflict", seen)
        rest: dict[Label, float] = {"agree": 1.0, "compatible": 0.0, "unrelated": 0.0}
        if not claim:
            rest = {label: self.weights.chance(label, seen) for label in rest}
        whole = sum(rest.values()) or 1.0
        return {"conflict": conflict, **{label: (1 - conflict) * part / whole for label, part in rest.items()}}

    def _read(self, text: str, vector: Floats | None) -> Taken:
        heads = self.weights
        if self.asked.kind == "claim":
            lean = heads.odds("claim_side", claim_side(self.asked, text, vector, self.meaning))
            return Taken(read(text), lean, 0.0, vector)
        lean = heads.odds("side", side(self.asked, text, vector, self.meaning))
        takes = heads.odds("takes_a_side", takes_a_side(self.asked, text, vector, self.meaning))
        return Taken(read(text), lean, takes, vector)

    def _embedded(self, texts: Sequence[str]) -> Floats | None:
        """A vector for each of these texts, each of which is asked for once; None without a model."""
        if self.vectors is None or not texts:
            return None
        if new := [text for text in dict.fromkeys(texts) if text not in self._vectors]:
            found = self.vectors(new)
            if found is None:
                return None
            self._vectors.update(zip(new, np.asarray(found, dtype=np.float64), strict=True))
        return np.stack([self._vectors[text] for text in texts])


def _told(taken: Taken, known: float | None) -> Taken:
    """A piece whose stance was recorded leans there, whatever its words seem to say."""
    if known is None:
        return taken
    return replace(taken, lean=known * RECORDED, side=RECORDED if known else -RECORDED)


def _label(chances: dict[Label, float]) -> Label:
    if chances["conflict"] >= CONFLICT_FROM:
        return "conflict"
    others: tuple[Label, ...] = ("agree", "compatible", "unrelated")
    return max(others, key=lambda label: chances[label])
