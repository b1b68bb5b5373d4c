"""Keeping the evidence in step with what mentors say: text, words and vector of each piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Prefetch

from quarterhour.advice.models import AdvicePiece
from quarterhour.core.ids import uuid7
from quarterhour.core.text import MOST
from quarterhour.engines.understand import language_of
from quarterhour.matching.embedding import embed
from quarterhour.matching.models import Evidence
from quarterhour.matching.past_needs import one_at_a_time
from quarterhour.people.models import Profile, Story, Topic

BATCH = 500


@dataclass(frozen=True, slots=True)
class Words:
    """One piece to be kept: who said it, where it was taken from, and the text that is read."""

    mentor_id: UUID
    kind: str
    source_id: UUID
    title: str
    text: str
    language: str = ""
    said_on: date | None = None

    @property
    def read(self) -> str:
        """What full text and the model read: the title belongs to the piece."""
        return f"{self.title}. {self.text}" if self.title else self.text


@transaction.atomic
def index_mentors(*, org, mentor_ids: Iterable[UUID], progress=None) -> int:
    """Read these people's profiles and quotable advice anew. Returns the number of pieces kept.

    Whoever no longer offers time has nothing kept: text, words and vectors go at once.
    """
    ids = list(mentor_ids)
    one_at_a_time(org.pk if hasattr(org, "pk") else org, ids)
    Evidence.objects.within(org).filter(mentor__in=ids).delete()
    profiles = (
        Profile.objects.within(org)
        .mentors()
        .filter(person__in=ids)
        .prefetch_related(Prefetch("topics", Topic.objects.within(org)), Prefetch("stories", Story.objects.within(org)))
    )
    pieces = [piece for profile in profiles for piece in pieces_of(profile)]
    mentors = {profile.person_id for profile in profiles}
    pieces += answers_of(org, mentors)
    for at in range(0, len(pieces), BATCH):
        batch = pieces[at : at + BATCH]
        vectors = embed([piece.read for piece in batch])
        insert(org.pk if hasattr(org, "pk") else org, batch, vectors)
        if progress:
            progress(len(batch))
    return len(pieces)


def pieces_of(profile: Profile) -> Iterator[Words]:
    """What a mentor says of themselves, piece by piece: headline, topics, about, each story."""
    who = profile.person_id
    line = ", ".join(filter(None, [profile.role, profile.industry]))
    if profile.headline or line:
        yield Words(who, Evidence.Kind.HEADLINE, profile.pk, line, profile.headline, _language(profile.headline))
    topics = [topic.name for topic in profile.topics.all()]
    if topics:
        yield Words(who, Evidence.Kind.TOPIC, profile.pk, "", ", ".join(topics), _language(", ".join(topics)))
    if profile.about:
        yield Words(who, Evidence.Kind.ABOUT, profile.pk, "", profile.about, _language(profile.about))
    for story in profile.stories.all():
        said_on = date(story.year, 1, 1) if story.year else None
        yield Words(who, Evidence.Kind.STORY, story.pk, story.title, story.text, _language(story.text), said_on)


def answers_of(org, mentor_ids: Iterable[UUID]) -> list[Words]:
    """Advice from sessions where both agreed that it may be quoted."""
    quotable = AdvicePiece.objects.within(org).filter(
        takeaway__quotable=True, takeaway__session__mentor__in=list(mentor_ids)
    )
    rows = quotable.values_list("takeaway__session__mentor", "pk", "text", "applies_when", "takeaway__written_at")
    return [
        Words(mentor, Evidence.Kind.ANSWER, pk, "", _with_condition(text, when), _language(text), at.date())
        for mentor, pk, text, when, at in rows
    ]


def _language(text: str) -> str:
    """In which language this piece is written; people write in more than their first one."""
    return language_of(text) or "en"


def _with_condition(text: str, when: str) -> str:
    return f"{text} It applies when {when[0].lower()}{when[1:]}" if when else text


def insert(org_id: UUID, pieces: list[Words], vectors) -> None:
    """Keep the pieces in one statement. vectors: an array (n, 384), or None without a model."""
    told = [None] * len(pieces) if vectors is None else ["[" + ",".join(f"{x:.5f}" for x in v) + "]" for v in vectors]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO matching_evidence"
            " (id, org_id, mentor_id, kind, source_id, title, text, language, said_on, words, vector)"
            " SELECT id, %s, mentor, kind, source, title, text, language, said,"
            " to_tsvector('english', unaccent(read)), vector::halfvec(384)"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::text[], %s::text[], %s::text[],"
            " %s::date[], %s::text[], %s::text[])"
            " AS piece(id, mentor, kind, source, title, text, language, said, read, vector)"
            " ON CONFLICT (mentor_id, kind, source_id) DO NOTHING",
            [
                org_id,
                [uuid7() for _ in pieces],
                [p.mentor_id for p in pieces],
                [str(p.kind) for p in pieces],
                [p.source_id for p in pieces],
                [p.title[:200] for p in pieces],
                [p.text[:MOST] for p in pieces],
                [p.language for p in pieces],
                [p.said_on for p in pieces],
                [p.read[:MOST] for p in pieces],
                told,
            ],
        )


@transaction.atomic
def count_words(org_id: UUID) -> int:
    """Count anew in how many pieces each word stands. Returns the number of words.

    The empty word holds the number of pieces, so that one query knows how rare a word is.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM matching_wordcount WHERE org_id = %s", [org_id])
        cursor.execute(
            "INSERT INTO matching_wordcount (org_id, word, pieces)"
            " SELECT %s, left(word, 80), max(ndoc)"
            " FROM ts_stat(format('SELECT words FROM matching_evidence WHERE org_id = %%L', %s::text)) GROUP BY 2"
            " UNION ALL SELECT %s, '', count(*) FROM matching_evidence WHERE org_id = %s",
            [org_id, org_id, org_id, org_id],
        )
        return cursor.rowcount
