"""Past asks vote for those who answered them: the closer to the question, the more a vote counts.

Two readings of the same idea. `Votes` sums: a helper gets the weights of the asks they answered. `Expectation` asks
how likely each person is to answer, by a regression on the directions of meaning: neighbours that say the same thing
twice count once, which is why it finds the right person more often where a few people answer most asks.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.experts.history import DAY, History
from quarterhour.engines.experts.model import Ask

__all__ = ["Expectation", "Votes", "fade", "hours_apart", "summed", "top"]

Floats = NDArray[np.float64]
AREA_WEIGHT, CLOCK_WEIGHT = 0.5, 0.25
MOST_AREAS = 64


def fade(age: Floats, half_life: float) -> Floats:
    """What something counts that is `age` days old: 1 now, half of it after each `half_life` days.

    >>> fade(np.array([0.0, 30.0, 60.0]), 30).tolist()
    [1.0, 0.5, 0.25]
    """
    faded: Floats = np.power(0.5, age / half_life)
    return faded


def hours_apart(one: Floats, other: float) -> Floats:
    """Hours between times of day, 0 to 12. one, other: Unix seconds.

    >>> hours_apart(np.array([23 * 3600.0, 5 * 3600.0]), 3600.0).tolist()
    [2.0, 4.0]
    """
    apart = np.abs((one - other) / 3600) % 24
    around: Floats = np.minimum(apart, 24 - apart)
    return around


def top(weights: Floats, many: int) -> Floats:
    """`weights` with all but the largest `many` set to 0; of equal ones the earlier stay."""
    if len(weights) <= many:
        return weights
    least = np.partition(weights, len(weights) - many)[len(weights) - many]
    above, ties = np.flatnonzero(weights > least), np.flatnonzero(weights == least)
    kept = np.concatenate([above, ties[: many - len(above)]])
    found = np.zeros_like(weights)
    found[kept] = weights[kept]
    return found


def summed(groups: NDArray[np.int64], rows: Floats, many: int) -> Floats:
    """The rows of each group added up, shape (many, width). groups: 0 to many - 1, in any order."""
    found = np.zeros((many, rows.shape[1]))
    if len(groups):
        order = np.argsort(groups, kind="stable")
        begins = np.flatnonzero(np.diff(groups[order], prepend=-1))
        found[groups[order][begins]] = np.add.reduceat(rows[order], begins, axis=0)
    return found


class Votes:
    """The helps of the past, ready to be weighed."""

    def __init__(self, history: History) -> None:
        self._of, self._who, self._people = history.of, history.who, history.people

    def tally(self, weights: Floats) -> Floats:
        """For each person the weights of the asks they helped with, added up."""
        return np.bincount(self._who, weights=weights[self._of], minlength=self._people).astype(np.float64)

    def share(self, weights: Floats) -> Floats:
        """The same as a share of all weights: of asks like these, how many does this person answer? 0 to 1."""
        total = float(weights.sum())
        return self.tally(weights) / total if total > 0 else np.zeros(self._people)

    def nearest(self, likeness: Floats) -> Floats:
        """For each person the likeness of the ask they helped with that is most like this one; 0 if none is."""
        found = np.zeros(self._people)
        np.maximum.at(found, self._who, likeness[self._of])
        return found


class Expectation:
    """How likely each person is to help, from what a question means, its area and the time of day and week.

    Ridge regression of "this person helped" on the vector of the ask; recent asks count more.
    Source: A. Hoerl, R. Kennard, Ridge Regression, Technometrics 12 (1970), 55-67.
    """

    def __init__(
        self,
        history: History,
        vectors: NDArray[np.float32],
        *,
        half_life: float,
        strength: float = 10.0,
    ) -> None:
        """vectors: one of unit length for each past ask. half_life: in days. strength: of the ridge."""
        counts = np.bincount(history.area, minlength=len(history.areas)) if len(history.pasts) else np.zeros(0)
        self._columns = {int(area): place for place, area in enumerate(np.argsort(-counts, kind="stable")[:MOST_AREAS])}
        rows = self._rows(vectors, history.area, history.opened)
        weights = fade(history.age, half_life)[:, None]
        inner = (rows * weights).T @ rows + strength * np.eye(rows.shape[1])
        helped = summed(history.who, (rows * weights)[history.of], history.people)
        self._answer = np.linalg.solve(inner, helped.T)
        self._area_of = history.area_of

    def of(self, ask: Ask, vector: NDArray[np.float32]) -> Floats:
        """For each person about how likely they are to help; may fall a little below 0."""
        row = self._rows(vector[None], np.array([self._area_of(ask)]), np.array([ask.opened]))
        likely: Floats = (row @ self._answer)[0]
        return likely

    def _rows(self, vectors: NDArray[np.float32], area: NDArray[np.int64], opened: Floats) -> Floats:
        areas = np.zeros((len(vectors), len(self._columns)))
        for row, each in enumerate(area):
            if int(each) in self._columns:
                areas[row, self._columns[int(each)]] = AREA_WEIGHT
        return np.hstack([vectors, areas, CLOCK_WEIGHT * _clock(opened), np.ones((len(vectors), 1))])


def _clock(opened: Floats) -> Floats:
    """Time of day and of the week as points on circles."""
    waves: Sequence[Floats] = [2 * np.pi * opened / DAY, 4 * np.pi * opened / DAY, 2 * np.pi * opened / (7 * DAY)]
    return np.stack([turn(wave) for wave in waves for turn in (np.cos, np.sin)], axis=1)
