"""`quarterhour simulate now`: a day of people who want to talk now, rung by the rules of the product.

The people are made up; what is assumed of them stands below and in docs/now.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from random import Random

from quarterhour.config.cli.simulate_now_plot import draw
from quarterhour.engines.dispatch import Policy
from quarterhour.engines.dispatch.day import Ask, Report, Shift, play_day

HOUR = 3600.0
TOPICS = 60
# How busy each hour of the day is, UTC, of a community that lives on three continents.
BUSY = (3, 2, 2, 2, 3, 5, 9, 13, 18, 20, 19, 18, 15, 16, 17, 17, 16, 14, 13, 14, 13, 10, 7, 4)
POLICIES = {
    "one at a time": Policy(widest=1),
    "as shipped": Policy(),
}
ASIDE = 0.12  # asks about something hardly anybody knows
TALKS = (15, 15, 25, 25, 30)  # minutes
SHIFTS = (60, 90, 120, 180)  # minutes


def run(given: argparse.Namespace) -> int:
    """Print the table. 0, or 2 where the arguments make no sense."""
    if not (10 <= given.asks <= 100_000 and 1 <= given.mentors <= 50_000):  # noqa: PLR2004 - what fits into memory
        print("Play 10 to 100,000 asks and 1 to 50,000 mentors.", file=sys.stderr)
        return 2
    shifts, asks = town(asks=given.asks, mentors=given.mentors, seed=given.seed)
    reports = {}
    for name, policy in POLICIES.items():
        bar = _Progress(name)
        reports[name] = play_day(shifts, asks, policy=policy, seed=given.seed, seen=bar.show)
        bar.end()
    figures = {name: figures_of(report) for name, report in reports.items()}
    if given.plot:
        given.plot.write_text(draw(reports["as shipped"]), encoding="utf-8")
    if given.json:
        print(json.dumps(figures, indent=1))
        return 0
    print(f"{'':44}" + "".join(f"{name:>16}" for name in figures))
    for key in next(iter(figures.values())):
        print(f"{key:44}" + "".join(f"{row[key]:>16}" for row in figures.values()))
    return 0


def town(*, asks: int, mentors: int, seed: int) -> tuple[list[Shift], list[Ask]]:
    """A made-up day: who is on call when, and who presses when. The same seed, the same day.

    Each mentor is on call once, for an hour to three, when their part of the world is awake; knows four of `TOPICS`,
    popular ones more often; says yes to five of eight rings, more or less; and is away from the screen for one in
    seven. People who ask wait a quarter of an hour in the mean before they leave.
    """
    lots = Random(seed)  # noqa: S311 - a made-up town
    popular = [1 / (topic + 1) ** 0.8 for topic in range(TOPICS)]
    knows = [
        {topic: lots.uniform(0.3, 0.95) for topic in lots.choices(range(TOPICS), popular, k=4)} for _ in range(mentors)
    ]
    shifts = []
    for mentor in range(mentors):
        begins = (lots.choices(range(24), BUSY)[0] + lots.random()) * HOUR
        shifts.append(
            Shift(
                mentor=mentor, begins=begins, ends=begins + lots.choice(SHIFTS) * 60, says_yes=lots.betavariate(5, 3),
                reacts=lots.uniform(5, 20), away=lots.betavariate(1, 6),
            )
        )  # fmt: skip
    by_topic: list[dict[int, float]] = [{} for _ in range(TOPICS)]
    for mentor, known in enumerate(knows):
        for topic, fit in known.items():
            by_topic[topic][mentor] = fit
    pressed = []
    for number in range(asks):
        topic = lots.randrange(TOPICS) if lots.random() < ASIDE else lots.choices(range(TOPICS), popular)[0]
        fits = {mentor: min(1.0, fit * lots.uniform(0.8, 1.1)) for mentor, fit in by_topic[topic].items()}
        pressed.append(
            Ask(
                id=number, at=(lots.choices(range(24), BUSY)[0] + lots.random()) * HOUR, fits=fits,
                patience=60 + lots.expovariate(1 / 840), talks=60.0 * lots.choice(TALKS), helped=lots.randrange(5),
            )
        )  # fmt: skip
    return shifts, sorted(pressed, key=lambda ask: ask.at)


def figures_of(report: Report) -> dict[str, str]:
    """What the table says of a day. Whoever left unanswered counts as a wait without an end."""
    waits = sorted([*report.waits, *[float("inf")] * report.left])
    within = [wait is not None and wait <= told.high for told, wait in report.told]
    half = [wait is not None and wait <= told.middle for told, wait in report.told]
    return {
        "asks": f"{report.asks:,}",
        "somebody on call fitted": f"{report.covered / report.asks:.1%}",
        "of these answered": f"{len(report.waits) / max(report.covered, 1):.1%}",
        "seconds to a yes, p50": _seconds(waits, 0.5),
        "seconds to a yes, p90": _seconds(waits, 0.9),
        "seconds to a yes, p99": _seconds(waits, 0.99),
        "others, answered by who came later": f"{len(report.other_waits):,}",
        "rings for one yes": f"{report.rings / max(len(report.waits) + len(report.other_waits), 1):.2f}",
        "rings nobody heard": f"{report.misses / max(report.rings, 1):.1%}",
        "mentors taken off call for not answering": f"{report.sent_home:,}",
        "fit of who came, of the best on call": f"{sum(report.fit) / max(len(report.fit), 1):.0%}",
        "told the right upper end (aim 90%)": f"{sum(within) / max(len(within), 1):.0%}",
        "told the right middle (aim 50%)": f"{sum(half) / max(len(half), 1):.0%}",
    }


def _seconds(waits: list[float], share: float) -> str:
    if not waits:
        return "-"
    found = waits[min(int(share * len(waits)), len(waits) - 1)]
    return "left" if found == float("inf") else f"{found:.0f}"


class _Progress:
    """A line that says how much of the day is over."""

    def __init__(self, name: str) -> None:
        self._name, self._said = name, -1

    def show(self, share: float) -> None:
        hour = int(share * 24)
        if hour != self._said and sys.stderr.isatty():
            self._said = hour
            print(f"\r{self._name}: {hour:02}:00 ", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        print(f"\r{self._name}: the day is over", file=sys.stderr)
