"""From a reason to a message: what is still true is written, what is not is overtaken."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

from quarterhour.notifications import invitations, letters, links, post
from quarterhour.notifications.letters import Letter, Scene
from quarterhour.notifications.models import SentMail
from quarterhour.notifications.reasons import (
    ASKED,
    CANCELLED,
    CARD,
    DECLINED,
    IN_CALENDAR,
    INVITATION,
    MOVED,
    Reason,
    into_calendars,
)
from quarterhour.people.queries import is_blocked
from quarterhour.sessions.models import MentoringSession, Status

# A mail is true while its session is in one of these states.
TRUE_WHILE = {
    INVITATION: {Status.CONFIRMED},
    MOVED: {Status.CONFIRMED},
    ASKED: {Status.ASKED},
    CANCELLED: {Status.CANCELLED},
    DECLINED: {Status.DECLINED, Status.EXPIRED},
    CARD: {Status.ENDED},
}
BEFORE_IT_IS_OVER = {INVITATION, MOVED, ASKED}


def message_for(row: SentMail, *, now: datetime) -> EmailMessage | None:
    """The message of this row as things stand, its links made anew; None if it is no longer true.

    Writes links, so it wants no transaction of its own to last over the sending.
    """
    reason = Reason.read(row.reason)
    session = _session(row, reason)
    if session is None or not _still_true(reason, session, row, now):
        return None
    in_calendar = reason.mail in IN_CALENDAR or (reason.mail == CANCELLED and was_in_calendar(row, reason))
    letter = _letter(reason, session, row, in_calendar=in_calendar, now=now)
    calendar = None
    if in_calendar:
        method = invitations.CANCEL if reason.mail == CANCELLED else invitations.REQUEST
        calendar = (invitations.written(invitations.for_person(session, row.person, now=now), method), method)
    return post.built(letter, to=row.person.email, message_id=row.message_id, now=now, calendar=calendar)


def was_in_calendar(row: SentMail, reason: Reason) -> bool:
    """Whether this person was sent this session for their calendar, so that it has to be taken back."""
    told = SentMail.objects.within(row.org_id).filter(person=row.person_id, attempts__gt=0, overtaken_at=None)
    return told.filter(reason__in=into_calendars(reason.session_id, reason.sequence)).exists()


def _session(row: SentMail, reason: Reason) -> MentoringSession | None:
    rows = MentoringSession.objects.within(row.org_id).select_related("mentor", "mentee", "need", "org")
    return rows.filter(pk=reason.session_id).first()


def _still_true(reason: Reason, session: MentoringSession, row: SentMail, now: datetime) -> bool:
    if not row.person.is_active or session.status not in TRUE_WHILE[reason.mail]:
        return False
    if session.sequence != reason.sequence:
        return False  # a newer mail says how things stand
    if reason.mail == ASKED and session.answer_by and session.answer_by <= now:
        return False
    if reason.mail == CARD and is_blocked(session.mentor, session.mentee):
        return False  # nobody is asked to look back together on what one of them ended
    return session.ends_at > now or reason.mail not in BEFORE_IT_IS_OVER


def _letter(reason: Reason, session: MentoringSession, row: SentMail, *, in_calendar: bool, now: datetime) -> Letter:
    made = {}
    if reason.mail in IN_CALENDAR:
        made = links.fresh(session, row.person, links.MOVE, links.RELEASE, until=session.ends_at, now=now)
    elif reason.mail == ASKED:
        until = session.answer_by or session.starts_at
        made = links.fresh(session, row.person, links.ACCEPT, links.BRIEF, links.DECLINE, until=until, now=now)
    scene = Scene(session=session, reader=row.person, now=now, links=made)
    if reason.mail == CANCELLED:
        return letters.cancelled(scene, in_calendar=in_calendar)
    write = {
        INVITATION: letters.invitation,
        MOVED: letters.moved,
        ASKED: letters.asked,
        DECLINED: letters.declined,
        CARD: letters.card,
    }
    return write[reason.mail](scene)
