"""Mentors of a file in the town's format, and who of them fits a need: the product's ranking without its database.

Every piece of every mentor is scored for every need; otherwise nothing differs from what a page shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from quarterhour.config.cli.labelled_needs import LabelledNeed, NeedsFileError, numbered_rows, skill_named, written
from quarterhour.engines.matching import (
    Asked,
    Fit,
    Mentor,
    Piece,
    Topic,
    Weights,
    family_of,
    meant_skills,
    rank,
    refused_skills,
    terms_of,
)
from quarterhour.engines.understand import Reading, language_of, leanings, read_question
from quarterhour.engines.words import stem, stems
from quarterhour.matching.dictionary import READ, speller
from quarterhour.matching.embedding import embed
from quarterhour.matching.skill_vectors import NEARBY, query_vector, similar_skills
from quarterhour.people.taxonomy import skills

LEVELS = ("lived", "strong", "expert")


@dataclass(frozen=True, slots=True)
class Town:
    """The mentors, what they said, and how common words are in it. vectors: of the pieces, None without a model."""

    mentors: tuple[Mentor, ...]
    names: Mapping[str, str]
    pieces: tuple[Piece, ...]
    frequency: Mapping[str, int]
    vectors: Any


@dataclass(frozen=True, slots=True)
class Read:
    """A need, read: its chips, its vector where the model reads its language, and the skills nearest to it."""

    reading: Reading
    vector: Any
    near: Mapping[str, float]


def town_of(mentors: Path, *, model: bool = True) -> Town:
    """Read a file of mentors into memory. Raises NeedsFileError."""
    rows = []
    for number, row in numbered_rows(mentors):
        try:
            rows.append((_mentor(row), row["name"], tuple(_pieces(row))))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise NeedsFileError(
                f"Line {number} of {mentors} is no mentor ({error!r}). The fields are in the town's README."
            ) from error
    if not rows:
        raise NeedsFileError(f"{mentors} holds no mentor.")
    names = {str(mentor.id): name for mentor, name, _ in rows}
    if len(names) < len(rows):
        raise NeedsFileError(f"{mentors} names two mentors alike. Each id may stand once.")
    pieces = tuple(piece for _, _, told in rows for piece in told)
    counted = Counter(term for piece in pieces for term in set(terms_of(piece.read, piece.language)))
    vectors = embed([piece.read for piece in pieces]) if model else None
    return Town(tuple(mentor for mentor, _, _ in rows), names, pieces, dict(counted), vectors)


def _mentor(row: Mapping[str, Any]) -> Mentor:
    refused = row.get("not_for") or ""
    road = (f"{name}:{row[name]}" for name in ("country", "industry", "employer_kind") if row.get(name))
    return Mentor(
        id=_text(row["id"]),
        topics=tuple(Topic(each["name"], skill_named(each["name"]), _level(each["level"])) for each in row["topics"]),
        languages=frozenset(each["code"] for each in row["languages"]),
        helps_with=frozenset(row.get("helps_with") or ()),
        not_for=refused,
        not_for_skills=refused_skills(refused, skills()),
        newcomer=bool(row.get("newcomer")),
        asks_first=row.get("confirm") == "ask",
        road=frozenset(road),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{value!r} is no text")
    return value


def _level(value: Any) -> Any:
    if value not in LEVELS:
        raise ValueError(f"level {value!r} is none of {', '.join(LEVELS)}")
    return value


def _pieces(row: Mapping[str, Any]) -> Iterator[Piece]:
    who = row["id"]
    line = ", ".join(filter(None, [row.get("role"), row.get("industry")]))
    names = ", ".join(each["name"] for each in row["topics"])
    told = [
        (f"{who}-headline", "headline", line, row["headline"]),
        (f"{who}-topics", "topic", "", names),
        (f"{who}-about", "about", "", row["about"]),
        *((f"{who}-{place}", "story", one["title"], one["text"]) for place, one in enumerate(row["stories"])),
    ]
    for piece_id, kind, title, text in told:
        if text:
            yield Piece(piece_id, who, kind, text, title, language=language_of(text) or "en")


def mended(needs: Sequence[LabelledNeed], town: Town) -> list[LabelledNeed]:
    """The needs with their typing errors put right, as the product reads them: no word that a mentor uses is one."""
    said = {each for piece in town.pieces for each in stems(piece.read)}

    def read(words: str) -> str:
        odd = [word for word in speller().unknown(words) if stem(word) not in said]
        return speller().mend(words, odd).text

    return [
        replace(need, text=read(need.text), tried=read(need.tried), good_outcome=read(need.good_outcome))
        if language_of(need.whole) in READ
        else need
        for need in needs
    ]


def read_need(need: LabelledNeed, *, model: bool) -> Read:
    """What the product reads from a need's words: no label, and no chip put right."""
    in_english = language_of(need.whole) in {"en", None}
    vectors = embed([need.whole]) if model and in_english else None
    vector = None if vectors is None else vectors[0]
    near = {} if vector is None else similar_skills(vector, nearest=NEARBY)
    reading = read_question(need.whole, now=written(), zone=need.zone, skills=skills(), similarity=near)
    return Read(reading, vector, near)


def ranking(
    town: Town,
    need: LabelledNeed,
    *,
    read: Read | None = None,
    labelled: bool = False,
    weights: Weights = Weights(),  # noqa: B008 - frozen
    meant: bool = True,
) -> tuple[Asked, list[Fit]]:
    """What is asked, as read from the text alone, and the mentors in the order in which they fit.

    read: the need as `read_need` reads it, where it is read already.
    labelled: take the skills of the labels, as if every chip was put right. meant: whether the model's doubt
    about skills that share words only is heard (False to see what it is worth).
    """
    read = read or read_need(need, model=town.vectors is not None)
    leaning = leanings(need.whole, skills(), language=read.reading.language, similarity=read.near)
    if labelled:
        leaning = dict.fromkeys(need.skills, 1.0)
    looked = None if town.vectors is None else query_vector(read.vector, leaning)
    pieces = list(town.pieces)
    if looked is not None:
        cosines = town.vectors @ looked
        pieces = [
            replace(piece, similarity=float(cosines[place]), embedding=town.vectors[place])
            for place, piece in enumerate(town.pieces)
        ]
    asked = Asked(
        need.whole,
        read.reading.kind,
        leaning,
        language=read.reading.language,
        meant=meant_skills(leaning, read.near if meant else {}, frozenset(need.skills if labelled else ())),
    )
    found = rank(
        asked,
        town.mentors,
        pieces,
        family=family_of(skills()),
        frequency=town.frequency,
        total=len(town.pieces),
        weights=weights,
    )
    return asked, found
