"""What others were told: found by words and by meaning, with how often it helped. No name leaves this module."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Least
from pgvector.django import CosineDistance

from quarterhour.core.statements import Statement, joined_as_written, send
from quarterhour.engines.knowledge.helped import Told, told_of
from quarterhour.engines.matching.terms import FEW, telling
from quarterhour.engines.words import tokens
from quarterhour.matching.candidates import as_told
from quarterhour.matching.knowledge.contradicting import NOBODY, Otherwise, said_otherwise
from quarterhour.matching.knowledge_models import SharedPiece, Tried
from quarterhour.matching.reading import Reading, reading_of
from quarterhour.matching.spelling import mended
from quarterhour.needs.models import NeedTopic
from quarterhour.people.models import Person, Topic
from quarterhour.trust.models import Helpfulness

MOST_ASKED, MOST_FOUND = 2_000, 100
NEAR = 0.62  # of 1 - cosine: farther pieces are about something else (docs/algorithms/knowledge.md)
WIDE = 0.8  # the same, for pieces that share one word of several
CLOSE = 0.45  # the same, for "somebody asked something like this"
WORDS_SHARED = 2  # telling words, where meaning does not say that it is near
A_WORD_OR_TWO = 2  # who types no more looks for these very words
YEAR = timedelta(days=365)
LEVELS = ("lived", "expert", "strong")
Parts = list[tuple[str, bool]]


@dataclass(slots=True)
class FoundPiece:
    """A piece as a reader sees it. parts: its words, those that were looked for marked. own: it is the reader's advice.

    mine: the reader's own answer, None where there is none. there: they were in that session. otherwise: who, asked
    the same, may contradict it.
    """

    id: UUID
    parts: Parts
    when: Parts
    language: str
    said_on: date
    level: str
    told: Told
    reasons: list[str]
    mine: bool | None
    my_reason: str
    own: bool
    there: bool
    otherwise: Otherwise = NOBODY


@dataclass(slots=True)
class Facet:
    key: str
    count: int


@dataclass(slots=True)
class Knowledge:
    """What was found. people: how many gave it. meant: the words as they were read, where they were mistyped."""

    pieces: list[FoundPiece]
    facets: list[Facet]
    people: int
    total: int
    meant: str = ""


def look_for(text: str, *, reader: Person, org, only: Sequence[str] = (), now: datetime) -> Knowledge:
    """Pieces about `text` in one organisation, the likeliest first; the latest where nothing is asked.

    A constant number of queries, however many pieces.
    """
    asked = text[:MOST_ASKED].strip()
    meant = mended(asked, org_id=org.pk).text if asked else ""
    reading = reading_of(meant) if meant else None
    rows = _rows(reading, len(meant.split()), SharedPiece.objects.visible_to(reader).filter(org=org))
    pieces = _with_answers(rows, reading, reader, org)
    facets = [Facet(key, sum(_has(each, key, now) for each in pieces)) for key in _keys(pieces, now)]
    kept = [each for each in pieces if all(_has(each, key, now) for key in only)]
    said = {row.pk: row.piece_id for row in rows}
    otherwise = said_otherwise([said[each.id] for each in kept], reader=reader, org=org)
    for each in kept:
        each.otherwise = otherwise.get(said[each.id], NOBODY)
    authors = {row.author for row in rows if row.pk in {each.id for each in kept}}
    return Knowledge(kept, facets, len(authors), len(pieces), meant if meant != asked else "")


def asked_alike(text: str, *, reader: Person, org, chosen: Sequence[str] = ()) -> int:
    """How many people asked something like this and let be found what they were told.

    One query where nothing is close, and a second one that asks who may read it.
    text, chosen: as the ranking read them a moment ago; then the meaning is known, and costs nothing.
    """
    reading = reading_of(text, tuple(chosen))
    near = _close_to(reading, org.pk) if reading.vector is not None else []
    stems = set() if reading.vector is not None else set(reading.stems.values())
    if not (near or stems):
        return 0
    mentee = "piece__takeaway__session__mentee"
    rows = SharedPiece.objects.visible_to(reader).filter(org=org).exclude(**{mentee: reader})
    if near:
        return len({who for (who,) in joined_as_written(rows.filter(pk__in=near).values_list(mentee))})
    found = rows.filter(words=_any_of(reading)).values_list(mentee, "text", "applies_when")[:MOST_FOUND]
    return len({who for who, said, when in found if len(stems & _stems(f"{said} {when}", "en")) >= WORDS_SHARED})


def _close_to(reading: Reading, org_id: UUID) -> list[UUID]:
    """The pieces whose meaning, or whose question's, is close: nothing yet about who may read them."""
    told = as_told(reading.vector)
    return [pk for (pk,) in send(Statement(CLOSEST, [told, told, org_id, CLOSE, MOST_FOUND]))[0].rows]


CLOSEST = (
    "SELECT id FROM (SELECT id, least(vector <=> %s::halfvec, asked <=> %s::halfvec) AS far"
    " FROM matching_sharedpiece WHERE org_id = %s OFFSET 0) AS every WHERE far < %s ORDER BY far LIMIT %s"
)


def own_pieces(author: Person) -> QuerySet[SharedPiece]:
    """What this person shared, in whichever organisation, the latest first. One query."""
    mine = SharedPiece.objects.of_every_tenant(because="their own words, whatever the organisation").of_author(author)
    return mine.select_related("piece__takeaway__session", "org").order_by("-shared_at", "-pk")


def shown_now(rows: Sequence[SharedPiece]) -> set[UUID]:
    """Those of an author's own pieces that others find at this moment. One query."""
    because = "their own words, whatever the organisation"
    mine = SharedPiece.objects.of_every_tenant(because=because).filter(pk__in=[row.pk for row in rows])
    return set(mine.in_force().values_list("pk", flat=True))


def count_own(author: Person, *, org) -> int:
    """How many pieces of this person are shared in an organisation. One query."""
    return SharedPiece.objects.within(org).of_author(author).count()


def _rows(reading: Reading | None, words: int, rows: QuerySet[SharedPiece]) -> list[Any]:
    """The pieces found, best first, each with its author, its session and when its card was written. One query.

    words: how many were typed.
    """
    session = "piece__takeaway__session"
    rows = rows.annotate(
        author=F(f"{session}__mentor"), asker=F(f"{session}__mentee"), session=F(session), need=F(f"{session}__need"),
        written=F("piece__takeaway__written_at"),
    ).defer("vector", "asked", "words", "said")  # fmt: skip
    if reading is None:
        return list(rows.order_by("-shared_at", "-pk")[:MOST_FOUND])
    hit = Q(words=_any_of(reading)) if reading.stems else Q(pk=None)
    if reading.vector is None:
        found = list(rows.filter(hit).order_by("-shared_at", "-pk")[:MOST_FOUND])
    else:
        said = reading.vector.tolist()
        rows = rows.annotate(far=CosineDistance("vector", said), asked_far=CosineDistance("asked", said))
        near = Q(far__lt=NEAR) | Q(asked_far__lt=CLOSE)
        found = list(rows.filter(hit | near).order_by(Least("far", "asked_far"), "pk")[:MOST_FOUND])
    stems = set(reading.stems.values())
    least = min(WORDS_SHARED, len(stems)) if words <= A_WORD_OR_TWO else WORDS_SHARED
    worth = {row.pk: _worth(row, stems, least=least) for row in found}
    kept = [row for row in found if worth[row.pk]]
    return sorted(kept, key=lambda row: (-worth[row.pk], -row.shared_at.timestamp(), str(row.pk)))


def _worth(row, stems: set[str], *, least: int) -> float:
    """How well a piece suits what is looked for, 0.0 to 2.0. least: telling words it has to share where it is far.

    0.0 where one word of several is all they share, and it is about something else.
    """
    shared = len(stems & _stems(f"{row.text} {row.applies_when}", row.language))
    far, asked_far = getattr(row, "far", None), getattr(row, "asked_far", None)
    near = (far is not None and far < NEAR) or (asked_far is not None and asked_far < CLOSE)
    nearest = min((each for each in (far, asked_far) if each is not None), default=0.0)
    if not near and nearest > WIDE and shared < least:
        return 0.0
    return shared / max(FEW, len(stems)) + max(1 - nearest, 0.01)


def _any_of(reading: Reading) -> SearchQuery:
    words = list(reading.stems)
    query = SearchQuery(words[0], config="english")
    for word in words[1:]:
        query |= SearchQuery(word, config="english")
    return query


def _with_answers(rows: Sequence[Any], reading: Reading | None, reader: Person, org) -> list[FoundPiece]:
    """Each with how often it helped, and the reader's own answer. Five queries."""
    tried: dict[UUID, list[Tried]] = defaultdict(list)
    for each in Tried.objects.within(org).filter(shared__in=[row.pk for row in rows]).order_by("pk"):
        tried[each.shared_id].append(each)
    there = Helpfulness.objects.within(org).filter(
        session__in=[row.session for row in rows], rater=F("session__mentee")
    )
    helped = dict(there.values_list("session", "quarters"))
    levels = _levels(rows, org)
    stems = set(reading.stems.values()) if reading else set()
    found = []
    for row in rows:
        answers = tried[row.pk]
        mine = next((each for each in answers if each.person_id == reader.pk), None)
        quarters = helped.get(row.session)
        told = told_of([each.helped for each in answers], in_session=quarters)
        reasons = [each.reason for each in answers if each.reason and not each.helped]
        parts, when = (marked(words, stems, row.language) for words in (row.text, row.applies_when))
        found.append(
            FoundPiece(
                id=row.pk,
                parts=parts,
                when=when,
                language=row.language,
                said_on=row.written.date(),
                level=levels.get((row.author, row.need), ""),
                told=told,
                reasons=told.reasons(reasons),
                mine=None if mine is None else mine.helped,
                my_reason=mine.reason if mine else "",
                own=row.author == reader.pk,
                there=reader.pk in {row.author, row.asker},
            )
        )
    return found


def _levels(rows: Sequence[Any], org) -> dict[tuple[UUID, UUID], str]:
    """How well each author knows what the question was about: "lived", "expert", "strong". One query."""
    needs: dict[str, set[UUID]] = defaultdict(set)
    topics = NeedTopic.objects.within(org).filter(need__in=[row.need for row in rows if row.need])
    for need, skill in topics.values_list("need", "skill"):
        needs[skill].add(need)
    known = Topic.objects.within(org).filter(profile__person__in=[row.author for row in rows], skill__in=list(needs))
    best: dict[tuple[UUID, UUID], str] = {}
    for author, skill, level in known.values_list("profile__person", "skill", "level"):
        for need in needs[skill]:
            before = best.get((author, need))
            if before is None or LEVELS.index(level) < LEVELS.index(before):
                best[author, need] = level
    return best


def marked(text: str, stems: set[str], language: str) -> Parts:
    """`text` in parts, those marked that were looked for."""
    parts: Parts = []
    at = 0
    for token in tokens(text):
        if token.start >= at and telling(token, language) in stems:
            parts += [(text[at : token.start], False), (text[token.start : token.end], True)]
            at = token.end
    return [part for part in [*parts, (text[at:], False)] if part[0]]


def _stems(text: str, language: str) -> set[str]:
    return {stem for token in tokens(text) if (stem := telling(token, language))}


def _keys(pieces: Sequence[FoundPiece], now: datetime) -> list[str]:
    languages = sorted({each.language for each in pieces})
    keys = ["tried", "year", *(f"language-{code}" for code in languages if len(languages) > 1)]
    return [key for key in keys if any(_has(each, key, now) for each in pieces)]


def _has(piece: FoundPiece, key: str, now: datetime) -> bool:
    if key == "tried":
        return piece.told.of > 0
    if key == "year":
        return piece.said_on > (now - YEAR).date()
    return key == f"language-{piece.language}"
