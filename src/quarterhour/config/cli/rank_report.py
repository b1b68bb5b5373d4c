"""The report of a training, for reading: what there was, what it is worth, and why it was taken or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

COUNTS = ("weeks", "rankings", "picks", "answers", "helps")
HEADS = {"pick": "picked once seen", "accept": "accepted", "help": "helped"}
Report = Mapping[str, Any]


def told(report: Report, *, org: str, since: datetime, until: datetime) -> str:
    """Markdown that also reads well in a terminal."""
    gate = report["gate"]
    weeks = f"Rankings of {since:%-d %B %Y} to {until:%-d %B %Y}, the last {report['held_out']} weeks held out;"
    parts = [
        f"# The ranker of {org}",
        f"{weeks} seed {report['seed']}.",
        f"**{'Taken' if gate['open'] else 'Not taken'}.** {' '.join(gate['why'])}",
        *([f"Needed: {gate['needed']}"] if gate["needed"] else []),
        *_there_was(report),
        *_looks(report),
        *_worth(report["judged"]),
        *_true(report["judged"]["calibration"]),
        *_fair(report),
        *_what_counts(report["counts"]),
    ]
    return "\n\n".join(parts) + "\n"


def _there_was(report: Report) -> Iterable[str]:
    yield "## What there was"
    parts = {"learned from": report["earlier"], "held out": report["later"]}
    yield _table(["", *COUNTS], ([name, *(part[one] for one in COUNTS)] for name, part in parts.items()))
    yield (
        f"{report['unripe']} younger rankings have no outcome yet; {report['of_another_version']} belong to another"
        f" release. A session without an answer counts {report['silent']:.2f}."
    )


def _looks(report: Report) -> Iterable[str]:
    yield "## How often places are looked at"
    rows = (
        [one["place"], f"{one['share']:.2f}", f"{one['low']:.2f} to {one['high']:.2f}", one["rows"], one["picks"]]
        for one in report["looks"]
    )
    yield _table(["place", "looks", "likely", "people there", "picked"], rows)


def _worth(judged: Report) -> Iterable[str]:
    yield "## Helps for 100 questions, on the weeks held out"
    whose = ("default", "learned", "difference")
    yield _table(["", "helps", "likely"], ([name, *_estimate(judged[name])] for name in whose))
    yield f"Helps whose weight was held down: {judged['clipped']:.1%}."
    weeks = ([at, many, f"{difference:+.1f}"] for at, (_week, many, difference) in enumerate(judged["weeks"], start=1))
    yield _table(["week", "rankings", "difference"], weeks)


def _true(calibration: Report) -> Iterable[str]:
    yield "## Whether chances are true"
    rows = (
        [name, f"{one['brier']:.4f}", f"{one['expected']:.1f}", f"{one['happened']:.1f}"]
        for name, one in calibration.items()
    )
    yield _table(["", "Brier", "helps expected", "helps that came"], rows)
    bins = ([f"{one['expected']:.3f}", f"{one['happened']:.3f}", one["rows"]] for one in calibration["learned"]["bins"])
    yield _table(["learned: picks expected", "that came", "rows"], bins)


def _fair(report: Report) -> Iterable[str]:
    yield "## Whether it is fair"
    rows = (
        [name, f"{one['newcomers']:.1%}", f"{one['coverage']:.1%}", f"{one['gini']:.2f}"]
        for name, one in report["judged"]["fairness"].items()
    )
    yield _table(["", "newcomers' share of looks at cards", "people with a card", "Gini of looks"], rows)
    yield f"Newcomers count {report['welcome']:.2f} times, so that learning takes no looks from them."


def _what_counts(counts: Mapping[str, list]) -> Iterable[str]:
    yield "## What counts"
    if not counts:
        yield "No tree made the later weeks likelier: the default's chances, made true by a curve."
    for head, features in counts.items():
        yield f"- {HEADS[head]}: " + ", ".join(f"{name} {share:.0%}" for name, share in features)


def _estimate(one: Mapping[str, float]) -> tuple[str, str]:
    return f"{one['value']:+.1f}", f"{one['low']:+.1f} to {one['high']:+.1f}"


def _table(head: list[str], rows: Iterable[list[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
