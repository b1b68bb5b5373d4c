"""`quarterhour evaluate matching`: are the people found for a need those a careful reader would name?

An index in memory stands in for the database: every piece of every mentor is scored for every need.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from statistics import mean
from typing import Any

from quarterhour.config.cli.labelled_needs import LabelledNeed, NeedsFileError, add_needs, needs_of
from quarterhour.config.cli.labelled_town import Town, ranking, read_need, town_of
from quarterhour.config.cli.town_figures import ndcg
from quarterhour.engines.matching import (
    Asked,
    Fit,
    family_of,
    is_confident,
    quotes,
    three_views,
    what_is_missing,
    why_line,
)
from quarterhour.people.taxonomy import skill_of, skills

FIGURES = {
    "ndcg_3": "nDCG@3",
    "ndcg_10": "nDCG@10",
    "success_3": "a grade 3 among the first three",
    "traps": "of the needs with a trap: one among the first three",
    "views_ndcg_3": "nDCG@3 of the three shown",
    "views_likeness": "perspectives found among the three shown",
    "confident": "shown as a confident match",
}
LIVED = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command to `parser`."""
    add_needs(parser)
    parser.add_argument(
        "--labelled-topics", action="store_true", help="take the topics of the labels, as if every chip was put right"
    )
    parser.add_argument("--show", metavar="NEED", help="print the cards of one need instead of figures")


def run(args: argparse.Namespace) -> int:
    """Print the figures of each half. 0, or 2 if the town cannot be read."""
    try:
        town, needs = town_of(args.town / "mentors.jsonl", model=not args.no_model), needs_of(args.town)
    except NeedsFileError as error:
        print(error, file=sys.stderr)
        return 2
    if args.show:
        return _show(town, next((need for need in needs if need.id == args.show), None))
    ranked = {need.id: ranking(town, need, labelled=args.labelled_topics) for need in needs}
    figures = evaluate(needs, ranked)
    if args.json:
        print(json.dumps(figures, indent=2))
        return 0
    columns = list(figures)
    print(f"{'':54}" + "".join(f"{name:>14}" for name in columns))
    print(f"{'needs':54}" + "".join(f"{figures[name]['needs']:>14}" for name in columns))
    for key, explains in FIGURES.items():
        print(f"{explains:54.54}" + "".join(f"{figures[name][key]:>14}" for name in columns))
    return 0


def evaluate(needs: Sequence[LabelledNeed], ranked: Mapping[str, tuple[Asked, list[Fit]]]) -> dict[str, dict[str, Any]]:
    """The figures of the tuned half, the other half, all, those not in English, and those nobody can answer."""
    answerable = [need for need in needs if need.answerable]
    parts = {
        "tuned half": [need for need in answerable if need.tuned_on],
        "other half": [need for need in answerable if not need.tuned_on],
        "all": answerable,
        "not English": [need for need in answerable if need.language != "en"],
        "unanswerable": [need for need in needs if not need.answerable],
    }
    return {name: _figures(part, ranked) for name, part in parts.items() if part}


def _figures(needs: Sequence[LabelledNeed], ranked: Mapping[str, tuple[Asked, list[Fit]]]) -> dict[str, Any]:
    family = family_of(skills())
    order = {need.id: [str(fit.mentor.id) for fit in ranked[need.id][1]] for need in needs}
    shown = {
        need.id: [str(fit.mentor.id) for fit in three_views(ranked[need.id][1], kind=ranked[need.id][0].kind)]
        for need in needs
    }
    trapped = [need for need in needs if need.trap]
    views = [need for need in needs if need.perspectives]
    sure = sum(is_confident(*ranked[need.id], family=family) for need in needs)
    return {
        "needs": len(needs),
        "ndcg_3": round(mean(ndcg(order[need.id], need.relevant, 3) for need in needs), 3),
        "ndcg_10": round(mean(ndcg(order[need.id], need.relevant, 10) for need in needs), 3),
        "success_3": round(
            mean(any(need.relevant.get(one) == LIVED for one in order[need.id][:3]) for need in needs), 3
        ),
        "traps": f"{sum(bool(need.trap & set(order[need.id][:3])) for need in trapped)}/{len(trapped)}",
        "views_ndcg_3": round(mean(ndcg(shown[need.id], need.relevant, 3) for need in needs), 3),
        "views_likeness": (f"{sum(len(need.perspectives & set(shown[need.id])) for need in views)}/{3 * len(views)}"),
        "confident": f"{sure}/{len(needs)}",
    }


def _show(town: Town, need: LabelledNeed | None) -> int:
    if need is None:
        print("No need has that id. They are n001, n002 and so on.", file=sys.stderr)
        return 2
    asked, ranked = ranking(town, need)
    family = family_of(skills())
    labels = {skill.id: skill.label for skill in skills()}
    print(need.text)
    print("about:", ", ".join(f"{labels[each]} {weight:.2f}" for each, weight in list(asked.skills.items())[:6]))
    chips = {
        topic.skill_id: labels[topic.skill_id]
        for topic in read_need(need, model=town.vectors is not None).reading.topics
    }
    print("somebody fits" if is_confident(asked, ranked, family=family) else "nobody fits yet")
    for fit in three_views(ranked, kind=asked.kind):
        name = town.names[str(fit.mentor.id)]
        print(f"\n{name} ({fit.mentor.id}, labelled {need.relevant.get(str(fit.mentor.id), 0)}, {fit.score:.2f})")
        print("  why:", why_line(asked, fit, family=family).text)
        names = [skill.label for each in asked.skills if (skill := skill_of(each))][:6]
        for quote in quotes(asked, fit.pieces, topic_names=names, frequency=town.frequency, total=len(town.pieces)):
            print("  “" + _with_marks(quote.text, quote.marks) + "”")
        for sentence in what_is_missing(asked, fit, family=family, name=name.split()[0], labels=chips):
            print("  missing:", sentence)
    return 0


def _with_marks(text: str, marks: Sequence[tuple[int, int]]) -> str:
    for start, end in reversed(marks):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text
