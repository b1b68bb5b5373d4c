"""The links of a session's mails: what each is for, and that a newer mail replaces an older one's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from quarterhour.core import links
from quarterhour.notifications import addresses
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession

MOVE, RELEASE = "move", "release"
ACCEPT, DECLINE, BRIEF = "accept", "decline", "brief"


def family(session_id: UUID, person_id: UUID) -> str:
    """All links one person holds for one session."""
    return f"session {session_id.hex} {person_id.hex}"


@transaction.atomic
def fresh(session: MentoringSession, person: Person, *purposes: str, until: datetime, now: datetime) -> dict[str, str]:
    """New addresses by purpose, for one mail. Those of earlier mails about this session stop working."""
    family_name = family(session.pk, person.pk)
    links.revoke(family_name, now=now)
    subject = {"session": str(session.pk), "person": str(person.pk)}
    made = {}
    for purpose in purposes:
        secret = links.make(purpose, subject, lasts=until - now, now=now, family=family_name, replace=False)
        made[purpose] = addresses.by_mail(purpose, secret)
    return made


def stop(session: MentoringSession, *, now: datetime) -> None:
    """No link of this session works any more, for either of the two."""
    for person_id in (session.mentor_id, session.mentee_id):
        links.revoke(family(session.pk, person_id), now=now)
