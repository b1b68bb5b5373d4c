"""Who might help: by words, by meaning, by topic. Generated without knowing who was right.

Eligibility is part of each query: a member of the organisation, account open, offering time, not paused, not the asker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

MOST_PIECES = 240
MOST_ROWS = 15_000  # a word in more pieces than this tells little and costs much: at twice as many, the same three

STILL_HERE = (
    " JOIN people_membership place ON place.org_id = p.org_id AND place.person_id = p.person_id"
    " JOIN people_person who ON who.id = p.person_id AND who.is_active"
)

ELIGIBLE = (
    " JOIN people_profile p ON p.org_id = e.org_id AND p.person_id = e.mentor_id AND p.is_mentor"
    " AND (p.paused_until IS NULL OR p.paused_until <= %s)" + STILL_HERE + " WHERE e.org_id = %s AND e.mentor_id <> %s"
)


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


def by_words(lexemes: Sequence[str], *, org_id: UUID, asker: UUID, today: date) -> list[Found]:
    """Pieces that hold any of the lexemes, the best ranked first."""
    if not lexemes:
        return []
    query = " | ".join("'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'" for lexeme in lexemes)
    return _rows(
        "SELECT e.id, e.mentor_id, e.kind, e.title, e.text, e.language, e.said_on,"
        " ts_rank(e.words, to_tsquery('simple', %s), 1), NULL FROM matching_evidence e"
        + ELIGIBLE
        + " AND e.words @@ to_tsquery('simple', %s) ORDER BY 8 DESC, e.id LIMIT %s",
        [query, today, org_id, asker, query, MOST_PIECES],
    )


def by_meaning(vector: Sequence[float] | None, *, org_id: UUID, asker: UUID, today: date) -> list[Found]:
    """The pieces nearest in meaning. Empty without a model."""
    if vector is None:
        return []
    told = "[" + ",".join(f"{x:.5f}" for x in vector) + "]"
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Recall .977 at 100,000 pieces (docs/algorithms/matching.md); filters may ask for more, so go on looking.
            cursor.execute("SET LOCAL hnsw.ef_search = 160; SET LOCAL hnsw.iterative_scan = relaxed_order")
        return _rows(
            "SELECT e.id, e.mentor_id, e.kind, e.title, e.text, e.language, e.said_on, NULL,"
            " 1 - (e.vector <=> %s::halfvec) FROM matching_evidence e"
            + ELIGIBLE
            + " ORDER BY e.vector <=> %s::halfvec LIMIT %s",
            [told, today, org_id, asker, told, MOST_PIECES // 2],
        )


def by_topic(skill_ids: Sequence[str], *, org_id: UUID, asker: UUID, today: date) -> list[UUID]:
    """Mentors who named one of the skills, more of them and deeper ones first."""
    if not skill_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.person_id FROM people_topic t JOIN people_profile p ON p.id = t.profile_id AND p.is_mentor"
            " AND (p.paused_until IS NULL OR p.paused_until <= %s)"
            + STILL_HERE
            + " WHERE t.org_id = %s AND t.skill_id = ANY(%s) AND p.person_id <> %s"
            " GROUP BY p.person_id"
            " ORDER BY sum(CASE t.level WHEN 'expert' THEN 3 WHEN 'strong' THEN 2 ELSE 1 END) DESC, p.person_id"
            " LIMIT 120",
            [today, org_id, list(skill_ids), asker],
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
        "SELECT id, mentor_id, kind, title, text, language, said_on, NULL, 1 - (vector <=> %s::halfvec)"
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
