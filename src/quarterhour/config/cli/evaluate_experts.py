"""`quarterhour evaluate experts`: of the people who could help, are those found who later really did?

The history ends before the first question. Who answered the questions is read after they have been ranked.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from time import perf_counter

import numpy as np

from quarterhour.config.cli.expert_files import (
    ExpertsFileError,
    asks_of,
    pasts_of,
    pool_of,
    relevant_of,
    write_rankings,
)
from quarterhour.engines.experts import Judged, judge
from quarterhour.matching.experts import Ranked, rank_plainly


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command to `parser`."""
    parser.add_argument(
        "--history",
        type=Path,
        required=True,
        action="append",
        metavar="FILE",
        help="past threads, JSON lines, plain or .xz or .gz; may be given more than once",
    )
    parser.add_argument("--queries", type=Path, required=True, metavar="FILE", help="questions, JSON lines")
    parser.add_argument("--pool", type=Path, required=True, metavar="FILE", help="whom to rank, one person a line")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="query, rank, person, score; by tabs")
    parser.add_argument("--qrels", type=Path, metavar="FILE", help="who really helped: query and person by tabs")
    parser.add_argument("--mode", choices=["default", "learned"], default="default", help="which ranker")
    parser.add_argument("--seed", type=int, default=0, help="of everything random; the same seed, the same ranking")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")


def run(args: argparse.Namespace) -> int:
    """Write the ranking and print the figures. 0, or 2 if a file cannot be read."""
    try:
        pasts, asks, pool = pasts_of(args.history), asks_of(args.queries), pool_of(args.pool)
        relevant = relevant_of(args.qrels) if args.qrels else None
    except ExpertsFileError as error:
        print(error, file=sys.stderr)
        return 2
    late = sum(past.ask.opened >= min(ask.opened for ask in asks) for past in pasts)
    if late:
        print(f"{late} of {len(pasts)} past threads are not older than the first question: left out.", file=sys.stderr)
    ranked = rank_plainly(pasts, asks, pool, seed=args.seed, tell=Progress())
    try:
        write_rankings(args.out, ranked.people)
    except OSError as error:
        print(f"{args.out} cannot be written: {error.strerror or error}.", file=sys.stderr)
        return 2
    judged = None
    if relevant is not None:
        askers, members = {ask.id: ask.asker for ask in asks}, set(pool)
        counted = {query: (people & members) - {askers.get(query, "")} for query, people in relevant.items()}
        order = {query: [person for person, _score in people] for query, people in ranked.people.items()}
        judged = judge(order, counted, pool, earlier_helps=ranked.history.earlier_helps, seed=args.seed)
    _print(ranked, judged, as_json=args.json)
    return 0


def _print(ranked: Ranked, judged: Judged | None, *, as_json: bool) -> None:
    p50, p99 = (float(at) for at in np.percentile(ranked.seconds, [50, 99]))
    figures = {} if judged is None else judged.figures
    if as_json:
        told = {name: dict(figure._asdict()) for name, figure in figures.items()}
        print(
            json.dumps({"queries": len(ranked.people), "seconds": {"p50": p50, "p99": p99}, "figures": told}, indent=2)
        )
        return
    history = ranked.history
    print(f"{len(ranked.people)} questions, {history.people} people, {len(history.pasts)} past threads")
    print(f"seconds a question: p50 {p50:.4f}, p99 {p99:.4f}")
    if judged is not None:
        print(f"judged on {judged.queries} questions; {judged.cold_queries} of them were helped by a newcomer")
        print(f"{'':12}{'':>8}  95 of 100 lie from .. to")
        for name, figure in figures.items():
            print(f"{name:12}{figure.value:8.4f}  {figure.low:.4f} .. {figure.high:.4f}")


class Progress:
    """Tells on the terminal how far a long run is, at most every few seconds."""

    EVERY = 5.0

    def __init__(self) -> None:
        self._doing, self._begun, self._told = "", 0.0, 0.0

    def __call__(self, doing: str, done: int, all_: int) -> None:
        now = perf_counter()
        if doing != self._doing:
            self._doing, self._begun, self._told = doing, now, now
            print(f"{doing} ...", file=sys.stderr, flush=True)
        elif now - self._told >= self.EVERY:
            self._told = now
            left = (now - self._begun) / done * (all_ - done) if done else 0.0
            print(f"{doing}: {done} of {all_}, about {left:.0f} s left", file=sys.stderr, flush=True)
