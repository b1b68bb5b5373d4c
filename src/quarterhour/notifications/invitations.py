"""Calendar invitations that Google, Outlook and Apple accept, update and take back (RFC 5545, 5546, 6047).

One UID for the whole life of a session; SEQUENCE rises with each change, so that an older mail that
arrives late changes nothing. Times are UTC: every calendar shows them on its owner's clock, and no
time-zone table travels along that could be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from urllib.parse import quote

from django.conf import settings
from icalendar import Alarm, Calendar, Event, vCalAddress, vText, vUri

from quarterhour.core.text import clean
from quarterhour.engines.understand import short_question
from quarterhour.notifications import addresses
from quarterhour.notifications.doors import where_told
from quarterhour.notifications.words import one_line, shorten
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
PRODUCT = "-//Quarterhour//Micromentoring//EN"
LONGEST_SUMMARY = 120  # characters; calendars show about forty
LONGEST_TEXT = 2_000  # characters of the question; Outlook drops events far above that
REMIND = (timedelta(hours=24), timedelta(minutes=15))


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """What a calendar is told. `stamp`, `start` and `end` are aware; addresses are (name, mail address)."""

    uid: str
    sequence: int
    stamp: datetime
    start: datetime
    end: datetime
    organizer: tuple[str, str]
    attendees: tuple[tuple[str, str], ...]
    summary: str
    text: str
    url: str
    location: str = ""


def for_person(session: MentoringSession, person: Person, *, now: datetime) -> Invitation:
    """The invitation as `person` reads it. One query for each of the two people that is not at hand."""
    other = session.other(person)
    room = addresses.room(session)
    question = clean(session.need.text) if session.need else ""
    asked = one_line(short_question(question))
    summary = f"{other.called}: {asked}" if asked else f"Quarterhour with {other.called}"
    doors = f"The room, open {settings.POLICY['lobby_opens']} minutes before: {room}"
    if session.is_elsewhere:
        doors = f"You meet here: {where_told(session)}\n\nTimer and notes: {room}"
    return Invitation(
        uid=session.ical_uid,
        sequence=session.sequence,
        stamp=now,
        start=session.starts_at,
        end=session.ends_at,
        organizer=organizer(),
        attendees=tuple((each.called, each.email) for each in (session.mentee, session.mentor)),
        summary=shorten(one_line(summary), LONGEST_SUMMARY),
        text="\n\n".join(part for part in (shorten(question, LONGEST_TEXT), doors) if part),
        url=room,
        location=where_told(session),
    )


def organizer() -> tuple[str, str]:
    """Who sends invitations: this service, as (name, mail address)."""
    return parseaddr(settings.MAIL_FROM)


def written(invitation: Invitation, method: str) -> bytes:
    """The invitation as an .ics file: CRLF lines of at most 75 octets, ending with a line break.

    method: REQUEST to invite or to update, CANCEL to take back, PUBLISH for a file somebody saves.
    """
    calendar = empty_calendar()
    calendar.add("method", method)
    calendar.add_component(event_of(invitation, method))
    return calendar.to_ical()


def empty_calendar() -> Calendar:
    """A calendar of ours without events."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def bare_event(invitation: Invitation) -> Event:
    """When, and nothing else: for calendars that others look into."""
    event = _dated(invitation)
    event.add("summary", "Busy")
    event.add("class", "PRIVATE")
    return event


def event_of(invitation: Invitation, method: str, *, remind: bool = True) -> Event:
    """The one event of an invitation. remind: whether calendars ring before it."""
    event = _dated(invitation)
    event.add("summary", one_line(invitation.summary))
    # Some readers take U+2028 and its kin for the end of a line of the file.
    event.add("description", "\n".join(clean(invitation.text).splitlines()))
    event.add("location", invitation.location or invitation.url)
    event.add("url", vUri(invitation.url))
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if method == CANCEL else "OPAQUE")
    event.add("organizer", _address(*invitation.organizer), encode=0)
    for name, mail in invitation.attendees:
        event.add("attendee", _attendee(name, mail), encode=0)
    if remind and method != CANCEL:
        for before in REMIND:
            event.add_component(_alarm(invitation, before))
    return event


def _dated(invitation: Invitation) -> Event:
    """Which session, in which version, and when."""
    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.stamp.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", invitation.start.astimezone(UTC))
    event.add("dtend", invitation.end.astimezone(UTC))
    return event


def _address(name: str, mail: str) -> vCalAddress:
    address = vCalAddress("mailto:" + quote(mail, safe="@!#$&'*+-/=?^_`{|}~."))
    if name:
        # A quotation mark cannot stand in a parameter; not every calendar knows RFC 6868's way out.
        address.params["CN"] = vText(one_line(name).replace('"', "'").replace("^", ""))
    return address


def _attendee(name: str, mail: str) -> vCalAddress:
    """Somebody who has said yes already: calendars need not ask them again."""
    attendee = _address(name, mail)
    attendee.params["CUTYPE"] = vText("INDIVIDUAL")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    return attendee


def _alarm(invitation: Invitation, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", one_line(invitation.summary))
    alarm.add("trigger", -before)
    return alarm
