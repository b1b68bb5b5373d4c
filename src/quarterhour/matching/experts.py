"""Ranking experts over a whole history: the past is read once, then question after question is answered.

The engine thinks (`engines.experts`); here are the parts it must not know: the clock that measures, the sentence
model, the booster of the `rank` extra, and the person who waits and wants to see how far it is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from quarterhour.core.errors import QuarterhourError
from quarterhour.engines.experts import Ask, History, Past, Policy, Signals, Turns, Weights, plain_chance
from quarterhour.matching.embedding import embed
from quarterhour.matching.expert_booster import Booster, grown
from quarterhour.matching.expert_lessons import consider, together
from quarterhour.matching.expert_reading import Reading, Tell, Vectors

SHOWN = 100
LEAST_STEP = 2e-6
FEW_LESSONS, LESSON_QUESTIONS = 2, 1500


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
    signals = Reading(None, seed, without, tell).up_to(asks, pasts, pool)
    return signals.history, _scored(signals, asks, None, model=False, tell=tell)


def score_weighed(
    pasts: Sequence[Past],
    asks: Sequence[Ask],
    pool: Sequence[str],
    *,
    seed: int = 0,
    without: Collection[str] = (),
    tell: Tell = silent,
) -> tuple[History, list[Scored]]:
    """Solve weights from the last months of `pasts`, then score `pool` for each of `asks`.

    Neither a model file nor a library but numpy. Where the past is too short, `score_plainly`.
    """
    reading = Reading(None, seed, without, tell)
    lessons, names = reading.lessons(pasts, asks, many=FEW_LESSONS, most=LESSON_QUESTIONS)
    if not lessons:
        return score_plainly(pasts, asks, pool, seed=seed, without=without, tell=tell)
    weights = Weights(*together(lessons), names)
    signals = reading.up_to(asks, pasts, pool)
    return signals.history, _scored(signals, asks, weights, model=False, tell=tell)


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
    """Grow trees from the last weeks of `pasts`, then score `pool` for each of `asks`.

    vectors: of each past ask by its id, of unit length (see `vectors_of`), or None to go without the sentence model.
    Raises TooLittlePast, and BoosterMissing without the `rank` extra.
    """
    reading = Reading(vectors, seed, without, tell)
    lessons, names = reading.lessons(pasts, asks, most=LESSON_QUESTIONS)
    if not lessons:
        raise TooLittlePast(
            "The past holds too few questions to learn from: 50 with an answer are needed, after 200 other threads."
            " Take --mode default, which needs no training."
        )
    booster = grown(lessons, names, seed=seed, tell=tell)
    signals = reading.up_to(asks, pasts, pool)
    return signals.history, _scored(signals, asks, booster, model=vectors is not None, tell=tell)


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
    turns = Turns(history.newcomers, policy)
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


def _scored(
    signals: Signals, asks: Sequence[Ask], ranker: Booster | Weights | None, *, model: bool, tell: Tell
) -> list[Scored]:
    """The people of each question, and the seconds from its text to their order.

    Questions are met in the order of time: each knows who asked before it, and nothing of who answered.
    """
    found, here = {}, signals.presence()
    for number, ask in enumerate(sorted(asks, key=lambda one: (one.opened, one.id))):
        begun = perf_counter()
        read = embed([ask.read]) if model else None
        considered = consider(signals, ask, None if read is None else read[0], here)
        scores, chances = considered.plain.copy(), plain_chance(considered.plain)
        if ranker is not None:
            # Whoever was not considered stands behind, in the plain order.
            mine, likely = ranker.read(considered.rows)
            scores += mine.min() - scores.max() - 1
            scores[considered.places] = mine
            chances = np.zeros_like(chances)
            chances[considered.places] = likely
        order = np.argsort(-scores, kind="stable")
        if ask.asker in signals.history.place:
            order = order[order != signals.history.place[ask.asker]]
        found[ask.id] = Scored(ask, order, scores[order], chances[order], perf_counter() - begun)
        here.note(ask)
        tell("Ranking", number + 1, len(asks))
    return [found[ask.id] for ask in asks]
