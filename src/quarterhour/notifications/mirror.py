"""Writing sessions into a mentor's CalDAV calendar: at least once, never inside a transaction.

A session has one address in a calendar for its whole life, made of its key, and is written over what stands there.
The entry names no organizer and no guests, or some servers would send invitations of their own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F

from quarterhour.availability import caldav
from quarterhour.availability.calendars import address_of, login_of
from quarterhour.availability.models import OutsideCalendar
from quarterhour.core.errors import QuarterhourError
from quarterhour.notifications import invitations
from quarterhour.notifications.mirror_models import MirroredSession
from quarterhour.people.models import Person
from quarterhour.sessions.events import SessionEvent
from quarterhour.sessions.models import MentoringSession, Status

log = structlog.get_logger(__name__)

STANDS = {Status.CONFIRMED, Status.ENDED}
TAKEN_FOR = timedelta(minutes=3)
LONGEST_REST = timedelta(hours=2)
MOST_ATTEMPTS = 20  # spread over a day and a half
CHANGED = 412  # somebody touched what we wrote
WRONG = "Something went wrong with us while writing it. It is written down; we try again by ourselves."


def follow(event: SessionEvent, *, now: datetime) -> None:
    """A session was booked, moved or released: the mentor's calendar shall say the same. Twice is no harm."""
    session = MentoringSession.objects.within(event.org_id).filter(pk=event.session_id).first()
    if session is None:
        return
    if session.status in STANDS:
        _begin(session, now)
    else:
        rows = MirroredSession.objects.within(session.org_id).filter(session=session)
        rows.update(due_at=now, done_at=None, gave_up_at=None, attempts=0)
    _wake(session)


@transaction.atomic
def write_all(person: Person, *, now: datetime) -> int:
    """Write what is to come into the calendar this person has just chosen. Returns how many sessions."""
    coming = MentoringSession.objects.visible_to(person).filter(
        mentor=person, status=Status.CONFIRMED, span__endswith__gt=now
    )
    for session in coming[:200]:
        _begin(session, now)
        _wake(session)
    return len(coming[:200])


def carry(mirror_id: UUID, *, now: datetime) -> bool:
    """Make one calendar say what the session says. Returns whether it does; what went wrong is kept, never raised."""
    row = _take(mirror_id, now)
    if row is None:
        return False
    try:
        tag = _carried(row, now)
    except QuarterhourError as error:
        _postpone(row, error.told, now)
    except Exception as error:
        log.exception("session_not_mirrored", mirror=str(row.pk), kind=type(error).__name__)
        _postpone(row, WRONG, now)
    else:
        _rows(row.pk).filter(attempts=row.attempts).update(done_at=now, tag=tag, problem="")
        return True
    return False


def due(*, now: datetime, limit: int = 200) -> list[UUID]:
    """What is still to be written, the longest waiting first."""
    waiting = _all().filter(due_at__lte=now, done_at=None, gave_up_at=None)
    return list(waiting.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])


def trouble_of(person: Person) -> str:
    """Why sessions do not reach this person's calendar at the moment; nothing if they do."""
    open_rows = MirroredSession.objects.visible_to(person).filter(done_at=None).exclude(problem="")
    return open_rows.order_by("-due_at").values_list("problem", flat=True).first() or ""


def entry(session: MentoringSession, *, now: datetime) -> bytes:
    """The session as an entry of the mentor's own calendar."""
    event = invitations.event_of(
        invitations.for_person(session, session.mentor, now=now), invitations.PUBLISH, remind=False
    )
    for name in ("organizer", "attendee"):
        event.pop(name, None)
    calendar = invitations.empty_calendar()
    calendar.add_component(event)
    return calendar.to_ical()


def _begin(session: MentoringSession, now: datetime) -> None:
    """A row for the mentor's chosen calendar, and everything that is written already due once more."""
    chosen = OutsideCalendar.objects.filter(person=session.mentor_id, written=True).first()
    if chosen is not None:
        made = MirroredSession(org_id=session.org_id, session=session, calendar=chosen, due_at=now)
        MirroredSession.objects.bulk_create([made], ignore_conflicts=True)
    rows = MirroredSession.objects.within(session.org_id).filter(session=session)
    rows.update(due_at=now, done_at=None, gave_up_at=None, attempts=0)


def _wake(session: MentoringSession) -> None:
    from quarterhour.notifications import mirror_tasks

    rows = MirroredSession.objects.within(session.org_id).filter(session=session, done_at=None)
    for key in rows.values_list("pk", flat=True):
        transaction.on_commit(partial(mirror_tasks.wake_mirror, key))


def _carried(row: MirroredSession, now: datetime) -> str:
    """Write or remove the entry. Returns its new tag."""
    calendar, session = row.calendar, row.session
    address, login = caldav.event_address(address_of(calendar), str(session.pk)), login_of(calendar) or ("", "")
    if session.status not in STANDS:
        caldav.delete(address, login)
        return ""
    event = entry(session, now=now)
    status, tag = caldav.put(address, login, event, tag=row.tag)
    if status == CHANGED:
        # It stands there otherwise than we know, or is gone. When a session is, we say.
        status, tag = caldav.put(address, login, event, tag=caldav.tag_at(address, login))
    if status == CHANGED:
        raise QuarterhourError("Your calendar changed while we wrote into it. We try again by ourselves.")
    return tag


def _take(mirror_id: UUID, now: datetime) -> MirroredSession | None:
    mine = _rows(mirror_id).filter(due_at__lte=now, done_at=None, gave_up_at=None)
    if not mine.update(due_at=now + TAKEN_FOR, attempts=F("attempts") + 1):
        return None
    people = ("session__mentor", "session__mentee", "session__need", "calendar__account")
    return _rows(mirror_id).select_related("session", "calendar", *people).get()


def _postpone(row: MirroredSession, told: str, now: datetime) -> None:
    rest = min(timedelta(seconds=10 * 2.0 ** min(row.attempts - 1, 12)), LONGEST_REST)
    _rows(row.pk).filter(attempts=row.attempts).update(
        problem=told[:400], due_at=now + rest, gave_up_at=now if row.attempts >= MOST_ATTEMPTS else None
    )
    log.info("session_not_mirrored", mirror=str(row.pk), attempts=row.attempts)


def _all():
    return MirroredSession.objects.of_every_tenant(because="a person's calendar holds sessions of every organisation")


def _rows(mirror_id: UUID):
    return _all().filter(pk=mirror_id)
