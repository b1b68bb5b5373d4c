"""Who might help: by words, by meaning, by topic. Generated without knowing who was right.

Eligibility is part of each query: a member of the organisation, account open, offering time, not paused, not the asker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from quarterhour.matching.eligibility import Eligible

MOST_PIECES = 240
MOST_ROWS = 15_000  # a word in more pieces than this tells little and costs much: at twice as many, the same three

OF_WHOM = " JOIN people_profile p ON p.org_id = e.org_id AND p.person_id = e.mentor_id AND"


@dataclass(frozen=True, slots=True)
class Found:
    """One piece as the database found it. text_rank and similarity are None where that way did not find it."""

    id: UUID
    mentor_id: UUID
    kind: str
    title: str
    text: str
    language: str
    said_on: date | None
    source_id: UUID | None
    text_rank: float | None = None
    similarity: float | None = None


def lexemes_of(words: Sequence[str]) -> list[tuple[str, str]]:
    """(word, stem) for each word that full text knows; the small words of a language have none. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, (tsvector_to_array(to_tsvector('english', unaccent(word))))[1]"
            " FROM unnest(%s::text[]) AS word",
            [list(words)],
        )
        return [(word, lexeme) for word, lexeme in cursor.fetchall() if lexeme]


def how_common(lexemes: Sequence[str], *, org_id: UUID) -> tuple[dict[str, int], int]:
    """In how many pieces each lexeme stands, and how many pieces there are. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, pieces FROM matching_wordcount WHERE org_id = %s AND word = ANY(%s)", [org_id, [*lexemes, ""]]
        )
        counts = dict(cursor.fetchall())
    return counts, counts.pop("", 0)


def by_words(lexemes: Sequence[str], eligible: Eligible) -> list[Found]:
    """Pieces that hold any of the lexemes, the best ranked first."""
    if not lexemes:
        return []
    query = " | ".join("'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'" for lexeme in lexemes)
    return _rows(
        "SELECT e.id, e.mentor_id, e.kind, e.title, e.text, e.language, e.said_on, e.source_id,"
        " ts_rank(e.words, to_tsquery('simple', %s), 1), NULL FROM matching_evidence e"
        + OF_WHOM
        + eligible.sql
        + " WHERE e.org_id = %s AND e.words @@ to_tsquery('simple', %s) ORDER BY 9 DESC, e.id LIMIT %s",
        [query, *eligible.values, eligible.org_id, query, MOST_PIECES],
    )


def look_widely() -> None:
    """Look far enough in the graphs of vectors, for the rest of this transaction.

    Recall .977 at 100,000 pieces (docs/algorithms/matching.md); the hard rules may ask for more, so go on looking.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL hnsw.ef_search = 160; SET LOCAL hnsw.iterative_scan = relaxed_order")


def by_meaning(vector: Sequence[float] | None, eligible: Eligible) -> list[Found]:
    """The pieces nearest in meaning. Empty without a model."""
    if vector is None:
        return []
    told = "[" + ",".join(f"{x:.5f}" for x in vector) + "]"
    return _rows(
        "SELECT e.id, e.mentor_id, e.kind, e.title, e.text, e.language, e.said_on, e.source_id, NULL,"
        " 1 - (e.vector <=> %s::halfvec) FROM matching_evidence e"
        + OF_WHOM
        + eligible.sql
        + " WHERE e.org_id = %s ORDER BY e.vector <=> %s::halfvec LIMIT %s",
        [told, *eligible.values, eligible.org_id, told, MOST_PIECES // 2],
    )


def still_eligible(mentor_ids: Sequence[UUID], eligible: Eligible) -> set[UUID]:
    """Which of these may be shown; one query."""
    if not mentor_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.person_id FROM people_profile p WHERE p.org_id = %s AND p.person_id = ANY(%s) AND" + eligible.sql,
            [eligible.org_id, list(mentor_ids), *eligible.values],
        )
        return {row[0] for row in cursor.fetchall()}


def by_topic(skill_ids: Sequence[str], eligible: Eligible) -> list[UUID]:
    """Mentors who named one of the skills, more of them and deeper ones first."""
    if not skill_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.person_id FROM people_topic t JOIN people_profile p ON p.id = t.profile_id AND"
            + eligible.sql
            + " WHERE t.org_id = %s AND t.skill_id = ANY(%s) GROUP BY p.person_id"
            " ORDER BY sum(CASE t.level WHEN 'expert' THEN 3 WHEN 'strong' THEN 2 ELSE 1 END) DESC, p.person_id"
            " LIMIT 120",
            [*eligible.values, eligible.org_id, list(skill_ids)],
        )
        return [row[0] for row in cursor.fetchall()]


def pieces_of(
    mentor_ids: Sequence[UUID], *, vector: Sequence[float] | None, answers: Sequence[UUID], org_id: UUID
) -> list[Found]:
    """Everything these mentors say of themselves, and those of their `answers` that were found; one query.

    vector: of the question, to compare each piece with; None leaves the similarity open.
    """
    told = None if vector is None else "[" + ",".join(f"{x:.5f}" for x in vector) + "]"
    return _rows(
        "SELECT id, mentor_id, kind, title, text, language, said_on, source_id, NULL, 1 - (vector <=> %s::halfvec)"
        " FROM matching_evidence WHERE org_id = %s AND mentor_id = ANY(%s) AND (kind <> 'answer' OR id = ANY(%s))"
        " ORDER BY id",
        [told, org_id, list(mentor_ids), list(answers)],
    )


def vectors_of(ids: Sequence[UUID], *, org_id: UUID) -> dict[UUID, NDArray[np.float32]]:
    """The vectors of some pieces; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, vector::text FROM matching_evidence WHERE org_id = %s AND id = ANY(%s) AND vector IS NOT NULL",
            [org_id, list(ids)],
        )
        return {pk: np.fromstring(text[1:-1], dtype=np.float32, sep=",") for pk, text in cursor.fetchall()}


def telling(lexemes: Sequence[str], counts: Mapping[str, int], *, most: int = 24) -> list[str]:
    """The rarest known lexemes, together in no more than MOST_ROWS pieces."""
    rows, chosen = 0, []
    for lexeme in sorted((x for x in lexemes if x in counts), key=lambda x: (counts[x], x)):
        rows += counts[lexeme]
        if len(chosen) >= most or (chosen and rows > MOST_ROWS):
            break
        chosen.append(lexeme)
    return chosen


def _rows(statement: str, values: list) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [Found(*row) for row in cursor.fetchall()]
