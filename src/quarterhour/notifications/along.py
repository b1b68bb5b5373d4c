"""Mail about who comes along: an address is asked, the other one of the two hears, calendars of guests follow.

The address that is asked may belong to nobody here yet, so that mail is a job with the key of its row; everybody
else is told as always. The question stands in none of these mails: it is shown in the room.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from smtplib import SMTPRecipientsRefused

import structlog
from django.conf import settings
from django.db import transaction

from quarterhour.core import links
from quarterhour.notifications import addresses, along_letters, breaker, invitations, outgoing, post, sending, tasks
from quarterhour.notifications.letters import Letter
from quarterhour.notifications.models import Outgoing, SentMail
from quarterhour.notifications.reasons import ALONG, ALONG_OFF, BROUGHT, Reason
from quarterhour.people.models import Person
from quarterhour.sessions import companions, rules
from quarterhour.sessions.events import CompanionEvent, SessionEvent
from quarterhour.sessions.models import Companion, MentoringSession, Status

log = structlog.get_logger(__name__)
PEOPLE = ("session__mentor", "session__mentee", "session__org", "brought_by", "person")


# --- what happened -----------------------------------------------------------------------------------


def ask(event: CompanionEvent, *, now: datetime) -> None:
    """The address hears that it is asked along. Told twice, the same message goes out once more."""
    _ask_soon(Companion.objects.within(event.org_id).get(pk=event.companion_id))


def tell_the_other(event: CompanionEvent, *, now: datetime) -> None:
    """The other one of the two hears at once who is brought along."""
    row = _of(event.org_id).get(pk=event.companion_id)
    other = row.session.other(row.brought_by)
    outgoing.tell_people(event.org_id, [other.pk], Reason(BROUGHT, row.pk, 0), now=now)


def send_calendar(event: CompanionEvent, *, now: datetime) -> None:
    """Who accepted gets the time for their calendar."""
    row = _of(event.org_id).get(pk=event.companion_id)
    outgoing.tell_people(event.org_id, [row.person_id], Reason(ALONG, row.pk, event.sequence), now=now)


def take_back(event: CompanionEvent, *, now: datetime) -> None:
    """Who is out hears it, and their calendar lets go of it; who had not accepted hears nothing more."""
    row = _of(event.org_id).get(pk=event.companion_id)
    if row.person_id:
        outgoing.tell_people(event.org_id, [row.person_id], Reason(ALONG_OFF, row.pk, event.sequence), now=now)


def follow(event: SessionEvent, *, now: datetime) -> None:
    """Moved, met elsewhere, or released: who comes along hears it, and who is asked still is asked for the new time."""
    for row in _of(event.org_id).in_force().filter(session=event.session_id):
        off = row.session.status == Status.CANCELLED
        if row.person_id:
            why = Reason(ALONG_OFF if off else ALONG, row.pk, event.sequence)
            outgoing.tell_people(event.org_id, [row.person_id], why, now=now)
        elif not off:
            _ask_soon(row)


# --- asking an address -------------------------------------------------------------------------------


def _ask_soon(row: Companion) -> None:
    # The worker defers on a connection of its own: a job made before the row commits would find nothing.
    transaction.on_commit(lambda: tasks.ask_along.defer(companion_id=str(row.pk)))


def send(companion_id: str, *, now: datetime) -> bool:
    """Ask one address, if it is still to be asked. Returns whether it went out.

    Raises breaker.Away while the server is to be left in peace, and what it raises otherwise: its job tries again.
    """
    rows = Companion.objects.of_every_tenant(because="mail of all organisations leaves by one door")
    row = rows.select_related(*PEOPLE).filter(pk=companion_id).first()
    message = row and asking(row, now=now)
    if not message:
        return False
    if not breaker.may_try(now=now):
        raise breaker.Away
    try:
        with breaker.watched(now=now):
            post.hand_over(message)
    except SMTPRecipientsRefused as refused:
        if not sending.refused_for_good(refused):
            raise
        log.warning("companion_refused")
        return False
    return True


def asking(row: Companion, *, now: datetime) -> EmailMessage | None:
    """The message as things stand, with its link; None once they accepted, were refused, or it is over.

    Nor is anybody asked into a room with somebody they never meet; nobody is told so.
    """
    session = row.session
    if row.out_at or row.person_id or session.status != Status.CONFIRMED or session.ends_at <= now:
        return None
    known = Person.objects.filter(email__iexact=row.email).first()
    if known and (not known.is_active or companions.is_apart(known, session)):
        return None
    key = f"{row.pk}.{session.sequence}"
    secret = links.secret_of(key, ALONG)
    lasts = rules.lobby_closes(session) - now
    links.make_again({ALONG: secret}, {"companion": str(row.pk)}, lasts=lasts, now=now, family=companions.family(row))
    letter = along_letters.asked(
        row, zone=(known or row.brought_by).zone, link=addresses.by_mail(ALONG, secret), now=now
    )
    return post.built(letter, to=row.email, message_id=post.message_id(key), now=now)


# --- telling people ----------------------------------------------------------------------------------


def message_for(row: SentMail, *, now: datetime) -> EmailMessage | None:
    """The message as things stand; None once it is no longer true."""
    letter = letter_for(row, now=now)
    if letter is None:
        return None
    reason = Reason.read(row.reason)
    calendar = None
    if reason.mail != BROUGHT:
        method = invitations.REQUEST if reason.mail == ALONG else invitations.CANCEL
        found = _of(row.org_id).get(pk=reason.session_id)
        calendar = (invitations.written(invitation(found, reason, now=now), method), method)
    return post.built(letter, to=row.person.email, message_id=row.message_id, now=now, calendar=calendar)


def letter_for(row: Outgoing, *, now: datetime) -> Letter | None:
    """What is said; None for what is not true any more."""
    reason = Reason.read(row.reason)
    found = _of(row.org_id).filter(pk=reason.session_id).first()
    if found is None or not row.person.is_active or not _still_true(reason, found, row.person, now):
        return None
    write = {BROUGHT: along_letters.brought, ALONG: along_letters.comes, ALONG_OFF: along_letters.off}[reason.mail]
    return write(found, reader=row.person, now=now)


def session_of(row: Outgoing) -> MentoringSession:
    """The session a notice of these is about."""
    return _of(row.org_id).get(pk=Reason.read(row.reason).session_id).session


def invitation(row: Companion, reason: Reason, *, now: datetime) -> invitations.Invitation:
    """What the calendar of somebody who comes along is told: who and when, neither question nor mail address."""
    session = row.session
    opens = settings.POLICY["lobby_opens"]
    taken_back = reason.mail == ALONG_OFF
    return invitations.Invitation(
        uid=f"{row.pk}@quarterhour",
        sequence=2 * reason.sequence + taken_back,
        stamp=now,
        start=session.starts_at,
        end=session.ends_at,
        organizer=invitations.organizer(),
        attendees=((row.person.called, row.person.email),),
        summary=along_letters.summary(row),
        text=f"The room, open {opens} minutes before: {addresses.room(session)}",
        url=addresses.room(session),
        location=invitations.where_told(session),
    )


def _still_true(reason: Reason, row: Companion, reader: Person, now: datetime) -> bool:
    session = row.session
    booked = session.status == Status.CONFIRMED and session.ends_at > now
    if reason.mail == ALONG_OFF:
        off = row.out_at is not None or session.status == Status.CANCELLED
        return off and _was_told(row, reader) and session.starts_at > now - timedelta(days=1)
    if row.out_at is not None or not booked:
        return False
    return reason.mail == BROUGHT or session.sequence == reason.sequence


def _was_told(row: Companion, reader: Person) -> bool:
    """Whether their calendar may have it."""
    told = SentMail.objects.within(row.org_id).filter(person=reader, attempts__gt=0, overtaken_at=None)
    return told.filter(reason__startswith=f"{ALONG} {row.pk} ").exists()


def _of(org_id):
    return Companion.objects.within(org_id).select_related(*PEOPLE)
