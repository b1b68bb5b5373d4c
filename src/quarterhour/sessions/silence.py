"""Mentors who let requests run out: after two in a row nobody finds them, until one press brings them back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from quarterhour.core import audit
from quarterhour.people import rules as people_rules
from quarterhour.people import services as people
from quarterhour.people.models import Person, Profile
from quarterhour.sessions.models import Ask, MentoringSession, Silence


def heard(mentor_id, *, org_id) -> None:
    """The mentor answered something, whatever it was: the count begins anew."""
    Silence.objects.within(org_id).filter(mentor=mentor_id, in_a_row__gt=0).update(in_a_row=0)


def ran_out(session: MentoringSession, *, now: datetime) -> bool:
    """Nobody answered this request. Whether that paused the mentor. Within the transaction that lets it run out.

    Not counted: a request its mentor answered with other times, and one they had less than three hours to answer.
    """
    ask = Ask.objects.within(session.org_id).filter(session=session).first()
    asked_at = session.asked_at or session.created_at
    had = (session.answer_by or session.starts_at) - asked_at
    if (ask and ask.offered) or had < timedelta(minutes=settings.POLICY["fair_to_answer"]):
        return False
    pauses = missed(session, now=now)
    if pauses:
        Ask.objects.within(session.org_id).update_or_create(
            session=session, defaults={"org_id": session.org_id, "paused": True}
        )
    return pauses


def missed(session: MentoringSession, *, now: datetime) -> bool:
    """Somebody waited for this mentor in vain, for an answer or in the room. Whether that paused the mentor."""
    rows = Silence.objects.within(session.org_id)
    rows.get_or_create(mentor_id=session.mentor_id, defaults={"org_id": session.org_id})
    silence = rows.select_for_update(of=("self",)).get(mentor=session.mentor_id)
    silence.in_a_row += 1
    pauses = silence.in_a_row >= settings.POLICY["silent_asks"]
    if pauses:
        pauses = _pause(session, now=now)
        silence.in_a_row, silence.paused_at = 0, now if pauses else silence.paused_at
    silence.save()
    return pauses


def _pause(session: MentoringSession, *, now: datetime) -> bool:
    """Nobody finds this mentor any more. False for somebody who is away already, or offers no time now."""
    today = now.date()
    mine = Profile.objects.within(session.org_id).mentors().not_paused(today)
    if not mine.filter(person=session.mentor_id).exists():
        return False
    people.pause(
        person=session.mentor, org=session.org, until=today + people_rules.LONGEST_PAUSE, now=now, today=today
    )  # fmt: skip
    audit.note(
        act="paused for silence", on=f"person {session.mentor_id}", by="timer", org_id=session.org_id, now=now
    )  # fmt: skip
    return True


def is_paused_for_it(mentor: Person, *, org) -> bool:
    """Whether it was silence that paused them, for a page that says why."""
    return Silence.objects.visible_to(mentor).filter(org=org, paused_at__isnull=False).exists()


@transaction.atomic
def come_back(mentor: Person, *, org, now: datetime) -> None:
    """One press, and people find this mentor again. Pressed by somebody who is back already, nothing happens."""
    Silence.objects.within(org).filter(mentor=mentor).update(in_a_row=0, paused_at=None)
    if Profile.objects.within(org).filter(person=mentor, paused_until__isnull=False).exists():
        people.resume(person=mentor, org=org, now=now)
