"""What two people agreed to have written down while they talk: kept for them, and not for long."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction

from quarterhour.core import audit, retention
from quarterhour.people.models import Person
from quarterhour.sessions import rules
from quarterhour.sessions.models import MentoringSession, SpokenLine

KEPT = timedelta(days=7)  # after the session, where no card was agreed on


def add(session: MentoringSession, person_id: UUID, key: UUID, text: str, now: datetime) -> SpokenLine:
    """Keep one sentence. Sent again with the same key it is the first one."""
    name = _named(session, person_id, key)
    line, _ = SpokenLine.objects.within(session.org_id).get_or_create(
        pk=name, session=session, person_id=person_id, defaults={"org_id": session.org_id, "text": text, "at": now}
    )
    return line


def erase_line(session: MentoringSession, person_id: UUID, key: UUID) -> None:
    """It came when both had ended it already."""
    SpokenLine.objects.within(session.org_id).filter(pk=_named(session, person_id, key)).delete()


def _named(session: MentoringSession, person_id: UUID, key: UUID) -> UUID:
    return uuid5(NAMESPACE_OID, f"said {session.pk} {person_id} {key}")


def count(session: MentoringSession) -> int:
    return SpokenLine.objects.within(session.org_id).filter(session=session).count()


@transaction.atomic
def erase(*, session: MentoringSession, by: Person, now: datetime) -> int:
    """Either of the two wants it gone: at once, for both. Returns how many lines there were. Raises NotFound."""
    rules.check_party(by, session)
    gone = erase_all(session.pk, org_id=session.org_id)
    if gone:
        audit.note(
            act="erased what was said", on=f"session {session.pk}", by=str(by.pk), org_id=session.org_id, now=now
        )
    return gone


def erase_all(session_id: UUID, *, org_id: UUID) -> int:
    """Remove what was said in a session. Returns how many lines there were."""
    gone, _ = SpokenLine.objects.within(org_id).filter(session=session_id).delete()
    return gone


def forget(*, now: datetime) -> int:
    """Remove what nobody made a card of within a week. Returns how many lines."""
    everywhere = SpokenLine.objects.of_every_tenant(because="housekeeping runs for every organisation")
    return retention.forget(everywhere.filter(at__lt=now - KEPT))
