"""Asking what became of a session: planned when it is over, handed over once a week and once a month later.

As with reminders: a unique row for each session, person and kind; handing over locks the rows that are due, writes the
outgoing mails and notices and marks the rows, all in one transaction. Whether there is anything to ask about is
looked at then: a session that nobody knows took place, or a person who wants no such question, makes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, Q

from quarterhour.advice.queries import MET, who_met
from quarterhour.core import retention
from quarterhour.engines.following_up import AFTER, Kind, follow_ups
from quarterhour.engines.reminding import quiet_around
from quarterhour.notifications import channels, outgoing
from quarterhour.notifications.channels import Ways
from quarterhour.notifications.reasons import FOLLOW_UP, WORKED, Reason
from quarterhour.notifications.turns import turn
from quarterhour.notifications.words import zone_of
from quarterhour.people.queries import is_blocked
from quarterhour.sessions.attendance_models import MISSED
from quarterhour.sessions.events import SessionEvent
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.queries import was_missed
from quarterhour.trust.events import FollowUpAnswered
from quarterhour.trust.follow_up_models import FollowUp
from quarterhour.trust.follow_ups import write_down
from quarterhour.trust.queries import HELPED

A_BATCH = 250
AT_PEACE = timedelta(minutes=2)  # so long the news of an end may take before we look after it
LATE = timedelta(minutes=15)
BACK = timedelta(days=max(AFTER.values()) + 2)  # sessions that ended before are asked about no more
BECAUSE = "follow-ups of all organisations fall due on one clock"


def plan_follow_ups(event: SessionEvent, *, now: datetime) -> None:
    """Over: whoever asked is asked what became of it. Twice, or late, changes nothing."""
    rows = MentoringSession.objects.within(event.org_id).select_related("mentee", "how_kept")
    session = rows.filter(pk=event.session_id).first()
    if session is not None:
        plan(session, now=now)


@transaction.atomic
def plan(session: MentoringSession, *, now: datetime) -> None:
    """Write down when the mentee of a session that took place is asked. What is there already stays."""
    if session.status != Status.ENDED or was_missed(session):
        return
    mentee = session.mentee
    dues = follow_ups(
        min(session.ended_at or session.ends_at, session.ends_at),
        known_at=now,
        zone=zone_of(mentee.zone).key,
        quiet=channels.ways_of([mentee.pk]).quiet(mentee.pk),
        seed=f"{session.pk} {mentee.pk}",
    )
    write_down(session, mentee, dues)


def plan_missing(*, now: datetime, limit: int = 500) -> int:
    """Sessions that are over and nobody planned for: their news was lost, or a miss was settled otherwise."""
    planned = FollowUp.objects.of_every_tenant(because=BECAUSE).filter(session=OuterRef("pk"))
    over = MentoringSession.objects.of_every_tenant(because=BECAUSE).filter(
        ~Exists(planned), status=Status.ENDED, span__overlap=(now - BACK, now - AT_PEACE),
    )  # fmt: skip
    known = Q(ended_at=None) | Q(ended_at__lte=now - AT_PEACE)
    over = over.filter(known).exclude(how_kept__word__in=MISSED)
    rows = list(over.select_related("mentee", "how_kept").order_by("-span", "pk")[:limit])
    for session in rows:
        plan(session, now=now)
    return len(rows)


@transaction.atomic
def hand_over(*, now: datetime, limit: int = A_BATCH) -> int:
    """Turn follow-ups that are due into mails and notices, or into nothing where there is nothing to ask.

    Returns how many rows it dealt with. Waits for nobody: rows another worker holds are passed over.
    """
    everywhere = FollowUp.objects.of_every_tenant(because=BECAUSE)
    due = everywhere.waiting().filter(due_at__lte=now).order_by("due_at")
    rows = list(due.select_for_update(skip_locked=True, of=("self",)).select_related("person")[:limit])
    if not rows:
        return 0
    ways, met = channels.ways_of(row.person_id for row in rows), _met(row.session_id for row in rows)
    told, overtaken, later = [], [], []
    for row in rows:
        if not _wanted(row, ways, now) or row.session_id not in met:
            overtaken.append(row.pk)
        elif stretch := _quiet(row, ways, now):
            row.due_at = stretch[1]
            later.append(row)
        else:
            told.append(row)
    reasons = [(row.org_id, row.person_id, Reason(FOLLOW_UP, row.pk, 0)) for row in told]
    mails, notices = outgoing.tell(reasons, ways=ways, now=now)
    everywhere.filter(pk__in=[row.pk for row in told]).update(handed_at=now)
    if overtaken:
        everywhere.filter(pk__in=overtaken).update(overtaken_at=now)
    if later:
        everywhere.bulk_update(later, ["due_at"])
    outgoing.wake(mails=mails, notices=notices)
    return len(rows)


def hand_over_all(*, seconds: float, clock: Callable[[], datetime], rest: Callable[[float], None] = time.sleep) -> int:
    """Batch after batch, for so long at most, resting after each as long as it took. One worker of all at a time."""
    done, until = 0, time.monotonic() + seconds
    with turn("hand over follow-ups") as mine:
        while mine and time.monotonic() < until:
            began = time.monotonic()
            batch = hand_over(now=clock())
            done += batch
            if batch < A_BATCH:
                break
            rest(time.monotonic() - began)
    return done


def thank(event: FollowUpAnswered, *, now: datetime) -> None:
    """A month later it helped: the mentor is thanked, once, and hears no number. Of anything else they hear nothing."""
    if event.kind != Kind.MONTH:
        return
    rows = FollowUp.objects.within(event.org_id).select_related("session__mentor", "session__mentee")
    row = rows.filter(session=event.session_id, kind=Kind.MONTH, quarters__gte=HELPED).first()
    if row is not None and row.person_id == row.session.mentee_id and may_thank(row.session):
        why = Reason(WORKED, row.session_id, row.session.sequence)
        outgoing.tell_people(event.org_id, [row.session.mentor_id], why, now=now)


def may_thank(session: MentoringSession) -> bool:
    """Nobody is thanked in the name of somebody who wants nothing to do with them."""
    return not is_blocked(session.mentor, session.mentee)


def helped_later(session: MentoringSession) -> bool:
    """Whether what the mentee said a month later is still that it helped. Nothing more leaves this function."""
    rows = FollowUp.objects.within(session.org_id).filter(session=session, person=session.mentee_id, kind=Kind.MONTH)
    return rows.filter(quarters__gte=HELPED).exists()


def late(*, now: datetime) -> tuple[int, datetime | None]:
    """How many follow-ups nobody handed over in time, and when the first of them was due. One query."""
    rows = FollowUp.objects.of_every_tenant(because=BECAUSE).waiting()
    told = rows.filter(due_at__lt=now - LATE).aggregate(count=Count("pk"), first=Min("due_at"))
    return told["count"], told["first"]


def forget_old(*, now: datetime) -> int:
    """Remove follow-ups nobody answered, long after. What was answered stays as long as its session."""
    rows = FollowUp.objects.of_every_tenant(because="housekeeping runs for every organisation")
    return retention.forget(rows.filter(until__lt=now - settings.KEEP, answered_at=None))


def _met(session_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the sessions that took place, as far as anybody can tell. One query."""
    rows = MentoringSession.objects.of_every_tenant(because=BECAUSE).filter(pk__in=set(session_ids))
    return set(who_met(rows).filter(MET).values_list("pk", flat=True))


def _wanted(row: FollowUp, ways: Ways, now: datetime) -> bool:
    return bool(row.person.is_active and now < row.until and ways.of(row.person_id).follow_ups)


def _quiet(row: FollowUp, ways: Ways, now: datetime):
    """The quiet hours it would come in, as they are chosen now."""
    return quiet_around(now, zone=zone_of(row.person.zone).key, quiet=ways.quiet(row.person_id))
