"""Offering what came free: whenever a time may have, and every quarter of a minute.

Who is next is thought out in `engines.waitlist`; whether a time can be held is decided by the claims of the two people,
and that nobody has two at once by a unique index. So any number of processes may serve at the same moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Exists, OuterRef
from numpy.typing import NDArray

from quarterhour.core import events
from quarterhour.core.errors import NotAllowed
from quarterhour.engines import waitlist as engine
from quarterhour.engines.slots import Taken
from quarterhour.matching.events import TimeCameFree
from quarterhour.matching.models import FreedTime, Waiter
from quarterhour.matching.waitlist.joining import MINUTE, fits_whenever
from quarterhour.people.models import Profile
from quarterhour.sessions import claims, services
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.queries import free_starts, taken_time
from quarterhour.sessions.rules import length_offered

MOST = 200  # of those who wait in one organisation, the longest waiting
MOST_REFITTED = 60
SILENCE = 3  # freed times in a row left unanswered: then nobody is kept waiting for this one any more
ROUNDS = 3  # a time that was booked meanwhile is not the last one
Starts = NDArray[np.float64]  # seconds since 1970, in order
TIMERS = "the waitlist moves on in every organisation"


def move_on(*, now: datetime) -> int:
    """One round of the timer: what was not answered goes to the next, what came free unheard is offered.

    Returns how many times were kept. Two queries where nobody waits.
    """
    waiting = Waiter.objects.of_every_tenant(because=TIMERS).filter(ended="")
    kept = FreedTime.objects.of_every_tenant(because=TIMERS).open()
    if not waiting.exists() and not kept.exists():
        return 0
    if kept.filter(until__lte=now).exists():
        services.expire(now=now)
    _close(now=now)
    places = sorted(set(waiting.open(now).values_list("org", flat=True)))
    return sum(serve(org_id=org_id, now=now) for org_id in places)


def serve(*, org_id: UUID, now: datetime) -> int:
    """Keep each time that came free for whoever is next. Returns how many. One query where nobody waits."""
    done = 0
    for _ in range(ROUNDS):
        waiters = _waiting(org_id, now=now)
        offers = engine.next_offers(_seen_by_engine(waiters, org_id=org_id, now=now)) if waiters else []
        by_id = {waiter.pk: waiter for waiter in waiters}
        kept = [_keep(by_id[each.waiter], each.mentor, each.start, now=now) for each in offers]
        done += sum(kept)
        if all(kept):
            break
    return done


def _waiting(org_id: UUID, *, now: datetime) -> list[Waiter]:
    """Those a time may be offered to: nothing kept for them, held by them, asked or booked for their question."""
    kept = FreedTime.plain.filter(waiter=OuterRef("pk"), answer="")
    sessions = MentoringSession.plain.filter(mentee=OuterRef("mentee"))
    chooses = sessions.filter(status=Status.HELD, held_until__gt=now)
    served = sessions.filter(need=OuterRef("need"), status__in=[Status.ASKED, Status.CONFIRMED], span__endswith__gt=now)
    rows = Waiter.objects.within(org_id).open(now).filter(~Exists(kept), ~Exists(chooses), ~Exists(served))
    return list(rows.select_related("need", "need__mentee", "mentee", "mentor").order_by("since")[:MOST])


def _seen_by_engine(waiters: Sequence[Waiter], *, org_id: UUID, now: datetime) -> list[engine.Waiter]:
    """Each waiter with the free starts that suit them: not seen when they joined, not passed, not elsewhere then."""
    mentors = {UUID(key) for waiter in waiters for key in waiter.fits}
    rows = Profile.objects.within(org_id).mentors().not_paused(now.date()).filter(person__in=mentors)
    profiles = {row.person_id: row for row in rows}
    until = max(waiter.until for waiter in waiters)
    free: dict[int, dict[UUID, Starts]] = {}
    lasts: dict[int, dict[UUID, int]] = {}
    for wanted in {waiter.need.minutes for waiter in waiters}:
        asked = {key for waiter in waiters if waiter.need.minutes == wanted for key in map(UUID, waiter.fits)}
        lasts[wanted] = {key: length_offered(profiles[key], wanted) for key in sorted(asked & profiles.keys())}
        found = free_starts(
            mentor_ids=list(lasts[wanted]), org=org_id, minutes=lasts[wanted], between=(now, until), now=now, each=None
        )
        free[wanted] = {key: np.array([start.timestamp() for start in starts]) for key, starts in found.items()}
    busy = taken_time({waiter.mentee_id for waiter in waiters}, (now, until), now=now, elsewhere=[])
    passed = _passed(waiters, org_id=org_id)
    told = []
    for waiter in waiters:
        minutes, theirs = lasts[waiter.need.minutes], free[waiter.need.minutes]
        fits = {UUID(key): fit for key, fit in waiter.fits.items()}
        gone = busy.get(waiter.mentee_id, Taken())
        elsewhere = [(a.timestamp(), b.timestamp()) for a, b in (*gone.busy, *gone.booked)]
        suiting = {
            key: _suiting(theirs[key], waiter, key, passed[waiter.pk], elsewhere, lasts=minutes[key] * MINUTE)
            for key in fits
            if key in theirs
        }
        told.append(
            engine.Waiter(
                id=waiter.pk,
                since=waiter.since.timestamp(),
                fits=fits,
                starts={key: starts for key, starts in suiting.items() if starts},
                lasts={key: minutes[key] * MINUTE for key in suiting},
            )
        )
    return told


def _suiting(
    starts: Starts,
    waiter: Waiter,
    mentor_id: UUID,
    passed: set[tuple[UUID, float]],
    elsewhere: Sequence[tuple[float, float]],
    *,
    lasts: float,
) -> list[float]:
    """Those of a mentor's free starts that suit this person. Of 200 who wait, this is asked 2,400 times."""
    suits = starts < waiter.until.timestamp()
    if seen := waiter.seen.get(str(mentor_id)):
        first, last = np.array(seen, dtype=float).T * MINUTE
        before = np.searchsorted(first, starts, side="right") - 1
        suits &= (before < 0) | (starts > last[before])
    for begin, end in elsewhere:
        suits &= (starts + lasts <= begin) | (starts >= end)
    return [start for start in starts[suits].tolist() if (mentor_id, start) not in passed]


def _passed(waiters: Sequence[Waiter], *, org_id: UUID) -> dict[UUID, set[tuple[UUID, float]]]:
    """By waiter, whose times they let go, or left unanswered: nobody is offered the same time twice."""
    rows = FreedTime.objects.within(org_id).filter(waiter__in=waiters).exclude(answer="")
    found: dict[UUID, set[tuple[UUID, float]]] = defaultdict(set)
    for waiter, mentor, span in rows.values_list("waiter", "session__mentor", "session__span"):
        found[waiter].add((mentor, span.lower.timestamp()))
    return found


def _keep(waiter: Waiter, mentor_id: UUID, start: float, *, now: datetime) -> bool:
    """Hold this time for a quarter of an hour. False if it is not free any more, or something is kept already."""
    need, at = waiter.need, datetime.fromtimestamp(start, tz=now.tzinfo)
    profile = Profile.objects.within(waiter.org_id).filter(person=mentor_id).select_related("person").first()
    if profile is None:
        return False
    minutes = length_offered(profile, need.minutes)
    still = Waiter.objects.within(waiter.org_id).open(now).filter(pk=waiter.pk, fits__has_key=str(mentor_id))
    try:
        with transaction.atomic():
            claims.lock_people(mentor_id, waiter.mentee_id)
            if not still.filter(need__version=need.version).exists():
                return False  # they left, or changed their question, since we looked
            holds = MentoringSession.objects.within(waiter.org_id).filter(mentee=waiter.mentee_id, status=Status.HELD)
            if holds.filter(held_until__gt=now).exists():
                return False  # they are choosing a time themselves at this moment
            session = services.hold(
                need=need, mentor=profile.person, start=at, minutes=minutes, by=need.mentee, now=now
            )
            session.held_until = min(now + timedelta(minutes=settings.POLICY["waitlist_hold"]), at)
            session.save(update_fields=["held_until"])
            FreedTime.objects.create(
                org_id=waiter.org_id, waiter=waiter, session=session, kept_at=now, until=session.held_until
            )
            told = TimeCameFree(org_id=waiter.org_id, session_id=session.pk, sequence=session.sequence)
            events.publish(told, now=now)
    except services.SpanTaken:
        return False
    except NotAllowed:
        # The two were kept apart since, or the mentor stopped offering: they are not waited for any more.
        fits = {key: fit for key, fit in waiter.fits.items() if key != str(mentor_id)}
        Waiter.objects.within(waiter.org_id).filter(pk=waiter.pk).update(fits=fits)
        return False
    except (IntegrityError, OperationalError):
        return False  # somebody else served them in the same moment, or one of the two is being booked right now
    return True


def _close(*, now: datetime) -> None:
    """Answer the kept times whose hold is over, by whatever became of it."""
    rows = FreedTime.objects.of_every_tenant(because=TIMERS).open().select_related("session", "waiter")
    for kept in rows.exclude(session__status=Status.HELD):
        answer = {Status.DROPPED: FreedTime.Answer.PASSED}.get(kept.session.status, FreedTime.Answer.TAKEN)
        if answer == FreedTime.Answer.PASSED and kept.until <= now:
            answer = FreedTime.Answer.MISSED
        missed = kept.waiter.missed + 1 if answer == FreedTime.Answer.MISSED else 0
        with transaction.atomic():
            if not FreedTime.objects.within(kept.org_id).open().filter(pk=kept.pk).update(answer=answer):
                continue
            waiter = Waiter.objects.within(kept.org_id).filter(pk=kept.waiter_id)
            waiter.update(missed=missed)
            if missed >= SILENCE:
                waiter.filter(ended="").update(ended=Waiter.Ended.SILENT)


def fit_again(mentor_ids: Iterable[UUID], *, org_id: UUID, now: datetime) -> None:
    """Somebody joined, says something else or gives other hours: those who wait for whoever fits may get them, too."""
    ids = list(mentor_ids)
    waiting = Waiter.objects.within(org_id).open(now).filter(mentor=None).select_related("need__org", "need__mentee")
    for waiter in waiting.prefetch_related("need__topics").order_by("since")[:MOST_REFITTED]:
        found = fits_whenever(waiter.need, None, now=now, among=ids)
        gone = {str(key) for key in ids} - found.keys()
        fits = {key: fit for key, fit in waiter.fits.items() if key not in gone} | found
        if fits != waiter.fits:
            Waiter.objects.within(org_id).filter(pk=waiter.pk).update(fits=fits)
