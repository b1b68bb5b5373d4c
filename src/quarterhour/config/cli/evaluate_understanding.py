"""`quarterhour evaluate understanding`: how often are questions read as their writers meant them?"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from quarterhour.config.cli.labelled_needs import LabelledNeed, NeedsFileError, add_needs, needs_of, written
from quarterhour.engines.understand import LENGTHS, Reading, read_question
from quarterhour.matching.skill_vectors import similarity_of
from quarterhour.people.taxonomy import skill_of, skills

FIGURES = {
    "kind": "kind as meant",
    "topic_hit": "a proposed topic is one of theirs",
    "topic_near": "a proposed topic is theirs, broader, narrower or beside",
    "topics": "topics proposed",
    "topic_precision": "share of proposed topics that are theirs",
    "topic_near_precision": "share that are theirs, broader, narrower or beside",
    "language": "language as written",
    "when": "when as meant",
    "minutes": "length as meant",
    "minutes_near": "length at most one step off",
    "dates_said": "days to decide by that were read",
    "dates_right": "of these as meant",
    "dates_meant": "days to decide by that were meant, also where the text names none",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command to `parser`."""
    add_needs(parser)


def run(args: argparse.Namespace) -> int:
    """Print the figures of each half. 0, or 2 if the needs cannot be read."""
    try:
        figures = evaluate(args.town, model=not args.no_model)
    except NeedsFileError as error:
        print(error, file=sys.stderr)
        return 2
    if args.json:
        print(json.dumps(figures, indent=2))
        return 0
    columns = list(figures)
    print(f"{'':52}" + "".join(f"{name:>14}" for name in columns))
    print(f"{'needs':52}" + "".join(f"{figures[name]['needs']:>14}" for name in columns))
    for key, explains in FIGURES.items():
        print(f"{explains:52.52}" + "".join(f"{figures[name][key]:>14.4g}" for name in columns))
    return 0


def evaluate(folder: Path, *, model: bool = True) -> dict[str, dict[str, Any]]:
    """Read every need of `folder` and compare. Shares from 0 to 1, for the tuned half, the other half and all."""
    needs = needs_of(folder)
    readings = {need.id: _read(need, model=model) for need in needs}
    parts = {
        "tuned half": [need for need in needs if need.tuned_on],
        "other half": [need for need in needs if not need.tuned_on],
        "all": needs,
        "not English": [need for need in needs if need.language != "en"],
    }
    return {name: _figures(part, readings) for name, part in parts.items() if part}


def _read(need: LabelledNeed, *, model: bool) -> Reading:
    near = similarity_of(need.text) if model and need.language == "en" else {}
    return read_question(need.text, now=written(), zone=need.zone, skills=skills(), similarity=near)


def _figures(needs: Sequence[LabelledNeed], readings: Mapping[str, Reading]) -> dict[str, Any]:
    pairs = [(need, readings[need.id]) for need in needs]
    topical = [(need, [topic.skill_id for topic in read.topics]) for need, read in pairs if need.skills]
    proposed = [(need, skill_id) for need, ids in topical for skill_id in ids]
    dated = [(need, read.decide_by) for need, read in pairs if read.decide_by]
    return {
        "needs": len(needs),
        "kind": _share(read.kind == need.kind for need, read in pairs),
        "topic_hit": _share(bool(need.skills & set(ids)) for need, ids in topical),
        "topic_near": _share(any(_near(one, need) for one in ids) for need, ids in topical),
        "topics": mean(len(ids) for _, ids in topical) if topical else 0.0,
        "topic_precision": _share(skill_id in need.skills for need, skill_id in proposed),
        "topic_near_precision": _share(_near(skill_id, need) for need, skill_id in proposed),
        "language": _share(read.language == need.language for need, read in pairs),
        "when": _share(read.when == need.when for need, read in pairs),
        "minutes": _share(read.minutes == need.length for need, read in pairs),
        "minutes_near": _share(abs(_step(read.minutes) - _step(need.length)) <= 1 for need, read in pairs),
        "dates_said": len(dated),
        "dates_right": sum(day == need.decision_date for need, day in dated),
        "dates_meant": sum(need.decision_date is not None for need in needs),
    }


def _share(verdicts: Iterable[bool]) -> float:
    counted = list(verdicts)
    return sum(counted) / len(counted) if counted else 0.0


def _step(length: int) -> int:
    return LENGTHS.index(length)


def _near(skill_id: str, need: LabelledNeed) -> bool:
    """Whether a skill is one of the need's, its broader or narrower one, or a part of the same broader one."""
    skill = skill_of(skill_id)
    if skill is None:
        return False
    for meant_id in need.skills:
        meant = skill_of(meant_id)
        if meant is not None and (
            skill_id in (meant_id, meant.broader)
            or skill.broader == meant_id
            or (skill.broader and skill.broader == meant.broader)
        ):
            return True
    return False
