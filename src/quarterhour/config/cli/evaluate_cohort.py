"""`quarterhour evaluate cohort INSTANCE.json[.gz] --out PAIRS.json`: the pairing of a cohort somebody else wrote down.

An instance is {"mentees": [id], "mentors": {id: capacity}, "edges": [[mentee, mentor, score]]}; the answer
{"pairs": [[mentee, mentor]], "total": x, "seconds": s, "unmatched": {id: reason}} and what fairness gave up.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from pathlib import Path
from typing import Any

from quarterhour.engines.cohort import Cohort, Pairing, Unclear, cohort_of, pair, reasons

MOST_BYTES = 2_000_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command to `parser`."""
    parser.add_argument("instance", metavar="INSTANCE.json[.gz]", type=Path, help="mentees, mentors and edges")
    parser.add_argument("--out", metavar="PAIRS.json", type=Path, required=True, help="where the answer goes")
    parser.add_argument(
        "--fairness", type=float, default=0.0, help="0 to 1: give up to 0.3 %% of the total for a better worst tenth"
    )
    parser.add_argument(
        "--everyone", action="store_true", help="pair as many people as can be first, and these at the highest total"
    )


def run(args: argparse.Namespace) -> int:
    """Write the answer. 0, or 2 where the instance makes no sense or cannot be read."""
    try:
        cohort = cohort_in(args.instance)
        begun = time.perf_counter()
        pairing = pair(cohort, fairness=args.fairness, everyone=args.everyone)
        told = answer(cohort, pairing, seconds=time.perf_counter() - begun)
        args.out.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    except Unclear as error:
        print(f"{args.instance}: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename or args.instance}: {error.strerror or error}. Check the path.", file=sys.stderr)
        return 2
    print(
        f"{len(pairing.pairs)} of {len(cohort.mentees)} mentees paired, total {pairing.total:.4f}, worst tenth "
        f"{pairing.worst_tenth:.4f}, given up {pairing.given_up:.3%}, {told['seconds']:.2f} s"
    )
    return 0


def cohort_in(path: Path) -> Cohort:
    """The cohort a file describes. Raises Unclear for anything but an instance, OSError for no file."""
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as source:
            given = json.loads(source.read(MOST_BYTES))
    except (ValueError, EOFError, gzip.BadGzipFile) as error:
        raise Unclear(f"This is not JSON ({error}). See docs/algorithms/cohort.md for an example.") from error
    if not isinstance(given, dict) or any(name not in given for name in ("mentees", "mentors", "edges")):
        raise Unclear('An instance is an object with "mentees", "mentors" and "edges".')
    mentees, mentors, edges = given["mentees"], given["mentors"], given["edges"]
    if not isinstance(mentees, list) or not isinstance(mentors, dict) or not isinstance(edges, list):
        raise Unclear('"mentees" is a list, "mentors" an object of capacities, "edges" a list.')
    if not all(isinstance(name, str | int) for name in mentees):
        raise Unclear("Each mentee is named by a text or a number.")
    if edges and isinstance(edges[0], list) and len(edges[0]) > 1 and isinstance(edges[0][1], int):
        edges = [[a, str(b), *rest] for a, b, *rest in edges]  # names of a JSON object are always text
    return cohort_of(mentees, mentors, edges)


def answer(cohort: Cohort, pairing: Pairing, *, seconds: float) -> dict[str, Any]:
    """What the command writes."""
    return {
        "pairs": [list(each) for each in pairing.pairs],
        "total": pairing.total,
        "seconds": round(seconds, 3),
        "worst_tenth": pairing.worst_tenth,
        "given_up": pairing.given_up,
        "unmatched": reasons(cohort, pairing),
    }
