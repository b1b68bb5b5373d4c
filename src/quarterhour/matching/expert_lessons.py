"""What a ranker of experts learns from: weeks of the past, ranked as if they were still to come.

For each lesson the history ends before its questions, as it will when the ranker is used. Candidates are chosen in
one way for lessons and for use, without a look at who answered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.experts import Ask, Past, Presence, Signals, candidates_of, helpers, plain_score
from quarterhour.engines.experts.history import DAY

Vectors = Mapping[str, NDArray[np.float32]]
CANDIDATES, NEWCOMERS, PRESENT = 70, 30, 30
SILENCE = 0.01  # how much lower a newcomer stands for each day of silence, up to a year
SHORTEST, LONGEST = 28 * DAY, 215 * DAY
LESSONS = 6
FEWEST_PASTS, FEWEST_QUESTIONS = 200, 50
LEAST_LETTERS = 40


@dataclass(frozen=True, slots=True)
class Considered:
    """Whom the ranker looks at for one question: places in the pool, their features, and the plain score of all."""

    places: NDArray[np.int64]
    rows: NDArray[np.float32]
    plain: NDArray[np.float64]


def consider(
    signals: Signals, ask: Ask, vector: NDArray[np.float32] | None, here: Presence | None = None
) -> Considered:
    """The first by the plain score; of those who have helped less than ten times the first who are still there; and
    who asked most since the history ended. here: None to know nothing of what was asked since.
    """
    here = here or signals.presence()
    found = signals.of(ask, vector, here)
    plain = plain_score(found)
    history = signals.history
    allowed = np.array([person != ask.asker for person in history.pool])
    still_there, lately = plain - SILENCE * np.minimum(here.gone(ask), 365), here.lately(ask)
    first = _first(plain, allowed, CANDIDATES)
    new = _first(still_there, allowed & history.newcomers, NEWCOMERS)
    places = np.unique(np.concatenate([first, new, _first(lately, allowed & (lately > 0), PRESENT)]))
    return Considered(places, signals.rows(found)[places], plain)


def _first(worth: NDArray[np.float64], allowed: NDArray[np.bool_], many: int) -> NDArray[np.int64]:
    """The places of the `many` worth most among those allowed; equal ones in the order of the pool."""
    order = np.argsort(-worth, kind="stable")
    return order[allowed[order]][:many]


@dataclass(frozen=True, slots=True)
class Lesson:
    """Questions of one stretch of the past and the people considered, one after another.

    rows: features. helped: 1 where the person replied within three days. sizes: people for each question.
    """

    rows: NDArray[np.float32]
    helped: NDArray[np.int8]
    sizes: NDArray[np.int64]


def together(lessons: Sequence[Lesson]) -> tuple[NDArray[np.float32], NDArray[np.int8], NDArray[np.int64]]:
    """All rows, all who helped, all sizes."""
    rows, helped = np.concatenate([each.rows for each in lessons]), np.concatenate([each.helped for each in lessons])
    return rows, helped, np.concatenate([each.sizes for each in lessons])


def stretches(
    pasts: Sequence[Past], asks: Sequence[Ask], *, until: float, most: int = LESSONS
) -> list[tuple[float, float]]:
    """From when to when lessons last, the latest first.

    Each is as long as the questions to be answered, 4 to 31 weeks, or a third of a shorter past; each begins half its
    length before the last one, so that most questions are met twice, after a shorter and after a longer gap.
    """
    first = min((past.ask.opened for past in pasts), default=until)
    asked = max((ask.opened for ask in asks), default=until) - until
    span = min(max(asked, SHORTEST), LONGEST, (until - first) / 3)
    begins = [until - span * number / 2 for number in range(1, most + 1)]
    return [(begin, min(begin + span, until)) for begin in begins if begin > first]


def questions_of(pasts: Sequence[Past], pool: Sequence[str], since: float, until: float) -> list[tuple[Ask, set[str]]]:
    """Real questions of a stretch and who of the pool helped: 40 letters, a question mark, somebody who helped."""
    members = set(pool)
    found = []
    for past in sorted(pasts, key=lambda past: (past.ask.opened, past.ask.id)):
        if since <= past.ask.opened < until and len(past.ask.text) >= LEAST_LETTERS and "?" in past.ask.text:
            helped = members.intersection(helpers(past))
            if helped:
                found.append((past.ask, helped))
    return found


def lesson_of(
    signals: Signals,
    questions: Sequence[tuple[Ask, set[str]]],
    vectors: Vectors | None,
    tell: Callable[[int, int], None],
    *,
    heard: float = 1.0,
    most: int | None = None,
    seed: Sequence[int] = (0,),
) -> Lesson:
    """Consider people for each question, then look who helped.

    questions: in the order of time. heard: share of them, drawn by lot, that tell who is present, see `heard_of`.
    most: learn from so many of them, drawn by lot.
    """
    random = np.random.default_rng(seed)
    hears = random.random(len(questions)) < heard
    learned = np.zeros(len(questions), dtype=bool)
    learned[random.permutation(len(questions))[:most]] = True
    rows, helped, sizes, here = [], [], [], signals.presence()
    for number, (ask, people) in enumerate(questions):
        if learned[number]:
            considered = consider(signals, ask, None if vectors is None else vectors[ask.id], here)
            names = [signals.history.pool[place] for place in considered.places]
            rows.append(considered.rows)
            helped.extend(name in people for name in names)
            sizes.append(len(names))
        if hears[number]:
            here.note(ask)
        tell(number + 1, len(questions))
    return Lesson(np.concatenate(rows), np.array(helped, dtype=np.int8), np.array(sizes))


def heard_of(questions: Sequence[tuple[Ask, set[str]]], asks: Sequence[Ask], *, days: float, until: float) -> float:
    """The share of a lesson's questions that come as often as `asks` will: what is rarely asked tells less of who is
    present. days: the lesson's length. until: when the asks begin; 1.0 where they are as frequent as the lesson's.
    """
    ahead = max(max(ask.opened for ask in asks) - until, SHORTEST) / DAY
    return min(len(asks) / ahead * days / len(questions), 1.0)


def taught(pasts: Sequence[Past], since: float, until: float) -> tuple[list[str], list[tuple[Ask, set[str]]]]:
    """The pool as it was at `since`, and the questions until `until`; none where there is too little to learn from."""
    known = [past for past in pasts if past.ask.opened < since]
    pool = candidates_of(known)
    questions = questions_of(pasts, pool, since, until)
    if len(known) < FEWEST_PASTS or len(questions) < FEWEST_QUESTIONS:
        return pool, []
    return pool, questions
