"""Where two people meet: in the room here, by a link of their own, or in person. Either of them may say so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quarterhour.core.places import as_written, checked, site
from quarterhour.people.models import Person
from quarterhour.sessions import claims, rules, services
from quarterhour.sessions.events import SessionRelocated
from quarterhour.sessions.models import MentoringSession, Status

__all__ = ["as_written", "meet", "site"]


@transaction.atomic
def meet(*, session: MentoringSession, meets: str, where: str, by: Person, now: datetime) -> MentoringSession:
    """The two meet there from now on, and both hear so. What it is already is no news.

    Raises NotFound for strangers, Invalid with the field for an address that is none, WrongState unless it is booked
    and not over.
    """
    rules.check_party(by, session)
    there = checked(meets, where)
    claims.lock_people(session.mentor_id, session.mentee_id)
    rows = MentoringSession.objects.within(session.org_id).select_for_update(of=("self",), no_key=True)
    session = rows.select_related("mentor", "mentee").get(pk=session.pk)
    rules.check_is(session, Status.CONFIRMED)
    if session.ends_at <= now:
        raise rules.WrongState(rules.SAID[Status.ENDED])
    if {"meets": session.meets, "where": session.where} == there:
        return session
    return services.change_booked(session, SessionRelocated, by=by, now=now, **there)
