"""The links of a session's mails: what each is for, and that a newer mail replaces an older one's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from quarterhour.core import links
from quarterhour.core.ids import uuid7
from quarterhour.notifications import addresses
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession

COMING, MOVE, RELEASE = "coming", "move", "release"
ACCEPT, DECLINE, BRIEF = "accept", "decline", "brief"
OTHER_TIME, PASS_ON = "other-time", "pass-on"  # for the mentor who was asked
CHOOSE, INSTEAD = "choose", "ask-instead"  # for whoever asked
BACK = "back"  # for a mentor whose silence paused them
TAKE, NOT_THIS = "take", "next"  # for whoever waits for a freed time


def family(session_id: UUID, person_id: UUID) -> str:
    """All links one person holds for one session."""
    return f"session {session_id.hex} {person_id.hex}"


def fresh(
    session: MentoringSession,
    person: Person,
    *purposes: str,
    until: datetime,
    now: datetime,
    letter: UUID | None = None,
    kin: str = "",
) -> dict[str, str]:
    """Addresses by purpose, for one mail. Those of earlier mails about this session stop working.

    letter: key of the mail; None for one that is not kept. The same mail has the same addresses however often it
    is written, so that of two copies that arrive after a crash either works.
    kin: a word for links that live on when those of the session are stopped.
    """
    subject = {"session": str(session.pk), "person": str(person.pk)}
    key = letter or uuid7()
    made = {purpose: links.secret_of(key, purpose) for purpose in purposes}
    links.make_again(made, subject, lasts=until - now, now=now, family=f"{kin}{family(session.pk, person.pk)}")
    return {purpose: addresses.by_mail(purpose, secret) for purpose, secret in made.items()}


def stop(session: MentoringSession, *, now: datetime) -> None:
    """No link of this session works any more, for either of the two."""
    for person_id in (session.mentor_id, session.mentee_id):
        links.revoke(family(session.pk, person_id), now=now)
