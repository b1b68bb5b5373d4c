"""Reminders: planned when a session is booked or moved, handed over once when they fall due.

Planning writes a row for each session, kind, person and sequence; the database keeps them unique. Handing over
locks the rows that are due, writes the outgoing mails and notices and marks the rows, all in one transaction: a
worker killed in the middle leaves everything as it was, and two workers never hold the same row.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef

from quarterhour.core import retention
from quarterhour.engines.reminding import Kind, after_quiet, quiet_around
from quarterhour.engines.reminding import reminders as due_for
from quarterhour.notifications import channels, outgoing
from quarterhour.notifications.channels import Ways
from quarterhour.notifications.models import Notice, Reminder
from quarterhour.notifications.reasons import REMINDER_OF, Reason
from quarterhour.notifications.turns import turn
from quarterhour.notifications.words import zone_of
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession, Status

A_BATCH = 250
AT_PEACE = timedelta(minutes=2)  # so long the news of a booking may take before we look after it
LATE = timedelta(minutes=5)
BECAUSE = "reminders of all organisations fall due on one clock"


@transaction.atomic
def plan(session: MentoringSession, *, now: datetime) -> int:
    """Write down who is reminded of this session when, as it stands. Returns how many rows there are to be.

    Doing it twice, late or in another order changes nothing: what is there stays, what a move left behind is
    overtaken. Reminders that would have been due before now are left out.
    """
    mine = Reminder.objects.within(session.org_id).filter(session=session).waiting()
    if session.status != Status.CONFIRMED:
        mine.update(overtaken_at=now)
        return 0
    mine.filter(sequence__lt=session.sequence).update(overtaken_at=now)
    both = [session.mentor, session.mentee]
    ways = channels.ways_of(each.pk for each in both)
    rows = [
        Reminder(
            org_id=session.org_id, session=session, person=person, kind=due.kind, sequence=session.sequence,
            due_at=due.at, until=due.until,
        )
        for person in both
        for due in due_for(
            session.starts_at,
            booked_at=now,
            zone=zone_of(person.zone).key,
            quiet=ways.quiet(person.pk),
            seed=f"{session.pk} {person.pk}",
        )
    ]  # fmt: skip
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def plan_missing(*, now: datetime, limit: int = 500) -> int:
    """Sessions ahead that nobody planned reminders for: booked before there were any, or their news was lost."""
    planned = Reminder.objects.of_every_tenant(because=BECAUSE).filter(
        session=OuterRef("pk"), sequence=OuterRef("sequence")
    )
    ahead = MentoringSession.objects.of_every_tenant(because=BECAUSE).filter(
        ~Exists(planned), status=Status.CONFIRMED, created_at__lte=now - AT_PEACE,
        span__startswith__gt=now + timedelta(minutes=15),
    )  # fmt: skip
    rows = list(ahead.select_related("mentor", "mentee").order_by("span")[:limit])
    for session in rows:
        plan(session, now=now)
    return len(rows)


@transaction.atomic
def hand_over(*, now: datetime, limit: int = A_BATCH) -> int:
    """Turn reminders that are due into mails and notices, or into nothing where they are no longer true.

    Returns how many rows it dealt with. Waits for nobody: rows another worker holds are passed over.
    """
    everywhere = Reminder.objects.of_every_tenant(because=BECAUSE)
    due = (
        everywhere.waiting().filter(due_at__lte=now).order_by("due_at")
    )  # by the index alone, however many are due at once
    rows = list(due.select_for_update(skip_locked=True, of=("self",)).select_related("session", "person")[:limit])
    if not rows:
        return 0
    ways = channels.ways_of(row.person_id for row in rows)
    told, handed, overtaken, later = [], [], [], []
    for row in rows:
        at = _when(row, ways, now)
        if at is None:
            overtaken.append(row.pk)
        elif at > now:
            row.due_at = at
            later.append(row)
        else:
            told.append((row.org_id, row.person_id, Reason(REMINDER_OF[Kind(row.kind)], row.session_id, row.sequence)))
            handed.append(row.pk)
    mails, notices = outgoing.tell(told, ways=ways, now=now)
    everywhere.filter(pk__in=handed).update(handed_at=now)
    if overtaken:
        everywhere.filter(pk__in=overtaken).update(overtaken_at=now)
    if later:
        everywhere.bulk_update(later, ["due_at"])
    outgoing.wake(mails=mails, notices=notices)
    return len(rows)


def late(*, now: datetime) -> tuple[int, datetime | None]:
    """How many reminders nobody handed over in time, and when the first of them was due. One query."""
    rows = Reminder.objects.of_every_tenant(because=BECAUSE).waiting()
    told = rows.filter(due_at__lt=now - LATE).aggregate(count=Count("pk"), first=Min("due_at"))
    return told["count"], told["first"]


def forget_old(*, now: datetime) -> int:
    """Remove reminders and notices nobody asks about any more. Returns how many.

    Mails stay: they tell who was invited, and so who has something to take out of a calendar.
    """
    until = now - settings.KEEP
    notices = Notice.objects.of_every_tenant(because="housekeeping runs for every organisation")
    reminders = Reminder.objects.of_every_tenant(because="housekeeping runs for every organisation")
    gone = retention.forget(reminders.filter(until__lt=until))
    return gone + retention.forget(notices.filter(made_at__lt=until))


def _when(row: Reminder, ways: Ways, now: datetime) -> datetime | None:
    """Now, later, or never, as things stand for this reminder."""
    session = row.session
    stands = session.status == Status.CONFIRMED and session.sequence == row.sequence
    if not stands or now >= row.until or not row.person.is_active:
        return None
    return after_quiet(
        Kind(row.kind), now, until=row.until, zone=zone_of(row.person.zone).key,
        quiet=ways.quiet(row.person_id), seed=f"{row.session_id} {row.person_id}",
    )  # fmt: skip


def hand_over_all(*, seconds: float, clock: Callable[[], datetime], rest: Callable[[float], None] = time.sleep) -> int:
    """Hand over batch after batch, for so long at most, resting after each as long as it took.

    One worker of all does it at a time. So however many fall due at one minute, they take half of one connection,
    and bookings have everything else.
    """
    done, until = 0, time.monotonic() + seconds
    with turn("hand over reminders") as mine:
        while mine and time.monotonic() < until:
            began = time.monotonic()
            batch = hand_over(now=clock())
            done += batch
            if batch < A_BATCH:
                break
            rest(time.monotonic() - began)
    return done


def when_awake(person: Person, *, now: datetime) -> datetime:
    """When this person may hear what is not urgent: now, or at the end of their quiet hours."""
    quiet = channels.ways_of([person.pk]).quiet(person.pk)
    stretch = quiet_around(now, zone=zone_of(person.zone).key, quiet=quiet)
    return stretch[1] if stretch else now
