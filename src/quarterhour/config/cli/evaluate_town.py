"""`quarterhour evaluate town`: whom would we show for the needs of a file, and how good is that beside plainer methods?

The file it writes is what the product would show: the first three are the three cards, in their order.
Labels are read for judging alone; without them the ranking is written and nothing is judged.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter

from quarterhour.config.cli.labelled_needs import LabelledNeed, NeedsFileError, mistyped, needs_in
from quarterhour.config.cli.labelled_town import Read, Town, mended, ranking, read_need, town_of
from quarterhour.config.cli.town_figures import Placed, figures_of, table
from quarterhour.engines.matching import (
    SURE,
    Asked,
    Fit,
    Weights,
    WordScores,
    chances,
    family_of,
    terms_of,
    three_views,
)
from quarterhour.matching.embedding import embed
from quarterhour.people.taxonomy import skills

MOST = 100
SMOOTHING = 60  # of reciprocal rank fusion
OURS = "the default ranker"
LEFT_OUT = ("words", "meaning", "topics", "kind", "language", "not_for")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command to `parser`."""
    parser.add_argument("--mentors", type=Path, required=True, metavar="MENTORS.jsonl", help="as in the town's README")
    parser.add_argument("--needs", type=Path, required=True, metavar="NEEDS.jsonl", help="what people ask")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="RANKING.tsv", help=f"need, rank, person, score; sure from {SURE} on"
    )
    parser.add_argument("--labels", type=Path, metavar="LABELS.jsonl", help="who fits; read for the figures alone")
    parser.add_argument("--no-model", action="store_true", help="without the sentence model, as where it is missing")
    parser.add_argument(
        "--mistype", type=int, default=0, metavar="N", help="put a typing error into N words of each need in English"
    )
    parser.add_argument("--json", action="store_true", help="print figures as JSON")


def run(args: argparse.Namespace) -> int:
    """Write the ranking, print the figures. 0, or 2 where a file cannot be read or written."""
    try:
        town = town_of(args.mentors, model=not args.no_model)
        typed = [
            mistyped(need, args.mistype) if need.language == "en" else need
            for need in needs_in(args.needs, args.labels)
        ]
        needs = mended(typed, town)
        _check_names(needs, town, args.labels)
        placed, reads, seconds = {}, {}, []
        for need in needs:
            begun = perf_counter()
            reads[need.id] = read_need(need, model=town.vectors is not None)
            placed[need.id] = shown(*ranking(town, need, read=reads[need.id]))
            seconds.append(perf_counter() - begun)
        args.out.write_text(lines_of(placed), encoding="utf-8")
    except NeedsFileError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{args.out} cannot be written: {error.strerror}. Choose another place.", file=sys.stderr)
        return 2
    sure = sum(bool(ranked) and ranked[0].score >= SURE for ranked in placed.values())
    spent = {
        "sure": sure,
        "needs": len(needs),
        "mentors": len(town.mentors),
        "seconds_a_need_p50": round(median(seconds), 4),
    }
    if not args.labels:
        print(json.dumps(spent, indent=2) if args.json else _told(spent, args.out))
        return 0
    methods = {OURS: placed, **plain(town, needs), **without_parts(town, needs, reads)}
    if args.mistype:
        methods["read as typed"] = {need.id: shown(*ranking(town, need)) for need in typed}
    figures = {name: figures_of(needs, rankings) for name, rankings in methods.items()}
    if args.json:
        print(json.dumps(spent | {"methods": figures}, indent=2))
    else:
        print(f"{_told(spent, args.out)}\n{table(figures)}")
    return 0


def shown(asked: Asked, ranked: Sequence[Fit]) -> list[Placed]:
    """(person, score) as the product shows them: the three cards first, of those with the best chances. A score never
    rises from one to the next.
    """
    each = chances(asked, ranked, family=family_of(skills()))
    chance = {fit.mentor.id: one for fit, one in zip(ranked, each, strict=True)}
    ranked = sorted(ranked, key=lambda fit: -chance[fit.mentor.id])
    three = three_views(ranked, kind=asked.kind)
    first = {fit.mentor.id for fit in three}
    lowest, found = 1.0, []
    for fit in [*three, *(fit for fit in ranked if fit.mentor.id not in first)][:MOST]:
        lowest = min(lowest, chance[fit.mentor.id])
        found.append(Placed(str(fit.mentor.id), lowest))
    return found


def lines_of(placed: Mapping[str, Sequence[Placed]]) -> str:
    """The file: need, rank from 1, person, score, by tabs; no heading."""
    return "".join(
        f"{need}\t{rank}\t{one.person}\t{one.score:.6f}\n"
        for need, ranked in placed.items()
        for rank, one in enumerate(ranked, start=1)
    )


def plain(town: Town, needs: Sequence[LabelledNeed]) -> dict[str, dict[str, list[Placed]]]:
    """BM25 over whole profiles, the nearest piece by meaning, and their reciprocal rank fusion.

    They know no chance, so nobody is confident: their scores are 0.
    """
    places = {mentor.id: place for place, mentor in enumerate(town.mentors)}
    profiles: list[list[str]] = [[] for _ in places]
    for piece in town.pieces:
        profiles[places[piece.mentor_id]] += terms_of(piece.read, piece.language)
    words = WordScores(profiles)
    by_words, by_meaning, fused = {}, {}, {}
    for need in needs:
        bm25 = words.scores(terms_of(need.whole, read_need(need, model=False).reading.language))
        by_words[need.id] = _in_order(town, bm25)
        if town.vectors is None:
            continue
        vectors = embed([need.whole])
        nearest = [-1.0] * len(places)
        for piece, cosine in zip(town.pieces, town.vectors @ vectors[0], strict=True):
            place = places[piece.mentor_id]
            nearest[place] = max(nearest[place], float(cosine))
        by_meaning[need.id] = _in_order(town, nearest)
        fused[need.id] = _fused(town, by_words[need.id], by_meaning[need.id])
    found = {"BM25 over profiles": by_words}
    return found if town.vectors is None else found | {"embeddings, best piece": by_meaning, "their fusion": fused}


def without_parts(
    town: Town, needs: Sequence[LabelledNeed], reads: Mapping[str, Read]
) -> dict[str, dict[str, list[Placed]]]:
    """The ablation: the same ranker with one part left out."""
    changed = {f"without {part.replace('_', ' ')}": replace(Weights(), **{part: 0.0}) for part in LEFT_OUT}
    found = {
        name: {need.id: shown(*ranking(town, need, read=reads[need.id], weights=weights)) for need in needs}
        for name, weights in changed.items()
    }
    undoubted = {need.id: ranking(town, need, read=reads[need.id], meant=False) for need in needs}
    found["without doubt by meaning"] = {need: shown(*each) for need, each in undoubted.items()}
    found["the first three by score"] = {need.id: _unmixed(*ranking(town, need, read=reads[need.id])) for need in needs}
    return found


def _unmixed(asked: Asked, ranked: Sequence[Fit]) -> list[Placed]:
    chance = chances(asked, ranked, family=family_of(skills()))
    return [Placed(str(fit.mentor.id), one) for fit, one in zip(ranked, chance, strict=True)][:MOST]


def _in_order(town: Town, scores: Sequence[float]) -> list[Placed]:
    order = sorted(range(len(scores)), key=lambda place: -scores[place])
    return [Placed(str(town.mentors[place].id), 0.0) for place in order]


def _fused(town: Town, *lists: Sequence[Placed]) -> list[Placed]:
    """Source: reciprocal rank fusion, G. Cormack, C. Clarke, S. Büttcher, SIGIR 2009, 758-759."""
    worth = {str(mentor.id): 0.0 for mentor in town.mentors}
    for each in lists:
        for rank, one in enumerate(each):
            worth[one.person] += 1 / (SMOOTHING + rank)
    return _in_order(town, [worth[str(mentor.id)] for mentor in town.mentors])


def _check_names(needs: Sequence[LabelledNeed], town: Town, labels: Path | None) -> None:
    if labels and not any(need.relevant for need in needs):
        raise NeedsFileError(f"{labels} grades none of these needs. Give the labels of the same needs.")
    strangers = sorted({who for need in needs for who in need.relevant} - set(town.names))
    if strangers:
        raise NeedsFileError(
            f"{labels} grades {strangers[0]}, who is not among the mentors. Give the mentors of the labels."
        )


def _told(spent: Mapping[str, float], out: Path) -> str:
    return (
        f"{spent['needs']} needs, {spent['mentors']} mentors, {spent['seconds_a_need_p50'] * 1000:.0f} ms a need (p50, "
        f"reading included). For {spent['sure']} somebody fits: a score of {SURE} or more. Ranking in {out}."
    )
