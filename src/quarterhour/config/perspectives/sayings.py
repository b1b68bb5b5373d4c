"""Reading `sayings.txt`: decisions, and what people say to them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from random import Random

SAYINGS = Path(__file__).with_name("sayings.txt")
WAY = float("nan")
# What the marks say: for it, against it, neither; and, where two ways part, that it takes one of them.
SIDES = {"+": 1.0, "-": -1.0, "o": 0.0, ">": 0.0, "1": WAY, "2": WAY}
FOREIGN = 7  # pairs with a piece on another decision, for each decision


class SayingsError(ValueError):
    """The file cannot be read; the text says where."""


@dataclass
class Decided:
    """A decision and its pieces: mark and text."""

    name: str
    question: str
    options: tuple[str, ...] = ()
    pieces: list[tuple[str, str]] = field(default_factory=list)


def sayings(file: Path = SAYINGS) -> list[Decided]:
    """All decisions of the file. Raises SayingsError with the number of the line that is wrong."""
    found: list[Decided] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        mark, _space, text = line.partition(" ")
        if not line or mark == "#":
            continue
        if mark == "?":
            found.append(Decided(f"said{len(found) + 1:03}", text))
        elif mark == "=" and found:
            found[-1].options = tuple(option.strip() for option in text.split("|"))
        elif mark in SIDES and found:
            found[-1].pieces.append((mark, text))
        else:
            raise SayingsError(f"Line {number} of {file} begins with none of: # ? = + - 1 2 o >")
    return found


def labelled(decisions: list[Decided], *, seed: int = 0) -> Iterator[tuple[Decided, str, str, str]]:
    """Pairs and their label: all within a decision, and some with a piece that belongs to another."""
    draw = Random(seed)  # noqa: S311 - a draw of examples, nothing secret
    every = [(decided.name, text) for decided in decisions for _mark, text in decided.pieces]
    for decided in decisions:
        for (one, a), (other, b) in combinations(decided.pieces, 2):
            if label := _label(one, other):
                yield decided, a, b, label
        for _ in range(FOREIGN):
            _mark, a = draw.choice(decided.pieces)
            name, b = draw.choice(every)
            if name != decided.name:
                yield decided, a, b, "unrelated"


def _label(one: str, other: str) -> str:
    """How two marks stand to each other; "" where it is left open."""
    marks = {one, other}
    if marks in ({">", "-"}, {"1", "+"}, {"2", "+"}):
        return ""
    if marks & {"o", ">"}:
        return "compatible"
    return "agree" if one == other else "conflict"
