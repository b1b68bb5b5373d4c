"""How good rankings of people are, for those who ask and for those who could help.

A ranking is a list of people, the best first. For the askers: are the people who really helped found, and found early?
For the helpers: who is shown at all, and how evenly? Every figure comes with an interval from resampling.
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from math import log2
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.experts.history import FEW_HELPS

__all__ = ["Figure", "Judged", "exposure", "gini", "judge", "ndcg", "recall", "reciprocal_rank"]

TOP = 10
DRAWS = 1000


class Figure(NamedTuple):
    """A figure, and where 95 of 100 resampled ones lie. nan where there is nothing to measure."""

    value: float
    low: float
    high: float


class Judged(NamedTuple):
    """What `judge` found. queries: those with at least one relevant person; cold_queries: with a relevant newcomer."""

    queries: int
    cold_queries: int
    figures: Mapping[str, Figure]


def recall(order: Sequence[Hashable], relevant: Collection[Hashable], depth: int) -> float:
    """Share of the relevant people among the first `depth`, 0 to 1; nan if nobody is relevant.

    >>> recall(["ana", "bo", "cy"], {"bo", "di"}, 2)
    0.5
    """
    wanted = set(relevant)
    return len(wanted.intersection(order[:depth])) / len(wanted) if wanted else float("nan")


def reciprocal_rank(order: Sequence[Hashable], relevant: Collection[Hashable]) -> float:
    """1 / the place of the first relevant person, 0 if none is in the ranking.

    >>> reciprocal_rank(["ana", "bo", "cy"], {"bo", "cy"})
    0.5
    """
    return next((1 / place for place, person in enumerate(order, start=1) if person in relevant), 0.0)


def ndcg(order: Sequence[Hashable], relevant: Collection[Hashable], depth: int) -> float:
    """Normalised discounted cumulative gain with gains 0 and 1, 0 to 1; nan if nobody is relevant.

    Source: K. Järvelin, J. Kekäläinen, ACM Transactions on Information Systems 20 (2002), 422-446.

    >>> round(ndcg(["ana", "bo", "cy"], {"bo"}, 10), 3)
    0.631
    """
    wanted = set(relevant)
    if not wanted:
        return float("nan")
    best = sum(1 / log2(place + 1) for place in range(1, min(depth, len(wanted)) + 1))
    return sum(1 / log2(place + 1) for place, person in enumerate(order[:depth], start=1) if person in wanted) / best


def gini(shares: Sequence[float] | NDArray[np.float64]) -> float:
    """How unevenly something is spread: 0 if all have the same, towards 1 if one person has everything.

    shares: one number of 0 or more for each person. 0.0 if there is nothing to share.
    Source: C. Gini, Variabilità e mutabilità (1912), by the ordered sum.

    >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 4])
    (0.0, 0.75)
    """
    held = np.sort(np.asarray(shares, dtype=np.float64))
    if held.size == 0 or held.sum() <= 0:
        return 0.0
    places = np.arange(1, held.size + 1)
    return float(((2 * places - held.size - 1) * held).sum() / (held.size * held.sum()))


def exposure(rankings: Sequence[Sequence[Hashable]], pool: Sequence[Hashable], depth: int = TOP) -> NDArray[np.float64]:
    """For each person of `pool`, in how many rankings they stand among the first `depth`."""
    place_of = {person: place for place, person in enumerate(pool)}
    shown = np.zeros(len(place_of))
    for order in rankings:
        for person in order[:depth]:
            if person in place_of:
                shown[place_of[person]] += 1
    return shown


def judge(
    rankings: Mapping[Hashable, Sequence[Hashable]],
    relevant: Mapping[Hashable, Collection[Hashable]],
    pool: Sequence[Hashable],
    *,
    earlier_helps: Mapping[Hashable, int],
    seed: int = 0,
) -> Judged:
    """All figures of a set of rankings.

    rankings: query -> people, the best first. relevant: query -> those who really helped; queries that are missing
    here, or name nobody, are shown to people all the same but cannot be judged. earlier_helps: person -> how often they
    had helped before; below 10 they are cold. The intervals of recall, MRR and nDCG are from resampled queries. Those
    of coverage and Gini are from resampled people: fewer distinct queries would always show fewer people.
    Source: B. Efron, R. Tibshirani, An Introduction to the Bootstrap (1993), percentile intervals.
    """
    judged = [query for query in rankings if relevant.get(query)]
    cold = {query: {each for each in relevant[query] if earlier_helps.get(each, 0) < FEW_HELPS} for query in judged}
    with_cold = [query for query in judged if cold[query]]
    of_queries = {
        "R@10": [recall(rankings[query], relevant[query], TOP) for query in judged],
        "R@100": [recall(rankings[query], relevant[query], 100) for query in judged],
        "MRR": [reciprocal_rank(rankings[query], relevant[query]) for query in judged],
        "nDCG@10": [ndcg(rankings[query], relevant[query], TOP) for query in judged],
        "cold R@10": [recall(rankings[query], cold[query], TOP) for query in with_cold],
    }
    random = np.random.default_rng(seed)
    figures = {name: _figure(np.asarray(values), _mean, random) for name, values in of_queries.items()}
    shown = exposure(list(rankings.values()), pool)
    figures["coverage@10"] = _figure((shown > 0).astype(np.float64), _mean, random)
    figures["Gini"] = _figure(shown, gini, random)
    return Judged(len(judged), len(with_cold), figures)


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean())


def _figure(
    values: NDArray[np.float64], measure: Callable[[NDArray[np.float64]], float], random: np.random.Generator
) -> Figure:
    if values.size == 0:
        return Figure(float("nan"), float("nan"), float("nan"))
    drawn = [measure(values[random.integers(0, values.size, values.size)]) for _ in range(DRAWS)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Figure(measure(values), float(low), float(high))
