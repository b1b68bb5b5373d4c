"""What is laid side by side, and what comes of it: plain values, no database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Conflict", "Group", "Label", "Layout", "Missing", "Piece", "Stance", "Vectors", "Verdict"]

Label = Literal["conflict", "agree", "compatible", "unrelated"]

# Texts in, one vector of unit length for each out, or None where no sentence model is installed.
Vectors = Callable[[Sequence[str]], Any]


@dataclass(frozen=True, slots=True)
class Stance:
    """Where a piece of advice stands, as a person recorded it.

    option: one of the decision's options, in its words; "" or any other word is advice on none of them.
    condition: when it holds ("if the bank agrees"); "" for always.
    """

    option: str
    in_favour: bool
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of advice on a decision.

    key: names it in the answer; no two pieces of one board share a key. text: as it was said.
    who: who said it, with their experience in a few words ("Ward nurse, 12 years of nights"). voice: the same for all
    that one person said, "" for not known; nobody contradicts themselves, they weigh both sides.
    stance: None where nobody recorded one. conditions: when it holds. assumptions: what it takes for granted.
    confidence: "low", "medium", "high", or "" for not said.
    """

    key: str
    text: str
    who: str = ""
    stance: Stance | None = None
    conditions: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    confidence: str = ""
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How two pieces of advice stand to each other; never which of them is right.

    conflict: the chance that one person cannot follow both, 0 to 1, calibrated; exactly 0 or 1 where both recorded
    their stance. sure: False asks the reader to look at both; `label` is then the likeliest and no more than that.
    words: the words of the first and of the second piece that led there. because: one sentence for people.
    """

    label: Label
    conflict: float
    sure: bool
    words: tuple[tuple[str, ...], tuple[str, ...]]
    because: str


@dataclass(frozen=True, slots=True)
class Group:
    """Pieces that recommend the same.

    keys: in the order given; one piece may stand alone. option: "" for advice on none of the options.
    exact: all of them recorded their stance. rests_on: the conditions and assumptions of any of them, each once.
    """

    keys: tuple[str, ...]
    option: str
    in_favour: bool
    exact: bool
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two pieces of advice that one person cannot both follow, or may not be able to.

    exact: both stances are recorded; otherwise it is a proposal to be confirmed or dismissed. p: 1.0 where exact.
    rests_on: what only the first, and what only the second takes for granted or makes a condition.
    question: the conflict as something to ask. words, because: as in `Verdict`.
    """

    a: str
    b: str
    exact: bool
    p: float
    rests_on: tuple[tuple[str, ...], tuple[str, ...]]
    question: str
    words: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    because: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something nobody has said yet.

    kind: "for" or "against" (nobody spoke so about `option`), "experience" (nobody has lived it), "cost", "date",
    "condition" (nobody said when their advice holds), "voices" (fewer than two). told: one sentence for people.
    """

    kind: Literal["for", "against", "experience", "cost", "date", "condition", "voices"]
    option: str
    told: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A board: who agrees, where they part, sharpest first, and what is still missing.

    Depends on the set of pieces, not on their order, but for the order in which equals are listed.
    """

    groups: tuple[Group, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    missing: tuple[Missing, ...] = ()
