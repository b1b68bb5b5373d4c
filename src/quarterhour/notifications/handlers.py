"""News about sessions, told to people: here only the rows are written, the workers send them.

A reaction may run twice; the unique reason of a row makes the second time nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from quarterhour.advice.queries import is_agreed
from quarterhour.matching.now.events import MentorRung
from quarterhour.notifications import channels, links, outgoing, reasons, reminders
from quarterhour.notifications.models import Notice, SentMail
from quarterhour.notifications.reasons import Reason
from quarterhour.people.models import Person
from quarterhour.sessions.events import SessionEvent
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.queries import was_missed


def send_invitations(event: SessionEvent, *, now: datetime) -> None:
    """Booked: both get the time for their calendars."""
    session = _session(event)
    _mail(reasons.INVITATION, event, session, [session.mentee, session.mentor], now)


def send_new_times(event: SessionEvent, *, now: datetime) -> None:
    """Moved: both calendars move with it."""
    session = _session(event)
    _mail(reasons.MOVED, event, session, [session.mentee, session.mentor], now)


def take_back_invitations(event: SessionEvent, *, now: datetime) -> None:
    """Released: both calendars let go of it. Of a request nobody had answered, only the other side is told."""
    session = _session(event)
    links.stop(session, now=now)
    both = [session.mentee, session.mentor]
    if not _was_booked(session):
        both = [person for person in both if person.pk != session.changed_by_id]
    _mail(reasons.CANCELLED, event, session, both, now)


def ask_the_mentor(event: SessionEvent, *, now: datetime) -> None:
    """Asked: the mentor can answer from the mail."""
    session = _session(event)
    _mail(reasons.ASKED, event, session, [session.mentor], now)


def tell_the_mentee(event: SessionEvent, *, now: datetime) -> None:
    """Declined, or not answered in time: no silence, and a way on."""
    session = _session(event)
    links.stop(session, now=now)
    _mail(reasons.DECLINED, event, session, [session.mentee], now)


def offer_the_card(event: SessionEvent, *, now: datetime) -> None:
    """Over: what was said becomes a card, unless both have one, or nothing was said because somebody did not come."""
    if is_agreed(event.session_id, org_id=event.org_id):
        return
    session = _session(event)
    if was_missed(session):
        return
    _mail(reasons.CARD, event, session, [session.mentee, session.mentor], now)


def tell_of_freed_time(event: SessionEvent, *, now: datetime) -> None:
    """A time came free for somebody who waits: they have a quarter of an hour to say."""
    session = _session(event)
    _mail(reasons.FREED, event, session, [session.mentee], now)


def plan_reminders(event: SessionEvent, *, now: datetime) -> None:
    """Booked, moved or released: who is reminded when, as it stands now."""
    reminders.plan(_session(event), now=now)


def ring_elsewhere(event: MentorRung, *, now: datetime) -> None:
    """A ring, on the devices and programs of whoever is rung. Never by mail: it is over before a mail is read."""
    person = event.mentor_id
    why = str(Reason(reasons.RING, event.ring_id, 0))
    rows = [
        Notice(
            org_id=event.org_id,
            person_id=person,
            reason=why,
            made_at=now,
            due_at=now,
            channel=channel,
            target=target,
        )
        for channel, target in channels.ways_of([person]).elsewhere(person, channels.BOOKINGS)
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    outgoing.wake(mails=0, notices=len(rows))


def _session(event: SessionEvent) -> MentoringSession:
    rows = MentoringSession.objects.within(event.org_id).select_related("mentor", "mentee")
    return rows.get(pk=event.session_id)


def _was_booked(session: MentoringSession) -> bool:
    """Whether anybody was ever invited to it."""
    told = SentMail.objects.within(session.org_id).filter(person__in=[session.mentor_id, session.mentee_id])
    return told.filter(reason__in=reasons.into_calendars(session.pk, session.sequence)).exists()


def _mail(what: str, event: SessionEvent, session: MentoringSession, people: Iterable[Person], now: datetime) -> None:
    reason = Reason(what, session.pk, event.sequence)
    outgoing.tell_people(session.org_id, [each.pk for each in people], reason, now=now)
