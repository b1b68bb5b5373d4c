"""The labelled needs of the town, or of a file in the same format, for the commands that judge."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from quarterhour.people.taxonomy import search, town_topics

TOWN = Path(__file__).resolve().parents[1] / "town" / "data"
# The town's needs were written as if on this Monday morning.
WRITTEN = "2026-11-23T09:04:00+00:00"
SURE = 1.9


class NeedsFileError(ValueError):
    """A file cannot be read as labelled needs; the text says which and what to do."""


@dataclass(frozen=True, slots=True)
class LabelledNeed:
    """A need and what a careful reader says about it."""

    id: str
    text: str
    kind: str
    length: int
    when: str
    language: str
    decision_date: date | None
    zone: str
    skills: frozenset[str]
    relevant: dict[str, int] = field(default_factory=dict)
    trap: frozenset[str] = frozenset()
    perspectives: frozenset[str] = frozenset()

    @property
    def tuned_on(self) -> bool:
        """Whether it belongs to the half on which weights were set."""
        return sha256(self.id.encode()).digest()[0] % 2 == 0

    @property
    def answerable(self) -> bool:
        return any(grade > 1 for grade in self.relevant.values())


def add_needs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--town", type=Path, default=TOWN, metavar="DIR", help="folder with needs.jsonl; the demo town if unset"
    )
    parser.add_argument(
        "--no-model", action="store_true", help="judge without the sentence model, as where it is not installed"
    )
    parser.add_argument("--json", action="store_true", help="print figures as JSON")


def written(text: str = WRITTEN) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def needs_of(folder: Path) -> list[LabelledNeed]:
    """The needs of `folder`, with their grades where needs_labels.jsonl has them.

    Raises NeedsFileError if a file is missing or is not what it should be.
    """
    labels = {row["need"]: row for row in rows_of(folder / "needs_labels.jsonl")}
    try:
        return [_need(row, labels.get(row["id"], {})) for row in rows_of(folder / "needs.jsonl")]
    except KeyError as error:
        raise NeedsFileError(f"{folder} has a need without {error}. Every need carries it.") from error


def rows_of(path: Path) -> list[dict[str, Any]]:
    """One object a line. Raises NeedsFileError."""
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except OSError as error:
        raise NeedsFileError(f"{path} cannot be read: {error.strerror}. Name a folder that holds it.") from error
    except ValueError as error:
        raise NeedsFileError(f"{path} is not one JSON object a line: {error}.") from error


def _need(row: dict[str, Any], label: dict[str, Any]) -> LabelledNeed:
    day = row.get("decision_date")
    return LabelledNeed(
        id=row["id"],
        text=row["text"],
        kind=row["kind"],
        length=row["length"],
        when=row["when"],
        language=row["language"],
        decision_date=date.fromisoformat(day) if day else None,
        zone=row["mentee"]["zone"],
        skills=frozenset(filter(None, map(skill_named, row["topics"]))),
        relevant=label.get("relevant", {}),
        trap=frozenset(label.get("trap", ())),
        perspectives=frozenset(label.get("perspectives", ())),
    )


def skill_named(topic: str) -> str | None:
    """The skill a mentor's wording means, if the taxonomy knows it."""
    known = town_topics().get(topic)
    if known:
        return known
    found = search(topic, 1)
    return found[0].skill.id if found and found[0].score >= SURE else None
