"""From a reason to a message: what is still true is written, what is not is overtaken."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

from quarterhour.engines.reminding import worth_until
from quarterhour.matching.handing_over import others_near
from quarterhour.notifications import (
    action_reminders,
    along,
    asking_letters,
    attendance,
    deciding,
    following_letters,
    following_up,
    invitations,
    letters,
    links,
    longer,
    off_call,
    places,
    post,
    prospects,
    reminders,
    reports,
    writing,
)
from quarterhour.notifications.attempts import NotNow
from quarterhour.notifications.letters import Letter, Scene
from quarterhour.notifications.models import Outgoing, SentMail
from quarterhour.notifications.reasons import (
    ACTION_DUE,
    ASKED,
    CANCELLED,
    CARD,
    DECLINED,
    FOLLOW_UP,
    FREED,
    IN_CALENDAR,
    IN_WRITING,
    INVITATION,
    KIND_OF,
    LONGER,
    LOOK_BACK,
    MISSED,
    MOVED,
    NUDGE,
    OF_REPORTS,
    OFF_CALL,
    OFFERED,
    PASSED,
    RELOCATED,
    REMIND_DAY,
    REMIND_SOON,
    SETTLED,
    SHOWN,
    THANKED,
    UNANSWERED,
    WITH_COMPANIONS,
    WORKED,
    Reason,
    into_calendars,
)
from quarterhour.people.queries import is_blocked
from quarterhour.sessions import queries
from quarterhour.sessions.coming import said_by
from quarterhour.sessions.models import MentoringSession, Status

# A mail is true while its session is in one of these states.
TRUE_WHILE = {
    INVITATION: {Status.CONFIRMED},
    MOVED: {Status.CONFIRMED},
    LONGER: {Status.CONFIRMED, Status.ENDED},
    RELOCATED: {Status.CONFIRMED},
    ASKED: {Status.ASKED},
    NUDGE: {Status.ASKED},
    OFFERED: {Status.ASKED},
    PASSED: {Status.DECLINED},
    THANKED: {Status.THANKED},
    UNANSWERED: {Status.EXPIRED},
    CANCELLED: {Status.CANCELLED},
    DECLINED: {Status.DECLINED, Status.EXPIRED},
    CARD: {Status.ENDED},
    MISSED: {Status.ENDED},
    SETTLED: {Status.ENDED},
    WORKED: {Status.ENDED},
    FREED: {Status.HELD},
    REMIND_DAY: {Status.CONFIRMED},
    REMIND_SOON: {Status.CONFIRMED},
}
BEFORE_IT_IS_OVER = {INVITATION, MOVED, RELOCATED, ASKED}
TO_ANSWER = {ASKED, NUDGE, OFFERED}
# What is written elsewhere, because it is not about a session and how it stands.
ABOUT_NO_SESSION = (
    {prospects.FOUND: prospects.message_for, OFF_CALL: off_call.message_for}
    | dict.fromkeys(OF_REPORTS, reports.message_for)
    | dict.fromkeys((LOOK_BACK, SHOWN), deciding.message_for)
    | dict.fromkeys(IN_WRITING, writing.message_for)
    | dict.fromkeys(WITH_COMPANIONS, along.message_for)
    | {FOLLOW_UP: following_letters.message_for, ACTION_DUE: action_reminders.message_for}
)
NOT_AT_NIGHT = {REMIND_DAY, NUDGE, WORKED}
BACK_LASTS = timedelta(days=60)
INSTEAD_LASTS = timedelta(days=7)


def message_for(row: SentMail, *, now: datetime) -> EmailMessage | None:
    """The message of this row as things stand, its links made; None if it is no longer true.

    Writes links, so it wants no transaction of its own to last over the sending. Raises NotNow in quiet hours.
    """
    reason = Reason.read(row.reason)
    if reason.mail in ABOUT_NO_SESSION:
        return ABOUT_NO_SESSION[reason.mail](row, now=now)
    session = true_session(reason, row, now=now)
    if session is None:
        return None
    in_calendar = reason.mail in IN_CALENDAR or (reason.mail == CANCELLED and was_in_calendar(row, reason))
    scene = Scene(session=session, reader=row.person, now=now, links=_links(reason, session, row, now))
    letter = letter_for(reason, scene, in_calendar=in_calendar)
    calendar = None
    if in_calendar:
        method = invitations.CANCEL if reason.mail == CANCELLED else invitations.REQUEST
        calendar = (invitations.written(invitations.for_person(session, row.person, now=now), method), method)
    return post.built(letter, to=row.person.email, message_id=row.message_id, now=now, calendar=calendar)


def true_session(reason: Reason, row: Outgoing, *, now: datetime) -> MentoringSession | None:
    """The session this is about, if it is still worth telling. Raises NotNow if it is, and not at this hour."""
    session = _session(row, reason)
    if session is None or not _still_true(reason, session, row, now):
        return None
    if reason.mail in NOT_AT_NIGHT and (later := reminders.when_awake(row.person, now=now)) > now:
        raise NotNow(later)
    return session


def was_in_calendar(row: SentMail, reason: Reason) -> bool:
    """Whether this person was sent this session for their calendar, so that it has to be taken back."""
    told = SentMail.objects.within(row.org_id).filter(person=row.person_id, attempts__gt=0, overtaken_at=None)
    return told.filter(reason__in=into_calendars(reason.session_id, reason.sequence)).exists()


def _session(row: Outgoing, reason: Reason) -> MentoringSession | None:
    rows = MentoringSession.objects.within(row.org_id).select_related("mentor", "mentee", "need", "org")
    return rows.filter(pk=reason.session_id).first()


def _still_true(reason: Reason, session: MentoringSession, row: Outgoing, now: datetime) -> bool:
    newer = session.sequence != reason.sequence  # another mail says how things stand
    if newer or not row.person.is_active or session.status not in TRUE_WHILE[reason.mail]:
        return False
    if reason.mail in TO_ANSWER and session.answer_by and session.answer_by <= now:
        return False
    if reason.mail in {ASKED, NUDGE} and queries.offered(session):
        return False  # answered, by other times
    if reason.mail in {MISSED, SETTLED}:
        return attendance.is_true(reason, session)
    if reason.mail in {CARD, WORKED} and is_blocked(session.mentor, session.mentee):
        return False  # nobody is asked to look back together on what one of them ended, nor thanked for it
    if reason.mail in {FREED, WORKED}:
        return session.held_until > now if reason.mail == FREED else following_up.helped_later(session)
    if reason.mail in KIND_OF:
        return now < worth_until(KIND_OF[reason.mail], session.starts_at)
    return session.ends_at > now or reason.mail not in BEFORE_IT_IS_OVER


def _links(reason: Reason, session: MentoringSession, row: SentMail, now: datetime) -> dict[str, str]:
    purposes: tuple[str, ...] = ()
    until = session.ends_at
    if reason.mail in KIND_OF:
        purposes = (links.COMING, links.MOVE, links.RELEASE)
    elif reason.mail in IN_CALENDAR and reason.mail != LONGER:
        purposes = (links.MOVE, links.RELEASE)
    elif reason.mail in TO_ANSWER:
        until = session.answer_by or session.starts_at
        answers = (links.ACCEPT, links.BRIEF, links.DECLINE, links.OTHER_TIME, links.PASS_ON)
        purposes = (links.CHOOSE,) if reason.mail == OFFERED else answers
    elif reason.mail == PASSED:
        until, purposes = now + INSTEAD_LASTS, (links.INSTEAD,)
    elif reason.mail == UNANSWERED:
        return links.fresh(session, row.person, links.BACK, until=now + BACK_LASTS, now=now, letter=row.pk, kin="back ")
    elif reason.mail == FREED:
        until, purposes = session.held_until, (links.TAKE, links.NOT_THIS)
    if not purposes:
        return {}
    return links.fresh(session, row.person, *purposes, until=until, now=now, letter=row.pk)


def letter_for(reason: Reason, scene: Scene, *, in_calendar: bool) -> Letter:
    """What is said for this reason, with the links the scene brings along."""
    if reason.mail == CANCELLED:
        return letters.cancelled(scene, in_calendar=in_calendar, **_in_its_place(scene))
    if reason.mail in KIND_OF:
        return letters.reminder(scene, expected=said_by(scene.session))
    write = {
        INVITATION: letters.invitation,
        MOVED: letters.moved,
        LONGER: longer.letter,
        RELOCATED: places.letter,
        ASKED: letters.asked,
        DECLINED: letters.declined,
        CARD: letters.card,
        NUDGE: asking_letters.nudge,
        OFFERED: asking_letters.offered,
        PASSED: asking_letters.passed,
        THANKED: asking_letters.thanked,
        UNANSWERED: asking_letters.unanswered,
        FREED: letters.freed,
        MISSED: attendance.missed,
        SETTLED: attendance.settled,
        WORKED: following_letters.worked,
    }
    return write[reason.mail](scene)


def _in_its_place(scene: Scene) -> dict:
    """What a mentee whose mentor cannot come is told of besides: who took the time over, or three times of others."""
    session = scene.session
    if session.changed_by_id != session.mentor_id:
        return {}
    later = MentoringSession.objects.within(session.org_id).filter(instead_of=session).select_related("mentor").first()
    if later is not None:
        return {"taken_by": later.mentor}
    return {} if scene.is_mentor else {"others": others_near(session, now=scene.now)}
