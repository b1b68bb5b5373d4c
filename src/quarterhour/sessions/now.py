"""A conversation that begins at this moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from quarterhour.core import events
from quarterhour.core.errors import Changed, NotAllowed
from quarterhour.core.statements import send
from quarterhour.needs.models import Need
from quarterhour.people.models import Person
from quarterhour.sessions import claims, first_yes, queries, writing
from quarterhour.sessions.events import SessionConfirmed
from quarterhour.sessions.models import MentoringSession, Status


@transaction.atomic
def talk_now(*, need: Need, mentor: Person, minutes: int, now: datetime) -> MentoringSession:
    """Begin a session of these two at the present minute, booked and open. No hours are asked for, and nobody is asked
    first: the mentor was rung and said yes. Whoever else was asked is let go with thanks, as by any first yes.

    Raises Changed if one of them is taken within `minutes`, NotAllowed if the two never meet.
    """
    mentee, start = need.mentee, now.replace(second=0, microsecond=0)
    end = now + timedelta(minutes=minutes)
    claims.lock_people(mentor.pk, mentee.pk)
    claims.forget_holds(mentor.pk, mentee.pk, now=now)
    given = {"mentee_id": mentee.pk, "org_id": need.org_id, "need_id": need.pk}
    terms = queries.terms_of(mentor.pk, **given, since=start.date())
    if terms is None or not terms.is_active or terms.barred or mentor.pk == mentee.pk:
        raise NotAllowed(f"{mentor.called} does not offer time here. Your question is saved.")
    session = MentoringSession(
        org_id=need.org_id, need=need, mentor=mentor, mentee=mentee, created_at=now, changed_by=mentor,
        status=Status.CONFIRMED, span=DateTimeTZRange(start, end),
    )  # fmt: skip
    told = SessionConfirmed(org_id=session.org_id, session_id=session.pk, sequence=0)
    instead = writing.making_way(need.pk, mentor.pk, now=now)
    thanked, kept, let_go, *_ = send(
        first_yes.letting_go(need.pk), claims.keeping(session), instead, events.written(told, now=now)
    )
    if kept.count != 2:  # noqa: PLR2004 - one claim for each of the two
        raise Changed("One of the two is booked within the next minutes, so this conversation cannot begin now.")
    first_yes.tell(thanked.rows, org_id=session.org_id, now=now)
    writing.tell_made_way(let_go.rows, org_id=session.org_id, now=now)
    session._state.adding = False  # noqa: SLF001 - it is written
    return session
