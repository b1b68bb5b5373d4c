"""One ranking as people saw it, and what came of it within thirty days."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.learned.features import Numbers

__all__ = ["PLACES", "Shown", "place_of", "value_of"]

Floats = NDArray[np.float64]

# (name, first place, last place): places that are looked at about as often. Three are cards, the rest is a list behind.
PLACES: tuple[tuple[str, int, int], ...] = (
    ("first card", 1, 1),
    ("second card", 2, 2),
    ("third card", 3, 3),
    ("top of the list", 4, 8),
    ("further down", 9, 20),
    ("at the end", 21, 10**6),
)
_FIRST = np.array([first for _name, first, _last in PLACES])


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A ranking of n people, the numbers of then, and what became of it.

    need: what belongs together when chance is counted. week: when it was made, later is larger. at: (n,) the place
    each stood at, from 1. picked: whether the asker asked or booked them. accepted: 1 or 0, NaN where nobody knows or
    nobody asked. held: whether they met. helped: of those who met 1 or 0, NaN where the asker did not say.
    """

    need: Hashable
    week: int
    seed: int
    numbers: Numbers
    at: NDArray[np.int64]
    picked: NDArray[np.bool_]
    accepted: Floats
    held: NDArray[np.bool_]
    helped: Floats


def place_of(at: NDArray[np.int64]) -> NDArray[np.int64]:
    """Which of PLACES each place belongs to.

    >>> place_of(np.array([1, 3, 4, 8, 9, 60])).tolist()
    [0, 2, 3, 3, 4, 5]
    """
    return np.searchsorted(_FIRST, at, side="right") - 1


def value_of(shown: Shown, *, silent: float) -> Floats:
    """Help that came of each person within thirty days, 0 to 1. silent: what a session without an answer counts."""
    return np.where(shown.held, np.where(np.isnan(shown.helped), silent, shown.helped), 0.0)


def share_helped(of: Sequence[Shown]) -> float:
    """How often those who said something said that it helped; a half where nobody said anything."""
    told = np.concatenate([each.helped[each.held] for each in of]) if of else np.array([])
    told = told[~np.isnan(told)]
    return float(told.mean()) if told.size else 0.5
