"""Ranking experts over a whole history: the past is read once, then question after question is answered.

The engine thinks (`engines.experts`); here are the parts it must not know: the clock that measures, the sentence
model, the booster of the `rank` extra, and the person who waits and wants to see how far it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.experts import Ask, History, Past, Signals, plain_score
from quarterhour.engines.experts.features import ordered
from quarterhour.engines.matching import terms_of

SHOWN = 100
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Ranked:
    """people: question -> (person, score), the best first, at most 100. seconds: of each question, in their order."""

    people: dict[str, list[tuple[str, float]]]
    seconds: NDArray[np.float64]
    history: History


def silent(_doing: str, _done: int, _all: int) -> None:
    """Tell nobody."""


def until_of(pasts: Sequence[Past], asks: Sequence[Ask]) -> float:
    """Where the past ends: with its last ask, and in any case before the first question."""
    first = min((ask.opened for ask in asks), default=0.0)
    last = max((past.ask.opened for past in pasts if past.ask.opened < first), default=first)
    return min(first, last + 1.0)


def rank_plainly(
    pasts: Sequence[Past], asks: Sequence[Ask], pool: Sequence[str], *, seed: int = 0, tell: Tell = silent
) -> Ranked:
    """Rank `pool` for each of `asks` by `plain_score`. Text and time alone: no model file, nothing trained before.

    The asker is left out. Same input and seed: same ranking.
    """
    tell("Reading the past", 0, 1)
    history = History(pasts, pool, until=until_of(pasts, asks))
    signals = Signals(history, read=cache(terms_of), seed=seed)
    people: dict[str, list[tuple[str, float]]] = {}
    seconds = np.zeros(len(asks))
    for number, ask in enumerate(asks):
        begun = perf_counter()
        scores = plain_score(signals.of(ask))
        people[ask.id] = [
            (history.pool[at], float(scores[at])) for at in ordered(scores, history.pool, without=ask.asker)
        ]
        people[ask.id] = people[ask.id][:SHOWN]
        seconds[number] = perf_counter() - begun
        tell("Ranking", number + 1, len(asks))
    return Ranked(people, seconds, history)
