"""The labelled needs of the town, or of a file in the same format, for the commands that judge."""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from quarterhour.people.taxonomy import search, town_topics

TOWN = Path(__file__).resolve().parents[1] / "town" / "data"
# The town's needs were written as if on this Monday morning.
WRITTEN = "2026-11-23T09:04:00+00:00"
SURE = 1.9
MOST = 3  # the best grade
LONE = re.compile("[\ud800-\udfff]")


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
    tried: str = ""
    good_outcome: str = ""

    @property
    def whole(self) -> str:
        """All that was typed, as matching reads it."""
        return "\n".join(filter(None, [self.text, self.tried, self.good_outcome]))

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


def mistyped(need: LabelledNeed, words: int) -> LabelledNeed:
    """The need, if in English, with an error in so many longer words: a letter missing, doubled, or changing places.

    The same errors each time, drawn from the id of the need; never in the first letter.
    """
    if need.language != "en":
        return need
    drawn = random.Random(need.id)  # noqa: S311 - errors, not secrets
    long = [found.span() for found in re.finditer(r"[a-z]{6,}", need.text)]
    told = need.text
    for start, end in sorted(drawn.sample(long, min(words, len(long))), reverse=True):
        at = drawn.randrange(start + 1, end - 1)
        told = (
            told[:at]
            + drawn.choice([told[at + 1], told[at] * 2 + told[at + 1], told[at + 1] + told[at]])
            + told[at + 2 :]
        )
    return replace(need, text=told)


def needs_of(folder: Path) -> list[LabelledNeed]:
    """The needs of `folder`, with their grades where needs_labels.jsonl has them.

    Raises NeedsFileError if a file is missing or is not what it should be.
    """
    return needs_in(folder / "needs.jsonl", folder / "needs_labels.jsonl")


def needs_in(needs: Path, labels: Path | None = None) -> list[LabelledNeed]:
    """The needs of a file, with their grades where there is a file of labels. Raises NeedsFileError."""
    graded: dict[str, dict[str, Any]] = {}
    for number, row in numbered_rows(labels) if labels else ():
        if not isinstance(row.get("need"), str) or not _is_graded(row):
            raise NeedsFileError(
                f'Line {number} of {labels} is no label: it needs "need" (an id) and "relevant" (grades from 0 to 3).'
            )
        graded[row["need"]] = row
    found = []
    for number, row in numbered_rows(needs):
        try:
            found.append(_need(row, graded.get(row["id"], {})))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise NeedsFileError(
                f"Line {number} of {needs} is no need ({error!r}). Every need carries id, text and language."
            ) from error
    if not found:
        raise NeedsFileError(f"{needs} holds no need.")
    if len({need.id for need in found}) < len(found):
        raise NeedsFileError(f"{needs} names two needs alike. Each id may stand once.")
    return found


def _is_graded(row: dict[str, Any]) -> bool:
    grades = row.get("relevant", {})
    return (
        isinstance(grades, dict)
        and all(type(grade) is int and 0 <= grade <= MOST for grade in grades.values())
        and all(isinstance(row.get(name, []), list) for name in ("trap", "perspectives"))
    )


def numbered_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, object) for each line that is not blank. Raises NeedsFileError."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise NeedsFileError(f"{path} cannot be read: {error.strerror}. Name a file that can be.") from error
    except UnicodeDecodeError as error:
        raise NeedsFileError(f"{path} is no UTF-8 text. Save it as UTF-8, one JSON object a line.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise NeedsFileError(f"Line {number} of {path} is not one JSON object a line: {error}.") from error
        if not isinstance(row, dict):
            raise NeedsFileError(f"Line {number} of {path} is not one JSON object a line.")
        if LONE.search(json.dumps(row, ensure_ascii=False)):
            raise NeedsFileError(f"Line {number} of {path} holds half a character (a lone surrogate). Write it anew.")
        yield number, row


def _need(row: dict[str, Any], label: dict[str, Any]) -> LabelledNeed:
    day = row.get("decision_date")
    if not isinstance(row["id"], str) or not isinstance(row["text"], str):
        raise TypeError("id and text are texts")
    return LabelledNeed(
        id=row["id"],
        text=row["text"],
        kind=row.get("kind", "unblock"),
        length=row.get("length", 25),
        when=row.get("when", "week"),
        language=row["language"],
        decision_date=date.fromisoformat(day) if day else None,
        zone=ZoneInfo((row.get("mentee") or {}).get("zone", "UTC")).key,
        skills=frozenset(filter(None, map(skill_named, row.get("topics") or ()))),
        relevant=label.get("relevant", {}),
        trap=frozenset(label.get("trap", ())),
        perspectives=frozenset(label.get("perspectives", ())),
        tried=row.get("tried") or "",
        good_outcome=row.get("good_outcome") or "",
    )


def skill_named(topic: str) -> str | None:
    """The skill a mentor's wording means, if the taxonomy knows it."""
    known = town_topics().get(topic)
    if known:
        return known
    found = search(topic, 1)
    return found[0].skill.id if found and found[0].score >= SURE else None
