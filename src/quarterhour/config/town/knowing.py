"""What the town knows: advice its people let be found, and what came of trying it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.db import connection

from quarterhour.advice.models import AdvicePiece
from quarterhour.core.models import Organisation
from quarterhour.matching.knowledge.cleaning import cleaned, language_for
from quarterhour.matching.knowledge_models import KnowledgeConsent, SharedPiece, Tried
from quarterhour.people.models import Membership

SHARED = 0.7  # of the advice that may be quoted
READERS = (0, 0, 1, 2, 3, 4, 5, 6, 8, 9, 12)
BATCH = 500
NOT_FOR = (
    "Not where the deadline is set from outside.",
    "Our team was too small for it.",
    "It came too late for us.",
    "My boss had already decided.",
    "It needs somebody who backs you.",
)


def share(*, now: datetime, seed: int) -> int:
    """Let be found what may be quoted and needs no cleaning, with the answers of readers. Returns how many pieces.

    Words in doubt would wait for their author, and an author of the town reads nothing over. Meaning was read when the
    same advice became evidence, and that of its question when it became a past need.
    """
    rng = Random(f"knowing {seed}")
    kept = 0
    for org in Organisation.objects.order_by("pk"):
        rows = AdvicePiece.objects.within(org).filter(takeaway__quotable=True).order_by("pk")
        rows = rows.select_related("takeaway__session__mentor", "takeaway__session__mentee")
        pieces = [piece for piece in rows if rng.random() < SHARED and _needs_nothing(piece, org)]
        members = list(Membership.objects.filter(org=org).order_by("pk").values_list("person", flat=True))
        KnowledgeConsent.objects.bulk_create(_consents(pieces, org, rng), BATCH)
        shared = SharedPiece.objects.bulk_create([_shared(piece, org, rng) for piece in pieces], BATCH)
        tried = [row for each in shared for row in _tried(each, members, rng, now)]
        Tried.objects.bulk_create(tried, BATCH)
        kept += len(shared)
    _read()
    return kept


def _needs_nothing(piece: AdvicePiece, org: Organisation) -> bool:
    session = piece.takeaway.session
    names = [session.mentor.name, session.mentee.name]
    return all(
        cleaned(text, names=names, org=org, places=(), keep=()).text == text
        for text in (piece.text, piece.applies_when)
    )


def _consents(pieces: Iterable[AdvicePiece], org: Organisation, rng: Random) -> list[KnowledgeConsent]:
    cards = {piece.takeaway_id: piece.takeaway for piece in pieces}
    return [
        KnowledgeConsent(id=_key(rng), org=org, takeaway=card, person=person, version=card.version, at=card.written_at)
        for card in cards.values()
        for person in (card.session.mentor, card.session.mentee)
    ]


def _shared(piece: AdvicePiece, org: Organisation, rng: Random) -> SharedPiece:
    return SharedPiece(
        id=_key(rng), org=org, piece=piece, said=piece.text, said_when=piece.applies_when, text=piece.text,
        applies_when=piece.applies_when, language=language_for(piece.text),
        shared_at=piece.takeaway.written_at + timedelta(hours=1),
    )  # fmt: skip


def _tried(shared: SharedPiece, members: list[UUID], rng: Random, now: datetime) -> list[Tried]:
    session = shared.piece.takeaway.session
    others = [each for each in members if each not in {session.mentor_id, session.mentee_id}]
    readers = rng.sample(others, min(rng.choice(READERS), len(others)))
    helps = rng.betavariate(5, 2)
    said = [(reader, rng.random() < helps, rng.choice(NOT_FOR)) for reader in readers]
    at = min(now, shared.shared_at + timedelta(days=1))
    return [
        Tried(
            id=_key(rng),
            org_id=shared.org_id,
            shared=shared,
            person_id=who,
            helped=helped,
            reason="" if helped else reason,
            at=at,
        )
        for who, helped, reason in said
    ]


def _key(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)


def _read() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE matching_sharedpiece s SET"
            " words = to_tsvector('english', unaccent(s.text || '. ' || s.applies_when)),"
            " vector = (SELECT e.vector FROM matching_evidence e WHERE e.kind = 'answer' AND e.source_id = s.piece_id"
            " LIMIT 1),"
            " asked = (SELECT p.vector FROM matching_pastneed p JOIN advice_takeaway t ON t.session_id = p.session_id"
            " JOIN advice_advicepiece a ON a.takeaway_id = t.id WHERE a.id = s.piece_id LIMIT 1)"
        )
