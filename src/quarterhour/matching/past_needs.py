"""Needs that were met, kept with consent, so that who helped with one like yours can be found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from quarterhour.advice.models import Takeaway
from quarterhour.core.ids import uuid7
from quarterhour.core.statements import Answer, Statement, send
from quarterhour.core.text import MOST
from quarterhour.engines.matching.helped import PastHelp
from quarterhour.engines.understand import language_of
from quarterhour.matching.embedding import embed
from quarterhour.matching.models import PastNeed
from quarterhour.trust.queries import latest_answers

MOST_FOUND = 120


@dataclass(frozen=True, slots=True)
class Words:
    """One need to be kept: in which session it was met, by whom, and the text that is read."""

    session_id: UUID
    mentor_id: UUID
    text: str
    language: str
    met_at: datetime
    helped: int | None

    @property
    def read(self) -> str:
        return self.text


@transaction.atomic
def index_past_needs(*, org_id: UUID, mentor_ids: Iterable[UUID]) -> int:
    """Read anew what these people helped with. Returns the number of needs kept.

    Without the consent of both sides nothing is kept: text, words, vector and influence go at once.
    """
    ids = list(mentor_ids)
    one_at_a_time(org_id, ids)
    PastNeed.objects.within(org_id).filter(mentor__in=ids).delete()
    met = needs_met(org_id, ids)
    insert(org_id, met, embed([each.read for each in met]) if met else None)
    return len(met)


def one_at_a_time(org_id: UUID, mentor_ids: Sequence[UUID]) -> None:
    """Wait until nobody else indexes these people, so that who began earlier cannot keep what was taken back since."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s || one::text, 7))"
            " FROM (SELECT unnest(%s::uuid[]) AS one ORDER BY 1) AS them",
            [str(org_id), list(mentor_ids)],
        )


def needs_met(org, mentor_ids: Iterable[UUID]) -> list[Words]:
    """The needs of sessions whose card may be quoted, with how the mentee last said it helped. Three queries."""
    agreed = Takeaway.objects.within(org).filter(
        quotable=True, session__mentor__in=list(mentor_ids), session__need__isnull=False
    )
    rows = list(agreed.values_list("session", "session__mentor", "session__need__text", "written_at"))
    helped = latest_answers([row[0] for row in rows], org=org)
    return [
        Words(session, mentor, text[:MOST], language_of(text) or "en", at, helped.get(session))
        for session, mentor, text, at in rows
    ]


def insert(org_id: UUID, met: Sequence[Words], vectors) -> None:
    """Keep the needs in one statement. vectors: an array (n, 384), or None without a model."""
    told = [None] * len(met) if vectors is None else ["[" + ",".join(f"{x:.5f}" for x in v) + "]" for v in vectors]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO matching_pastneed (id, org_id, session_id, mentor_id, language, met_at, helped, words,"
            " vector) SELECT id, %s, session, mentor, language, met, helped,"
            " to_tsvector('english', unaccent(said)), vector::halfvec(384)"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::timestamptz[], %s::int[],"
            " %s::text[]) AS row(id, session, mentor, said, language, met, helped, vector)"
            " ON CONFLICT (session_id) DO NOTHING",
            [
                org_id,
                [uuid7() for _ in met],
                [each.session_id for each in met],
                [each.mentor_id for each in met],
                [each.text for each in met],
                [each.language for each in met],
                [each.met_at for each in met],
                [each.helped for each in met],
                told,
            ],
        )


def similar_needs(vector: Sequence[float] | None, lexemes: Sequence[str], *, org_id: UUID) -> list[PastHelp]:
    """The past needs nearest in meaning; without a model those that hold most of the words. One query.

    Generated from the question alone: nothing here knows who will be chosen.
    """
    return needs_from(*send(asking_needs(vector, lexemes, org_id=org_id)))


def asking_needs(vector: Sequence[float] | None, lexemes: Sequence[str], *, org_id: UUID) -> Statement:
    """What `similar_needs` asks; `needs_from` understands the answer."""
    if vector is not None:
        told = "[" + ",".join([f"{x:.5f}" for x in vector]) + "]"
        return Statement(
            "SELECT mentor_id, 1 - (vector <=> %s::halfvec), met_at, helped FROM matching_pastneed"
            " WHERE org_id = %s ORDER BY vector <=> %s::halfvec LIMIT %s",
            [told, org_id, told, MOST_FOUND],
        )
    query = " | ".join("'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'" for lexeme in lexemes)
    return Statement(
        "SELECT mentor_id, (SELECT count(*) FROM unnest(%s::text[]) AS asked WHERE words @@"
        " quote_literal(asked)::tsquery) / %s::float, met_at, helped FROM matching_pastneed"
        " WHERE org_id = %s AND words @@ to_tsquery('simple', %s) ORDER BY 2 DESC, id LIMIT %s",
        [list(lexemes), len(lexemes) or 1, org_id, query, MOST_FOUND],
    )


def needs_from(answer: Answer) -> list[PastHelp]:
    return [PastHelp(*row) for row in answer.rows]
