"""Ten more minutes: offered by one in the last three, taken once the other agrees and both are free."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from quarterhour.availability.calendar_queries import is_busy_elsewhere
from quarterhour.core.errors import Changed
from quarterhour.engines.agenda import CUE_MINUTES
from quarterhour.sessions import claims, rules, services
from quarterhour.sessions.events import SessionExtended
from quarterhour.sessions.models import MentoringSession, Status, TimeClaim

OFFERED_WITHIN = timedelta(minutes=CUE_MINUTES)


class NoMoreTime(Changed):
    """There are no further minutes to be had, or not now."""


def until(session: MentoringSession) -> datetime:
    """When it would end."""
    return session.ends_at + timedelta(minutes=settings.POLICY["more"])


def check_free(session: MentoringSession, *, now: datetime) -> None:
    """Raises NoMoreTime, saying why, unless ten more minutes can be offered at this moment. Three queries at most.

    Only time that is taken counts: both agree in person, so hours offered, buffers and caps do not.
    """
    rules.check_is(session, Status.CONFIRMED)
    if not session.ends_at - OFFERED_WITHIN <= now < session.ends_at:
        raise NoMoreTime("More time can be offered in the last three minutes.")
    longest = max(settings.POLICY["lengths"])
    if session.minutes + settings.POLICY["more"] > longest:
        raise NoMoreTime(f"A session is {longest} minutes long at most. Book another one for the rest.")
    after = (session.ends_at, until(session))
    taken = TimeClaim.objects.filter(person__in=[session.mentor_id, session.mentee_id], during__overlap=after)
    held = taken.exclude(session=session).exclude(session__status=Status.HELD, session__held_until__lte=now)
    taken_people = set(held.values_list("person", flat=True))
    if not taken_people and is_busy_elsewhere(session.mentor_id, after):
        taken_people = {session.mentor_id}
    if taken_people:
        who = session.mentor if session.mentor_id in taken_people else session.mentee
        raise NoMoreTime(f"{who.first_name} has something else right after, so it ends in time.")


@transaction.atomic
def extend(*, session_id: UUID, org_id: UUID, ends_at: datetime, agreed_by: UUID, now: datetime) -> MentoringSession:
    """Both agreed: the session ends ten minutes later, for both or for neither.

    ends_at: the end both had before them; agreed twice, it is extended once.
    Raises NoMoreTime or WrongState. The exclusion constraint has the last word.
    """
    rows = MentoringSession.objects.within(org_id).select_related("mentor", "mentee")
    session = rows.get(pk=session_id)
    claims.lock_people(session.mentor_id, session.mentee_id)
    claims.forget_run_out(session.mentor_id, session.mentee_id, now=now)
    session = rows.select_for_update(of=("self",), no_key=True).get(pk=session_id)
    if session.ends_at != ends_at:
        raise NoMoreTime("It was given more time already.")
    check_free(session, now=now)
    if not claims.prolong(session.pk, until(session)):
        raise NoMoreTime("That time was just taken, so it ends in time.")
    by = session.mentor if agreed_by == session.mentor_id else session.mentee
    span = DateTimeTZRange(session.starts_at, until(session))
    return services.change_booked(session, SessionExtended, by=by, now=now, span=span)
