"""`quarterhour simulate`: half a year of the written town under one policy after another, in a table.

Needs and mentors are the town's; what the ranker believes comes from the ranker, how likely it helps from the labels a
careful reader gave. A quarter of the mentors join during the first twelve weeks.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from quarterhour.engines.market import SHIPPED as POLICY
from quarterhour.engines.market import Policy, Report, Town, play

HELPS = {0: 0.08, 1: 0.4, 2: 0.7, 3: 0.9}  # how likely advice of each grade helps
POLICIES = {
    "by lot": None,
    "fit alone": Policy(explore=0, load=0, exposure=0, new_place=False),
    "and prices": replace(POLICY, explore=0, new_place=False),
    "and lots": replace(POLICY, new_place=False),
    "as shipped": POLICY,
}
COLUMNS = {
    "days_50": ("days p50", "{:.1f}"),
    "days_90": ("days p90", "{:.1f}"),
    "unmet": ("met nobody", "{:.1%}"),
    "helped": ("helped", "{:.1%}"),
    "gini": ("Gini of load", "{:.2f}"),
    "unseen": ("never shown", "{:.1%}"),
    "first_weeks": ("first session, weeks", "{:.0f}"),
    "started": ("begun within 6 weeks", "{:.0%}"),
    "over": ("minutes over budget", "{:.0f}"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command to `parser`."""
    parser.add_argument(
        "what", nargs="?", choices=("market", "now"), default="market", help="half a year of matching, or a day of now"
    )
    parser.add_argument("--asks", type=int, default=10_000, help="now: people who press within the day")
    parser.add_argument("--mentors", type=int, default=3_000, help="now: mentors who are on call once within the day")
    parser.add_argument("--seed", type=int, default=1, help="now: which day")
    parser.add_argument("--weeks", type=int, default=26, help="how long to play, 8 to 520")
    parser.add_argument("--seeds", type=int, default=5, help="how many towns to play in; the table has their means")
    parser.add_argument("--arrivals", type=float, default=120.0, help="needs in an ordinary week")
    parser.add_argument("--plot", metavar="FILE.svg", type=Path, help="draw what each policy does")
    parser.add_argument("--json", action="store_true", help="print figures as JSON")


def run(given: argparse.Namespace) -> int:
    """Print the table. 0, or 2 where the arguments make no sense."""
    if given.what == "now":
        from quarterhour.config.cli import simulate_now

        return simulate_now.run(given)
    if not (8 <= given.weeks <= 520 and 1 <= given.seeds <= 50 and 0 < given.arrivals <= 5000):  # noqa: PLR2004
        print("Play 8 to 520 weeks, 1 to 50 seeds, and up to 5000 needs a week.", file=sys.stderr)
        return 2
    print("Reading the town", file=sys.stderr)
    fit, helps, rows = believed()
    figures: dict[str, dict[str, float]] = {}
    for name, policy in POLICIES.items():
        reports = []
        for seed in range(given.seeds):
            print(f"\r{name}: town {seed + 1} of {given.seeds}   ", end="", file=sys.stderr, flush=True)
            town = town_of(fit, helps, rows, arrivals=given.arrivals, seed=seed)
            reports.append(play(town, weeks=given.weeks, seed=seed, policy=policy or Policy(), by_lot=policy is None))
        figures[name] = means(reports)
    print(file=sys.stderr)
    if given.plot:
        from quarterhour.config.cli.simulate_plot import draw

        given.plot.write_text(draw(figures), encoding="utf-8")
    if given.json:
        print(json.dumps(figures, indent=1))
        return 0
    print(f"{'':14}" + "".join(f"{title:>22}" for title, _ in COLUMNS.values()))
    for name, row in figures.items():
        print(f"{name:14}" + "".join(f"{form.format(row[key]):>22}" for key, (_, form) in COLUMNS.items()))
    return 0


def believed() -> tuple[np.ndarray, np.ndarray, list[dict]]:
    """Fit and helps, (needs, mentors), and the mentors' rows: what the ranker believes, and what a reader says."""
    from quarterhour.config.cli import labelled_town
    from quarterhour.config.cli.labelled_needs import TOWN, needs_of, numbered_rows
    from quarterhour.engines.matching import chances, family_of
    from quarterhour.people.taxonomy import skills

    town = labelled_town.town_of(TOWN / "mentors.jsonl")
    rows = [row for _, row in numbered_rows(TOWN / "mentors.jsonl")]
    column = {row["id"]: number for number, row in enumerate(rows)}
    needs = needs_of(TOWN)
    fit, helps = np.zeros((len(needs), len(rows))), np.full((len(needs), len(rows)), HELPS[0])
    for number, need in enumerate(needs):
        asked, ranked = labelled_town.ranking(town, need)
        for one, chance in zip(ranked, chances(asked, ranked, family=family_of(skills())), strict=True):
            fit[number, column[str(one.mentor.id)]] = chance
        for mentor, grade in need.relevant.items():
            helps[number, column[mentor]] = HELPS[grade]
    return fit, helps, rows


def town_of(fit: np.ndarray, helps: np.ndarray, rows: list[dict], *, arrivals: float, seed: int) -> Town:
    """The town with its mentors' minutes and ways to say yes; who joins late and which needs are common by lot."""
    rng = np.random.default_rng([seed, 7])
    late = rng.random(len(rows)) < 0.25  # noqa: PLR2004 - a quarter
    quality = np.clip(rng.beta(12, 3, len(rows)) / 0.8, 0.4, 1.1)  # what nobody's profile says
    return Town(
        fit=fit,
        helps=np.clip(helps * quality, 0, 0.98),
        budget=np.array([row["weekly_minutes"] for row in rows], dtype=np.int64),
        accepts=np.array([1.0 if row["confirm"] == "instant" else 0.75 for row in rows]),
        joins=np.where(late, rng.integers(1, 13, len(rows)), 0),
        asked=rng.pareto(1.5, fit.shape[0]) + 0.2,
        arrivals=arrivals,
    )


def means(reports: list[Report]) -> dict[str, float]:
    """The mean of each figure over the towns."""
    columns = {key: np.array([getattr(report, key) for report in reports], dtype=np.float64) for key in COLUMNS}
    return {
        key: float(np.nanmean(values)) if (~np.isnan(values)).any() else float("nan") for key, values in columns.items()
    }
