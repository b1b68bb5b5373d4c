"""Reading a past: up to the questions for their answer, and up to each lesson to learn from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.experts import Ask, History, Past, Signals
from quarterhour.engines.experts.history import DAY
from quarterhour.engines.matching import terms_of
from quarterhour.matching.expert_lessons import LESSONS, Lesson, heard_of, lesson_of, stretches, taught

__all__ = ["Reading", "Tell", "Vectors", "until_of"]

Vectors = Mapping[str, NDArray[np.float32]]
Tell = Callable[[str, int, int], None]


def until_of(pasts: Sequence[Past], asks: Sequence[Ask]) -> float:
    """Where the past ends: with its last ask, and in any case before the first question."""
    first = min((ask.opened for ask in asks), default=0.0)
    last = max((past.ask.opened for past in pasts if past.ask.opened < first), default=first)
    return min(first, last + 1.0)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a past is read.

    vectors: of each past ask by its id, of unit length, or None. seed: of everything random. without: groups of
    features left out, see `engines.experts.table.GROUPS`. tell: told how far it is. terms: a text's words, read once.
    """

    vectors: Vectors | None
    seed: int
    without: Collection[str]
    tell: Tell
    terms: Callable[[str], Sequence[str]] = field(default_factory=lambda: cache(terms_of))

    def signals(self, history: History) -> Signals:
        """Everything that features of this history are made of."""
        rows = None
        if self.vectors is not None:
            rows = np.array([self.vectors[past.ask.id] for past in history.pasts], dtype=np.float32)
        return Signals(history, vectors=rows, read=self.terms, seed=self.seed, without=self.without)

    def up_to(self, asks: Sequence[Ask], pasts: Sequence[Past], pool: Sequence[str]) -> Signals:
        """The past as the questions find it."""
        self.tell("Reading the past", 0, 1)
        return self.signals(History(pasts, pool, until=until_of(pasts, asks)))

    def lessons(
        self, pasts: Sequence[Past], asks: Sequence[Ask], *, many: int = LESSONS, most: int | None = None
    ) -> tuple[list[Lesson], tuple[str, ...]]:
        """What the last months teach, none if they are too few, and the names of the columns.

        many: lessons at most. most: questions of each, drawn by lot; None for all of them.
        """
        until = until_of(pasts, asks)
        before = [past for past in pasts if past.ask.opened < until]
        lessons: list[Lesson] = []
        names: tuple[str, ...] = ()
        for number, (since, end) in enumerate(stretches(before, asks, until=until, most=many), start=1):
            pool, questions = taught(before, since, end)
            if questions:
                tell = partial(self.tell, f"Lesson {number}: {len(questions)} past questions")
                signals = self.signals(History(before, pool, until=since))
                heard = heard_of(questions, asks, days=(end - since) / DAY, until=until)
                seed = (self.seed, number)
                lessons.append(lesson_of(signals, questions, self.vectors, tell, heard=heard, most=most, seed=seed))
                names = signals.names
        return lessons, names
