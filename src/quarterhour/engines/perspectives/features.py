"""What the detector looks at. Every number is small; what each is worth was learned (docs/algorithms/perspectives.md).

Three heads read one piece: does it take a side, which one, and, of a claim, is it for or against. One reads two
pieces. All that compares two pieces is the same both ways round.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.perspectives.asking import Asked
from quarterhour.engines.perspectives.reading import NAMES, Read, read, stems, words_of

__all__ = ["Between", "Meaning", "Taken", "between", "claim_side", "side", "takes_a_side"]

Floats = NDArray[np.float64]

AT = {name: number for number, name in enumerate(NAMES)}
DEEDS = ("stop", "keep", "get", "go", "avoid", "tell", "hide", "alone", "others", "now", "later", "more", "less")
JUDGED = ("good", "bad", "yes", "nope")
OPPOSED = (
    ("stop", "keep"),
    ("get", "avoid"),
    ("get", "keep"),
    ("go", "keep"),
    ("tell", "hide"),
    ("alone", "others"),
    ("now", "later"),
    ("more", "less"),
    ("stop", "go"),
    ("stop", "avoid"),
    ("get", "stop"),
    ("go", "avoid"),
    ("get", "later"),
    ("stop", "later"),
)
APART = ("stop", "keep", "good", "bad", "more", "less", "now", "later")
SAME = np.array([AT[name] for name in DEEDS])
ALIKE = np.array([AT[name] for name in (*DEEDS, *JUDGED)])
ONE = np.array([AT[one] for one, _other in OPPOSED])
OTHER = np.array([AT[other] for _one, other in OPPOSED])
CROSS_ONE = np.array([*ONE, AT["good"], AT["yes"]])
CROSS_OTHER = np.array([*OTHER, AT["bad"], AT["nope"]])
DIFFER = np.array([AT[name] for name in APART])
OPENING = 8  # words


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """The decision's vectors: the whole question, its first and its second way."""

    whole: Floats
    first: Floats
    second: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """One piece, read towards a decision.

    lean: log-odds of the first way, given it takes a side; side: log-odds that it takes one at all.
    vector: None where no model read it.
    """

    read: Read
    lean: float
    side: float
    vector: Floats | None


def side(asked: Asked, text: str, vector: Floats | None, meaning: Meaning | None) -> Floats:
    """For which of the two ways a piece speaks: positive numbers for the first, once they are weighed."""
    piece, first = read(text), read(asked.first)
    second = read(asked.second) if asked.second and not asked.second.startswith("Do not ") else None
    yes = float(asked.kind != "either")
    deed = first.whole - (0.0 if second is None else second.whole)
    ours = first.said | first.denied
    theirs = frozenset[str]() if second is None else second.said | second.denied
    only, not_only = ours - theirs, theirs - ours
    begins = stems(words_of(text)[:OPENING])
    told = min(2, len(begins & only))
    parts = [yes * np.array(piece.negated), yes * piece.opening, yes * 0.6 * piece.whole, yes * 0.5 * piece.closing]
    for met in (piece.opening, 0.6 * piece.whole):
        parts += [deed[SAME] * met[SAME], deed[ONE] * met[OTHER] + deed[OTHER] * met[ONE]]
    overlap = [
        _within(len(piece.said & only) - len(piece.denied & only), 2),
        _within(len(piece.said & not_only) - len(piece.denied & not_only), 2),
        told,
        min(2, len(begins & not_only)),
        yes * piece.negated[0] * min(1, told),
        *(yes * piece.negated[1] * deed[AT[name]] for name in ("stop", "get", "keep")),
    ]
    parts.append(np.array(overlap, dtype=np.float64))
    if vector is not None and meaning is not None:
        near, far = float(vector @ meaning.first), float(vector @ meaning.second)
        parts.append(np.array([10 * (near - far), 4 * yes * near]))
    return np.concatenate(parts)


def takes_a_side(asked: Asked, text: str, vector: Floats | None, meaning: Meaning | None) -> Floats:
    """Whether a piece speaks for one of the ways, or about how to go about it, or about something else."""
    piece, first, second = read(text), read(asked.first), read(asked.second)
    named = first.said | second.said | second.denied
    begins = min(2, len(stems(words_of(text)[:OPENING]) & named))
    said, denied = min(2, len(piece.said & named)), min(2, len(piece.denied & named))
    deed = np.maximum(first.whole, second.whole)
    met = np.abs(deed[SAME] * piece.opening[SAME])
    against = np.abs(deed[ONE] * piece.opening[OTHER] + deed[OTHER] * piece.opening[ONE])
    shared = [begins, said, denied, begins * piece.negated[0], float(met.sum()), float(against.sum())]
    parts = [piece.opening, 0.6 * piece.whole, np.array([np.log1p(piece.length), *piece.negated]), np.array(shared)]
    if vector is not None and meaning is not None:
        near, far = float(vector @ meaning.first), float(vector @ meaning.second)
        about = np.array([5 * float(vector @ meaning.whole), 5 * max(near, far), 10 * abs(near - far)])
        parts += [8 * vector, 70 * vector * meaning.whole, about]
    return np.concatenate(parts)


def claim_side(asked: Asked, text: str, vector: Floats | None, meaning: Meaning | None) -> Floats:
    """Whether a piece is for or against a claim."""
    piece, claim = read(text), read(asked.text)
    tone, its = _tone(piece), _tone(claim) - claim.whole[AT["stop"]]
    denies, its_denial = piece.negated[1], claim.negated[1]
    shared = len((piece.said | piece.denied) & (claim.said | claim.denied))
    words = np.array(
        [
            piece.whole[AT["good"]],
            piece.whole[AT["bad"]],
            tone,
            tone * _within(its, 1),
            tone * its_denial,
            denies,
            denies * its_denial,
            denies * _within(its, 1),
            denies * min(1, shared),
            its_denial,
            _within(its, 1),
            min(3, shared),
            len(piece.denied & claim.said) - len(piece.said & claim.denied),
            *(piece.whole[SAME] * claim.whole[SAME]),
            *(piece.whole[ONE] * claim.whole[OTHER] + piece.whole[OTHER] * claim.whole[ONE]),
        ],
        dtype=np.float64,
    )
    if vector is None or meaning is None:
        return words
    about = np.array([5 * float(vector @ meaning.whole)])
    return np.concatenate([words, about, 10 * vector, 100 * vector * meaning.whole, 10 * meaning.whole])


def _tone(piece: Read) -> float:
    return _within(
        piece.whole[AT["good"]] + piece.whole[AT["yes"]] - piece.whole[AT["bad"]] - piece.whole[AT["nope"]], 2
    )


def _within(value: float, most: float) -> float:
    return float(max(-most, min(most, value)))


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """Two pieces side by side.

    few: about sides and meaning; words: which lists they share or oppose, the less the longer the texts are.
    opposite: the chance that both take a side, and not the same, were they independent.
    """

    few: Floats
    words: Floats
    opposite: float

    @property
    def all(self) -> Floats:
        return np.concatenate([self.few, self.words])


def between(a: Taken, b: Taken, meaning: Meaning | None, *, claim: bool = False) -> Between:
    """Compare two pieces; `between(a, b)` is `between(b, a)`. claim: both are read as arguments, with a side each."""
    lean_a, lean_b = float(np.tanh(a.lean / 2)), float(np.tanh(b.lean / 2))
    side_a, side_b = (1.0, 1.0) if claim else (_chance(a.side), _chance(b.side))
    both, same = side_a * side_b, lean_a * lean_b
    opposite = both * (1 - same) / 2
    one, other = a.read, b.read
    denied = abs(one.negated[1] - other.negated[1])
    length = float(np.log1p(one.length + other.length)) - 3
    few = [
        same,
        2 * same * both,
        float(np.log(opposite + 1e-3)),
        float(np.log(both * (1 + same) / 2 + 1e-3)),
        abs(lean_a - lean_b),
        2 * both,
        0.0 if claim else min(a.side, b.side) / 2,
        0.0 if claim else max(a.side, b.side) / 2,
        denied,
        one.negated[1] * other.negated[1],
        min(3, len(one.said & other.said) + len(one.denied & other.denied)),
        min(3, len(one.said & other.denied) + len(one.denied & other.said)),
        length,
        3 * _shared(one, other),
        float(_denied_outright(one, other) or _denied_outright(other, one)),
        float(
            bool(one.begins)
            and one.begins == other.begins
            and (one.begins in one.denied) == (other.begins in other.denied)
        ),
    ]
    if a.vector is not None and b.vector is not None and meaning is not None:
        few += _meant(a.vector, b.vector, meaning.whole, same=same, both=both, denied=denied)
    shorter = min(1.2, float(np.exp(-length)))
    crossed = one.whole[CROSS_ONE] * other.whole[CROSS_OTHER] + one.whole[CROSS_OTHER] * other.whole[CROSS_ONE]
    words = [
        one.whole[ALIKE] * other.whole[ALIKE],
        crossed / 2,
        np.abs(one.whole[DIFFER] - other.whole[DIFFER]),
        [one.opening[AT["how"]] + other.opening[AT["how"]]],
    ]
    return Between(np.array(few, dtype=np.float64), shorter * np.concatenate(words), opposite)


def _shared(one: Read, other: Read) -> float:
    """The share of their stems that two texts have in common, 0 to 1."""
    first, second = one.said | one.denied, other.said | other.denied
    return len(first & second) / max(1, len(first | second))


def _denied_outright(one: Read, other: Read) -> bool:
    """Whether the deed one begins with is what the other says not to do."""
    return bool(one.begins) and one.begins not in one.denied and one.begins in other.denied and other.negated[1] > 0


def _meant(a: Floats, b: Floats, decision: Floats, *, same: float, both: float, denied: float) -> list[float]:
    """How near two texts are, once all they share with the decision is left out, and how near to that."""
    near, about_a, about_b = float(a @ b), float(a @ decision), float(b @ decision)
    rest_a, rest_b = a - about_a * decision, b - about_b * decision
    apart = float(np.linalg.norm(rest_a) * np.linalg.norm(rest_b))
    rest = float(rest_a @ rest_b) / apart if apart > 0 else 1.0
    about = [5 * min(about_a, about_b), 5 * max(about_a, about_b)]
    return [5 * near, 5 * rest, *about, 4 * denied * near, 4 * near * same, 4 * rest * both]


def _chance(odds: float) -> float:
    return float(1 / (1 + np.exp(-max(-30.0, min(30.0, odds)))))
