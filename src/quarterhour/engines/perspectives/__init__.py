"""Pieces of advice on one decision, side by side: who agrees, where they part, and on what that rests.

    compare(decision, a, b, options=..., vectors=embed)      # one pair: a label, a chance, and the words
    lay_out(decision, options, pieces, vectors=embed)        # a board: groups, conflicts, what is missing

Recorded stances are exact. Where there are none a small detector of our own proposes, and says when it is unsure; it
never says who is right. How it works, how it learned and what it gets wrong: docs/algorithms/perspectives.md.
"""

from quarterhour.engines.perspectives.layout import compare, lay_out
from quarterhour.engines.perspectives.shapes import (
    Conflict,
    Group,
    Label,
    Layout,
    Missing,
    Piece,
    Stance,
    Vectors,
    Verdict,
)

__all__ = [
    "Conflict",
    "Group",
    "Label",
    "Layout",
    "Missing",
    "Piece",
    "Stance",
    "Vectors",
    "Verdict",
    "compare",
    "lay_out",
]
