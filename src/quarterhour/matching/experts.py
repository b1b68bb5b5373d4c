"""Ranking experts over a whole history: the past is read once, then question after question is answered.

The engine thinks (`engines.experts`); here are the parts it must not know: the clock that measures, the sentence
model, the booster of the `rank` extra, and the person who waits and wants to see how far it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from quarterhour.core.errors import QuarterhourError
from quarterhour.engines.experts import Ask, History, Past, Policy, Signals, Turns, plain_chance
from quarterhour.engines.matching import terms_of
from quarterhour.matching.embedding import embed
from quarterhour.matching.expert_booster import Booster, grown
from quarterhour.matching.expert_lessons import consider, lesson_of, newcomers, stretches, taught

SHOWN = 100
LEAST_STEP = 2e-6
Vectors = Mapping[str, NDArray[np.float32]]
Tell = Callable[[str, int, int], None]
Read = Callable[[str], Sequence[str]]


class TooLittlePast(QuarterhourError):
    """There are not enough past questions to learn from."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The people of one question before anybody's turn is thought of.

    places: in the pool, the best first, the asker left out. scores: falling. chances: to help, 0 to 1.
    seconds: what it took.
    """

    ask: Ask
    places: NDArray[np.int64]
    scores: NDArray[np.float64]
    chances: NDArray[np.float64]
    seconds: float


def silent(_doing: str, _done: int, _all: int) -> None:
    """Tell nobody."""


def until_of(pasts: Sequence[Past], asks: Sequence[Ask]) -> float:
    """Where the past ends: with its last ask, and in any case before the first question."""
    first = min((ask.opened for ask in asks), default=0.0)
    last = max((past.ask.opened for past in pasts if past.ask.opened < first), default=first)
    return min(first, last + 1.0)


def score_plainly(
    pasts: Sequence[Past],
    asks: Sequence[Ask],
    pool: Sequence[str],
    *,
    seed: int = 0,
    without: Collection[str] = (),
    tell: Tell = silent,
) -> tuple[History, list[Scored]]:
    """Score `pool` for each of `asks` by `plain_score`: text and time alone, no model file, nothing trained before.

    without: groups of features to leave out, see `engines.experts.table.GROUPS`.
    """
    tell("Reading the past", 0, 1)
    history = History(pasts, pool, until=until_of(pasts, asks))
    signals = Signals(history, read=cache(terms_of), seed=seed, without=without)
    return history, list(_scored(signals, asks, None, model=False, tell=tell))


def score_learned(
    pasts: Sequence[Past],
    asks: Sequence[Ask],
    pool: Sequence[str],
    *,
    vectors: Vectors | None = None,
    seed: int = 0,
    without: Collection[str] = (),
    tell: Tell = silent,
) -> tuple[History, list[Scored]]:
    """Learn from the last weeks of `pasts`, then score `pool` for each of `asks`.

    vectors: of each past ask by its id, of unit length (see `vectors_of`), or None to go without the sentence model.
    Raises TooLittlePast, and BoosterMissing without the `rank` extra.
    """
    until, read = until_of(pasts, asks), cache(terms_of)
    before = [past for past in pasts if past.ask.opened < until]
    lessons, names = [], None
    for number, (since, end) in enumerate(stretches(before, asks, until=until), start=1):
        then, questions = taught(before, since, end)
        if questions:
            doing = f"Lesson {number}: {len(questions)} past questions"
            signals = _signals(History(before, then, until=since), vectors, read, seed, without)
            names = signals.names
            lessons.append(lesson_of(signals, questions, vectors, partial(tell, doing)))
    if names is None:
        raise TooLittlePast(
            "The past holds too few questions to learn from: 50 with an answer are needed, after 200 other threads."
            " Take --mode default, which needs no training."
        )
    booster = grown(lessons, names, seed=seed, tell=tell)
    tell("Reading the past", 0, 1)
    signals = _signals(History(before, pool, until=until), vectors, read, seed, without)
    return signals.history, list(_scored(signals, asks, booster, model=vectors is not None, tell=tell))


def vectors_of(asks: Sequence[Ask], *, known: Vectors, tell: Tell = silent) -> Vectors | None:
    """The meaning of each ask by its id, as the sentence model reads it; None where it is not installed or not wanted.

    known: vectors that need not be read again, by `key_of` the ask they belong to.
    """
    found: dict[str, NDArray[np.float32]] = {}
    for number, ask in enumerate(asks):
        vector = known.get(key_of(ask))
        if vector is None:
            read = embed([ask.read])
            if read is None:
                return None
            vector = read[0]
        found[ask.id] = vector
        tell("Reading meanings", number + 1, len(asks))
    return found


def key_of(ask: Ask) -> str:
    """A name for the text of an ask that does not tell the text."""
    return sha256(ask.read.encode("utf-8", "replace")).hexdigest()


def arranged(history: History, scored: Sequence[Scored], policy: Policy) -> dict[str, list[tuple[str, float]]]:
    """Question -> (person, score), at most 100, after everybody's turn was thought of, in the order of time.

    Scores fall from place to place; those who were given an open place have just more than the next.
    """
    turns = Turns(newcomers(history), policy)
    found: dict[str, list[tuple[str, float]]] = {}
    for each in sorted(scored, key=lambda one: (one.ask.opened, one.ask.id)):
        order = turns.arranged(each.places, each.chances)
        score_of = dict(zip(each.places.tolist(), each.scores.tolist(), strict=True))
        scores = [score_of[place] for place in order.tolist()]
        for at in reversed(range(len(scores) - 1)):
            scores[at] = max(scores[at], scores[at + 1] + LEAST_STEP)
        people = [history.pool[place] for place in order.tolist()]
        found[each.ask.id] = list(zip(people, scores, strict=True))[:SHOWN]
    return {each.ask.id: found[each.ask.id] for each in scored}


def _signals(history: History, vectors: Vectors | None, read: Read, seed: int, without: Collection[str]) -> Signals:
    rows = None
    if vectors is not None:
        rows = np.array([vectors[past.ask.id] for past in history.pasts], dtype=np.float32)
    return Signals(history, vectors=rows, read=read, seed=seed, without=without)


def _scored(
    signals: Signals, asks: Sequence[Ask], booster: Booster | None, *, model: bool, tell: Tell
) -> Iterator[Scored]:
    """The people of each question, and the seconds from its text to their order."""
    for number, ask in enumerate(asks):
        begun = perf_counter()
        read = embed([ask.read]) if model else None
        considered = consider(signals, ask, None if read is None else read[0])
        scores, chances = considered.plain.copy(), plain_chance(considered.plain)
        if booster is not None:
            # Whoever was not considered stands behind, in the plain order.
            mine, likely = booster.read(considered.rows)
            scores += mine.min() - scores.max() - 1
            scores[considered.places] = mine
            chances = np.zeros_like(chances)
            chances[considered.places] = likely
        order = np.argsort(-scores, kind="stable")
        if ask.asker in signals.history.place:
            order = order[order != signals.history.place[ask.asker]]
        yield Scored(ask, order, scores[order], chances[order], perf_counter() - begun)
        tell("Ranking", number + 1, len(asks))
