"""The default ranker's weights: one for each feature, solved from a site's own past at the moment they are needed.

Of those considered for a question somebody helped; the weights are those under which the people who really helped
were likeliest. A few features weigh otherwise for newcomers. Nothing solved is kept.
Source: D. McFadden, Conditional Logit Analysis of Qualitative Choice Behavior, in Frontiers in Econometrics (1974),
105-142; solved by Newton's method, with a ridge.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.experts.plain import plain_chance
from quarterhour.engines.experts.table import OF_NEWCOMERS, TABLE

__all__ = ["Weights"]

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
RIDGE = 100.0
FARTHEST = 5.0
STEPS, ENOUGH = 20, 1e-4
QUESTIONS_AT_ONCE = 256


class Weights:
    """Scores people by a weighted sum of their features, each in standard deviations over the past."""

    def __init__(self, rows: Floats, helped: NDArray[np.int8], sizes: NDArray[np.int64], names: Sequence[str]) -> None:
        """rows: features of people considered, question after question. helped: 1 where they did. sizes: people for
        each question. names: of the columns.
        """
        self._days = [place for place, name in enumerate(names) if name in TABLE and TABLE[name].unit == "days"]
        self._own = [place for place, name in enumerate(names) if name in OF_NEWCOMERS]
        self._new = list(names).index("newcomer") if "newcomer" in names else None
        flat = self._flat(rows)
        self._middle, self._wide = flat.mean(axis=0), flat.std(axis=0) + 1e-6
        self.weights = _solved(self._table(rows), helped.astype(np.float32), sizes)

    def read(self, rows: Floats) -> tuple[Doubles, Doubles]:
        """Scores and chances, 0 to 1, of the people considered for one question."""
        scores = self._table(rows).astype(np.float64) @ self.weights
        return scores, plain_chance(scores)

    def _flat(self, rows: Floats) -> Floats:
        """Days as logarithms: a week more means much after a day and nothing after a year."""
        flat = rows.copy()
        flat[:, self._days] = np.log1p(np.maximum(flat[:, self._days], 0))
        return flat

    def _table(self, rows: Floats) -> Floats:
        """Each feature in standard deviations, and some of them a second time for newcomers alone."""
        table: Floats = np.clip((self._flat(rows) - self._middle) / self._wide, -FARTHEST, FARTHEST)
        if self._new is None:
            return table
        return np.hstack([table, table[:, self._own] * rows[:, [self._new]]])


def _solved(table: Floats, helped: Floats, sizes: NDArray[np.int64]) -> Doubles:
    """Newton's steps downhill; one that leads up is taken back and made shorter."""
    weights: Doubles = np.zeros(table.shape[1])
    kept, step, least = weights, weights, np.inf
    for _ in range(STEPS):
        loss, slope, bend = _loss(table, helped, sizes, weights)
        if loss < least:
            done = least - loss < ENOUGH * loss
            kept, least = weights, loss
            if done:
                break
            step = np.asarray(np.linalg.solve(bend, slope), dtype=np.float64)
        else:
            step = step / 4
        weights = kept - step
    return kept


def _loss(table: Floats, helped: Floats, sizes: NDArray[np.int64], weights: Doubles) -> tuple[float, Doubles, Doubles]:
    """How unlikely the helpers were, its slope and its bend, with the ridge."""
    loss = RIDGE / 2 * float(weights @ weights)
    slope: Doubles = RIDGE * weights
    bend: Doubles = RIDGE * np.eye(len(weights))
    ends = np.cumsum(sizes)
    for first in range(0, len(sizes), QUESTIONS_AT_ONCE):
        many = sizes[first : first + QUESTIONS_AT_ONCE]
        begin = int(ends[first] - sizes[first])
        rows, did = table[begin : begin + many.sum()], helped[begin : begin + many.sum()]
        begins = np.cumsum(many) - many
        scores = rows @ weights.astype(np.float32)
        scores -= np.repeat(np.maximum.reduceat(scores, begins), many)
        shares = np.exp(scores)
        sums = np.add.reduceat(shares, begins)
        shares /= np.repeat(sums, many)
        helpers = np.add.reduceat(did, begins)
        expected = shares * np.repeat(helpers, many)
        loss += float(helpers @ np.log(sums) - did @ scores)
        slope += rows.T @ (expected - did)
        mean = np.add.reduceat(rows * shares[:, None], begins, axis=0)
        bend += (rows * expected[:, None]).T @ rows - (mean * helpers[:, None]).T @ mean
    return loss, slope, bend
