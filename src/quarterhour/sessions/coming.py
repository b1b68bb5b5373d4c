"""“I will be there”: said by either of the two, seen by both, until the session moves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from quarterhour.core import events
from quarterhour.people.models import Person
from quarterhour.sessions import rules
from quarterhour.sessions.events import SessionExpected
from quarterhour.sessions.models import Coming, MentoringSession, Status


@transaction.atomic
def say_coming(*, session: MentoringSession, by: Person, now: datetime) -> MentoringSession:
    """`by` will be there, at the time it has now. Saying it twice is no mistake.

    Raises NotFound for strangers, WrongState unless it is booked and not over.
    """
    rules.check_party(by, session)
    rows = MentoringSession.objects.within(session.org_id).select_for_update(of=("self",))
    session = rows.select_related("mentor", "mentee", "need", "org").get(pk=session.pk)
    rules.check_is(session, Status.CONFIRMED)
    if session.ends_at <= now:
        raise rules.WrongState(rules.SAID[Status.ENDED])
    word = {"session": session, "person": by, "sequence": session.sequence}
    _, new = Coming.objects.within(session.org_id).get_or_create(
        **word, defaults={"org_id": session.org_id, "said_at": now}
    )
    if new:
        told = SessionExpected(org_id=session.org_id, session_id=session.pk, sequence=session.sequence, person_id=by.pk)
        events.publish(told, now=now)
    return session


def said_by(session: MentoringSession) -> set[UUID]:
    """Who of the two said that they will be there, at the time it has now."""
    words = Coming.objects.within(session.org_id).filter(session=session, sequence=session.sequence)
    return set(words.values_list("person_id", flat=True))
