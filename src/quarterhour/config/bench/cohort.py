"""How long a cohort takes to pair: edges, the highest total, a fair one; scipy and mentor-match beside it."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from quarterhour.engines.cohort import Cohort, Side, pair, possible

SKILLS, LANGUAGES, DIMENSIONS = 120, 12, 64
SCIPY_MOST = 50_000
RIVAL_SIZES = (50, 100)  # a table of Python objects, solved in Python
# One mentee for each mentor and the score as its only rule: what mentor-match does with the same numbers.
RIVAL = """
import json, sys, time
from matching import process
from matching.mentee import Mentee
from matching.mentor import Mentor

scores = json.load(sys.stdin)

class Table:
    def apply(self, match):
        return scores[int(match.mentee.email)][-int(match.mentor.email)]

begun = time.perf_counter()
mentors = [Mentor(grade=2, email=f"-{n}") for n in range(len(scores[0]))]
mentees = [Mentee(grade=1, email=str(n)) for n in range(len(scores))]
matrix = [[process.Match(b, a, [Table()]).calculate_match() for a in mentees] for b in mentors]
chosen = process.calculate_matches(process.prepare_matrix(matrix))
print(json.dumps([sum(matrix[b][a].score for b, a in chosen), time.perf_counter() - begun]))
"""


def measure(sizes: list[int], *, rival: str | None = None) -> list[dict[str, Any]]:
    """Rows of name, figure and unit. rival: an interpreter that has mentor-match; scipy is used where installed."""
    rows: list[dict[str, Any]] = []
    for people in sizes:
        edges, built = _timed(lambda n=people: possible(*sides(n)).cohort)
        plain, solved = _timed(lambda c=edges: pair(c))
        fair, lifted = _timed(lambda c=edges: pair(c, fairness=1.0))
        name = f"cohort of {people:,}"
        rows += [
            _row(f"{name}: edges", len(edges.score), "edges"),
            _row(f"{name}: building them", built, "s"),
            _row(f"{name}: highest total", solved, "s"),
            _row(f"{name}: paired", len(plain.chosen), "people"),
            _row(f"{name}: fairness 1", lifted, "s"),
            _row(f"{name}: fairness 1 gives up", 100 * fair.given_up, "% of the total"),
            _row(f"{name}: fairness 1 lifts the worst tenth", 100 * (fair.worst_tenth / plain.worst_tenth - 1), "%"),
        ]
        rows += _scipy(edges, plain.total, name) if people <= SCIPY_MOST else []
    return rows + (_rival(rival) if rival else [])


def sides(people: int, *, seed: int = 11) -> tuple[Side, Side]:
    """A cohort with that many mentees and a fourth as many mentors, the same for the same seed."""
    rng = np.random.default_rng(seed)
    mentees, mentors = people, max(1, people // 4)

    def one(count: int, prefix: str, places: Any) -> Side:
        def some(few: int) -> Any:
            topics = np.zeros((count, SKILLS), dtype=np.float32)
            for _ in range(few):  # popular topics are asked for, and offered, more often
                topics[np.arange(count), (SKILLS * rng.random(count) ** 2).astype(int)] = 1.0
            return topics

        languages = rng.random((count, LANGUAGES)) < 0.1  # noqa: PLR2004 - every tenth knows another one
        languages[:, 0] |= rng.random(count) < 0.9  # noqa: PLR2004
        begins = rng.choice([7, 8, 9, 13, 16], count)
        hours = np.zeros((count, 168), dtype=bool)
        for day in range(5):
            for hour in range(8):
                hours[np.arange(count), (begins + hour + 24 * day) % 168] = True
        vectors = rng.normal(size=(count, DIMENSIONS)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        ids = tuple(f"{prefix}{number}" for number in range(count))
        team = rng.integers(0, max(2, people // 20), count)
        return Side(ids, some(3), some(5), languages, hours, team, places(count), vectors)

    return one(mentees, "a", lambda n: np.ones(n, dtype=np.int64)), one(mentors, "b", lambda n: rng.integers(3, 7, n))


def _scipy(cohort: Cohort, total: float, name: str) -> list[dict[str, Any]]:
    """The same edges by scipy: a mentor's places as columns, a column for staying alone."""
    try:
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import min_weight_full_bipartite_matching
    except ImportError:
        return []
    begins = np.concatenate([[0], np.cumsum(cohort.places)])
    seats = cohort.places[cohort.mentor]
    rows = np.repeat(cohort.mentee, seats)
    within = np.arange(seats.sum()) - np.repeat(np.cumsum(seats) - seats, seats)
    columns = np.repeat(begins[cohort.mentor], seats) + within
    alone = np.arange(len(cohort.mentees))
    cost = np.concatenate([2 - np.repeat(cohort.score, seats), np.full(len(alone), 2.0)])
    table = csr_matrix(
        (cost, (np.concatenate([rows, alone]), np.concatenate([columns, begins[-1] + alone]))),
        shape=(len(alone), int(begins[-1]) + len(alone)),
    )
    (mentee, seat), seconds = _timed(lambda: min_weight_full_bipartite_matching(table))
    theirs = float((2 - np.asarray(table[mentee, seat]).ravel()).sum())
    return [
        _row(f"{name}: scipy, the same edges", seconds, "s"),
        _row(f"{name}: our total less scipy's", total - theirs, "points"),
    ]


def _rival(interpreter: str) -> list[dict[str, Any]]:
    rows = []
    for people in RIVAL_SIZES:
        scores = np.random.default_rng(people).integers(1, 100, (people, people))
        told = subprocess.run(  # noqa: S603 - the interpreter the person named, our own script
            [interpreter, "-c", RIVAL], input=json.dumps(scores.tolist()), capture_output=True, text=True, check=False
        )
        if told.returncode:
            last = told.stderr.strip().splitlines()[-1:] or ["no output"]
            raise SystemExit(f"{interpreter} could not run mentor-match: {last[0]}")
        theirs, seconds = json.loads(told.stdout)
        everybody = np.arange(people)
        grid = np.repeat(everybody, people), np.tile(everybody, people)
        ids = tuple(f"a{n}" for n in range(people)), tuple(f"b{n}" for n in range(people))
        cohort = Cohort(*ids, np.ones(people, dtype=np.int64), *grid, scores.ravel().astype(np.float64))
        ours, own = _timed(lambda c=cohort: pair(c))
        rows += [
            _row(f"{people} with {people}, one each: mentor-match", seconds, "s"),
            _row(f"{people} with {people}, one each: ours", own, "s"),
            _row(f"{people} with {people}, one each: our total less theirs", ours.total - theirs, "points"),
        ]
    return rows


def _row(name: str, figure: float, unit: str) -> dict[str, Any]:
    return {"name": name, "figure": figure if isinstance(figure, int) else round(float(figure), 3), "unit": unit}


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    result = work()
    return result, time.perf_counter() - begun
