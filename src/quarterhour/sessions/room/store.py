"""What a room keeps: notes, chat, and the log of who was there. Plain functions for a database thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import IntegrityError, transaction
from pycrdt import merge_updates

from quarterhour.core.ids import uuid7
from quarterhour.core.text import clean
from quarterhour.sessions.models import AttendanceEvent, ChatLine, MentoringSession, Notes, NotesUpdate, Status

SHOWN_LINES = 200


@dataclass(frozen=True)
class Happening:
    """One line of the log before it is written."""

    org_id: UUID
    session_id: UUID
    person_id: UUID
    connection: UUID
    kind: str
    at: datetime
    id: UUID = field(default_factory=uuid7)


def write_happenings(happenings: Sequence[Happening]) -> None:
    """Append to the attendance log, in order. A line that is already there stays as it is.

    Lines of a session that was erased meanwhile have no place any more; they are let go, the others are kept.
    """
    rows = [AttendanceEvent(**vars(happening)) for happening in happenings]
    try:
        AttendanceEvent.objects.bulk_create(rows, ignore_conflicts=True)
    except IntegrityError:
        if len(rows) > 1:
            for happening in happenings:
                write_happenings([happening])


@transaction.atomic
def arrive(happening: Happening) -> bool:
    """Write down that somebody came late, unless the session has ended: under its lock, as `nobody_came` has it.

    Returns whether it goes on.
    """
    rows = MentoringSession.objects.within(happening.org_id).select_for_update(of=("self",), no_key=True)
    goes_on = rows.filter(pk=happening.session_id, status=Status.CONFIRMED).values_list("pk", flat=True).first()
    if goes_on:
        AttendanceEvent.objects.create(**vars(happening))
    return goes_on is not None


def notes_updates(session: MentoringSession) -> list[bytes]:
    """Every kept update of the shared notes, oldest first."""
    rows = NotesUpdate.objects.within(session.org_id).filter(session=session).order_by("pk")
    return [bytes(update) for update in rows.values_list("update", flat=True)]


@transaction.atomic
def keep_notes(session: MentoringSession, update: bytes, text: str, now: datetime) -> None:
    """Append an update and refresh the text that cards and pages read."""
    NotesUpdate.objects.create(org_id=session.org_id, session=session, update=update, at=now)
    Notes.objects.within(session.org_id).update_or_create(
        session=session, defaults={"org_id": session.org_id, "text": clean(text), "saved_at": now}
    )


@transaction.atomic
def squash_notes(session: MentoringSession, now: datetime) -> int:
    """Make one update of the kept ones. Returns how many there were.

    It reads what it merges under a lock and removes nothing else, so an update another process appends
    meanwhile stays.
    """
    rows = NotesUpdate.objects.within(session.org_id).filter(session=session).order_by("pk")
    kept = list(rows.select_for_update().values_list("pk", "update"))
    if len(kept) > 1:
        merged = merge_updates(*[bytes(update) for _, update in kept])
        NotesUpdate.objects.create(org_id=session.org_id, session=session, update=merged, at=now)
        NotesUpdate.objects.within(session.org_id).filter(pk__in=[pk for pk, _ in kept]).delete()
    return len(kept)


def chat_lines(session: MentoringSession) -> list[ChatLine]:
    """The last lines of the chat with who wrote them, oldest first."""
    rows = ChatLine.objects.within(session.org_id).filter(session=session).order_by("-at", "-pk")
    return list(rows.select_related("person")[:SHOWN_LINES])[::-1]


def add_line(session: MentoringSession, person_id: UUID, key: UUID, text: str, now: datetime) -> tuple[ChatLine, bool]:
    """Keep one line of the chat. A line sent again with the same key is the first one, and False."""
    name = uuid5(NAMESPACE_OID, f"{session.pk} {person_id} {key}")
    return ChatLine.objects.within(session.org_id).get_or_create(
        pk=name,
        session=session,
        person_id=person_id,
        defaults={"org_id": session.org_id, "text": text, "at": now},
    )


def count_lines(session: MentoringSession) -> int:
    return ChatLine.objects.within(session.org_id).filter(session=session).count()
