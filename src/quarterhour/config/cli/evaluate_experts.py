"""`quarterhour evaluate experts`: of the people who could help, are those found who later really did?

The history ends before the first question. Who answered the questions is read after they have been ranked.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np

from quarterhour.config.cli.expert_curve import Point, picture_of, policies, table_of
from quarterhour.config.cli.expert_files import (
    ExpertsFileError,
    asks_of,
    keep_vectors,
    known_vectors,
    pasts_of,
    pool_of,
    relevant_of,
    write_rankings,
)
from quarterhour.core.errors import QuarterhourError
from quarterhour.engines.experts import Ask, History, Judged, Past, Policy, judge
from quarterhour.engines.experts.table import GROUPS
from quarterhour.matching.expert_reading import until_of
from quarterhour.matching.experts import (
    Scored,
    arranged,
    key_of,
    score_learned,
    score_plainly,
    score_weighed,
    vectors_of,
)

# Chosen on the development questions outside the sample, see docs/algorithms/experts.md.
USUAL = {
    "plain": Policy(newcomer=4.0, turn=0.01),
    "default": Policy(newcomer=16.0, turn=0.035),
    "learned": Policy(newcomer=8.0, turn=0.035),
}


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
    parser.add_argument(
        "--mode",
        choices=sorted(USUAL),
        default="default",
        help="plain: three readings of the past, multiplied; default: every feature weighed by the history's last"
        " months, no model file; learned: trees grown from the history (extra: rank)",
    )
    parser.add_argument("--seed", type=int, default=0, help="of everything random; the same seed, the same ranking")
    parser.add_argument("--no-model", action="store_true", help="learned without the sentence model, by words alone")
    parser.add_argument(
        "--newcomer", type=float, help="times a newcomer's help counts on an open place; 16 (learned: 8) if unset"
    )
    parser.add_argument(
        "--turn",
        type=float,
        help="what showing somebody never shown is worth, in helps; 0.035 if unset",
    )
    parser.add_argument("--places", type=int, help="how many of the ten places are open; 1 if unset")
    parser.add_argument(
        "--without", action="append", default=[], choices=sorted(GROUPS), help="leave features out; may be repeated"
    )
    parser.add_argument("--vectors", type=Path, metavar="FILE", help="keep what the sentence model read, for next time")
    parser.add_argument("--curve", type=Path, metavar="FILE", help="judge many policies and draw them as .svg")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")


def run(args: argparse.Namespace) -> int:
    """Write the ranking and print the figures. 0, or 2 if something is missing or cannot be read."""
    try:
        return _run(args)
    except ExpertsFileError as error:
        print(error, file=sys.stderr)
    except QuarterhourError as error:
        print(error.told, file=sys.stderr)
    return 2


def _run(args: argparse.Namespace) -> int:
    if args.curve and not args.qrels:
        raise ExpertsFileError("--curve judges policies, so it needs --qrels as well.")
    pasts, asks, pool = pasts_of(args.history), asks_of(args.queries), pool_of(args.pool)
    relevant = relevant_of(args.qrels) if args.qrels else None
    late = sum(past.ask.opened >= min(ask.opened for ask in asks) for past in pasts)
    if late:
        print(f"{late} of {len(pasts)} past threads are not older than the first question: left out.", file=sys.stderr)
    given = {name: value for name in ("newcomer", "turn", "places") if (value := getattr(args, name)) is not None}
    policy = replace(USUAL[args.mode], **given)
    history, scored = _score(args, pasts, asks, pool)
    people = arranged(history, scored, policy)
    write_rankings(args.out, people)
    judged = None if relevant is None else _judge(people, relevant, asks, history, args.seed)
    _print(history, scored, judged, as_json=args.json)
    if args.curve and relevant is not None:
        points = []
        for other in policies(policy.places):
            found = arranged(history, scored, other)
            points.append(Point(other, _judge(found, relevant, asks, history, args.seed)))
        print(table_of(points))
        args.curve.write_text(picture_of(points), encoding="utf-8")
    return 0


def _score(
    args: argparse.Namespace, pasts: Sequence[Past], asks: Sequence[Ask], pool: Sequence[str]
) -> tuple[History, list[Scored]]:
    progress = Progress()
    if args.mode != "learned":
        score = score_plainly if args.mode == "plain" else score_weighed
        return score(pasts, asks, pool, seed=args.seed, without=args.without, tell=progress)
    if args.no_model:
        os.environ["QUARTERHOUR_MODEL"] = "no"
    known = known_vectors(args.vectors) if args.vectors else {}
    until = until_of(pasts, asks)
    read = [past.ask for past in pasts if past.ask.opened < until]
    vectors = vectors_of(read, known=known, tell=progress)
    if vectors is None:
        print("Without the sentence model: words and meanings of the history alone.", file=sys.stderr)
    elif args.vectors:
        keep_vectors(args.vectors, {key_of(ask): vectors[ask.id] for ask in read})
    return score_learned(pasts, asks, pool, vectors=vectors, seed=args.seed, without=args.without, tell=progress)


def _judge(
    people: Mapping[str, Sequence[tuple[str, float]]],
    relevant: Mapping[str, set[str]],
    asks: Sequence[Ask],
    history: History,
    seed: int,
) -> Judged:
    members = set(history.pool)
    counted = {ask.id: (relevant.get(ask.id, set()) & members) - {ask.asker} for ask in asks}
    order = {query: [person for person, _score in shown] for query, shown in people.items()}
    return judge(order, counted, history.pool, earlier_helps=history.earlier_helps, seed=seed)


def _print(history: History, scored: Sequence[Scored], judged: Judged | None, *, as_json: bool) -> None:
    p50, p99 = (float(at) for at in np.percentile([each.seconds for each in scored], [50, 99]))
    figures = {} if judged is None else judged.figures
    if as_json:
        told = {name: dict(figure._asdict()) for name, figure in figures.items()}
        print(json.dumps({"queries": len(scored), "seconds": {"p50": p50, "p99": p99}, "figures": told}, indent=2))
        return
    print(f"{len(scored)} questions, {history.people} people, {len(history.pasts)} past threads")
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
