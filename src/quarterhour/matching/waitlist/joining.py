"""Joining the waitlist and leaving it, taking a freed time or letting it go to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import datetime
from uuid import UUID

from django.db import transaction

from quarterhour.core import events
from quarterhour.core.errors import Changed, Invalid, NotAllowed
from quarterhour.matching.events import WaitlistChanged
from quarterhour.matching.models import FreedTime, Waiter
from quarterhour.matching.now.fitting import CAN_ANSWER
from quarterhour.matching.people import ranking_for
from quarterhour.needs.models import Need
from quarterhour.needs.services import waits_until
from quarterhour.people.models import Person, Profile
from quarterhour.sessions import services
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.queries import free_starts
from quarterhour.sessions.rules import length_offered

MOST_FITTING = 12
MINUTE = 60
TOGETHER = 15  # minutes; free starts so near to each other are remembered as one stretch

Stretches = list[list[int]]  # [first, last] starts, in minutes since 1970


@transaction.atomic
def join(*, need: Need, by: Person, mentor: Person | None = None, now: datetime) -> Waiter:
    """Wait for a time with `mentor`, or with whoever fits, until the question is over. Joining anew begins anew.

    The times that are free at this moment did not suit, so they are not offered later.
    Raises NotAllowed for somebody else's question and for a mentor one cannot meet, Invalid where there is nothing to
    wait for: the question is over, booked, or nobody fits it; Changed where it was changed meanwhile.
    """
    if by.pk != need.mentee_id:
        raise NotAllowed("Only the person whose question it is can wait for a time for it.")
    until = waits_until(need, now=now)
    if need.closed_at or until <= now:
        raise Invalid("This question is over. Give it another date, or ask anew.")
    ahead = MentoringSession.objects.within(need.org_id).filter(need=need, status=Status.CONFIRMED)
    if ahead.filter(span__endswith__gt=now).exists():
        raise Invalid("You have booked a time for this question. Move it, if another one suits better.")
    fits = fits_whenever(need, mentor, now=now)
    told = {
        "org_id": need.org_id, "mentee": by, "mentor": mentor, "since": now, "until": until, "fits": fits,
        "seen": _seen(need, fits, until=until, now=now), "missed": 0, "ended": "",
    }  # fmt: skip
    same = Need.objects.within(need.org_id).filter(pk=need.pk, version=need.version)
    if not same.select_for_update(of=("self",), no_key=True).exists():
        raise Changed("The question was changed in another tab. Look at the people for it, and press once more.")
    waiter, _ = Waiter.objects.within(need.org_id).update_or_create(need=need, defaults=told)
    return waiter


@transaction.atomic
def leave(*, need: Need, by: Person, now: datetime) -> None:
    """Wait no longer; a time that is kept goes to the next. Leaving twice is no mistake."""
    waiter = Waiter.objects.visible_to(by).filter(need=need, ended="").first()
    if waiter is None:
        return
    held = FreedTime.objects.within(need.org_id).open().filter(waiter=waiter, session__status=Status.HELD)
    for kept in held.select_related("session"):
        pass_on(session=kept.session, by=by, now=now)
    Waiter.objects.within(need.org_id).filter(pk=waiter.pk).update(ended=Waiter.Ended.LEFT)


@transaction.atomic
def take(*, session: MentoringSession, by: Person, now: datetime) -> MentoringSession:
    """Book the kept time, or ask for it where the mentor answers requests personally. Raises as `services.confirm`."""
    done = services.confirm(session=session, by=by, now=now)
    settle(session.pk, org_id=session.org_id, now=now)
    return done


@transaction.atomic
def pass_on(*, session: MentoringSession, by: Person, now: datetime) -> MentoringSession:
    """Not this one: it goes to the next at once, and the place on the list stays. Passing twice is no mistake."""
    done = services.release(session=session, by=by, now=now)
    rows = FreedTime.objects.within(session.org_id).open().filter(session=session)
    if rows.update(answer=FreedTime.Answer.PASSED):
        Waiter.objects.within(session.org_id).filter(times__session=session).update(missed=0)
        events.publish(WaitlistChanged(org_id=session.org_id), now=now)
    return done


def settle(session_id: UUID, *, org_id: UUID, now: datetime) -> None:
    """A session was booked or asked for: a kept time is answered, and whoever is booked waits no longer."""
    session = MentoringSession.objects.within(org_id).filter(pk=session_id).first()
    if session is None or session.status not in {Status.ASKED, Status.CONFIRMED}:
        return
    taken = FreedTime.objects.within(org_id).open().filter(session=session)
    if taken.update(answer=FreedTime.Answer.TAKEN):
        Waiter.objects.within(org_id).filter(times__session=session).update(missed=0)
    if session.status == Status.CONFIRMED and session.need_id:
        waiting = Waiter.objects.within(org_id).filter(need=session.need_id, ended="")
        waiting.update(ended=Waiter.Ended.BOOKED)


def fit_changed(need_id: UUID, *, org_id: UUID, now: datetime) -> None:
    """A question was changed: its person waits for whoever fits what it says now, until it is over by what it says now.

    How long they have waited counts as before. What is free of somebody new at this moment is on the page they look
    at, so it is not offered later, as if they joined for these mentors now. A time that is kept for them already
    stays theirs for its quarter of an hour, with the length it was told with.
    """
    rows = Waiter.objects.within(org_id).open(now).filter(need=need_id)
    waiter = rows.select_related("need__org", "need__mentee", "mentor").first()
    if waiter is None:
        return
    need = waiter.need
    try:
        fits = fits_whenever(need, waiter.mentor, now=now)
    except Invalid:
        fits = {}  # nobody yet; whoever comes up is looked at as for all who wait
    except NotAllowed:
        fits = waiter.fits  # not to be met at the moment, which was so before
    until = waits_until(need, now=now)
    new = {key: fit for key, fit in fits.items() if key not in waiter.fits}
    fresh = _seen(need, new, until=until, now=now) if new and until > now else {}
    _keep_fits(waiter, fits, fresh, until=until, now=now)


@transaction.atomic
def _keep_fits(waiter: Waiter, fits: Mapping[str, float], fresh: Mapping[str, Stretches], *, until, now) -> None:
    """Under the lock of the row, which nobody holds while people are ranked: a time is kept under it.

    A question that was changed once more is left to the news of that change.
    """
    rows = Waiter.objects.within(waiter.org_id).open(now).select_for_update(of=("self",), no_key=True)
    row = rows.filter(pk=waiter.pk, need__version=waiter.need.version).first()
    if row is None:
        return
    seen = {key: stretches for key, stretches in row.seen.items() if key in fits} | dict(fresh)
    Waiter.objects.within(row.org_id).filter(pk=row.pk).update(fits=dict(fits), seen=seen, until=until, missed=0)
    events.publish(WaitlistChanged(org_id=row.org_id), now=now)


def fits_whenever(need: Need, mentor: Person | None, *, now: datetime, among: Iterable[UUID] = ()) -> dict[str, float]:
    """By mentor, how likely their answer helps, whenever they are free; `mentor` alone where one is named.

    Raises NotAllowed for a mentor who is not there for this person, Invalid where nobody fits.
    """
    whenever = copy(need)
    whenever.when, whenever.decide_by = Need.When.ANY, None
    named = [mentor.pk] if mentor else list(among)
    placed = ranking_for(whenever, now=now, among=named).placed
    able = {each.offer.id: each.offer.fit * each.offer.mentor_accepts for each in placed}
    if mentor is not None:
        if mentor.pk not in able:
            raise NotAllowed(f"{mentor.called} does not offer time here. Your question is saved.")
        return {str(mentor.pk): round(able[mentor.pk], 4)}
    best = sorted((key for key, fit in able.items() if fit >= CAN_ANSWER), key=lambda key: (-able[key], str(key)))
    if not best and not named:
        raise Invalid("Nobody fits this question yet. Let us tell you when somebody can.")
    return {str(key): round(able[key], 4) for key in best[:MOST_FITTING]}


def _seen(need: Need, fits: Mapping[str, float], *, until: datetime, now: datetime) -> dict[str, Stretches]:
    """The free starts of each of these mentors at this moment, as stretches."""
    profiles = Profile.objects.within(need.org_id).filter(person__in=[UUID(key) for key in fits])
    minutes = {profile.person_id: length_offered(profile, need.minutes) for profile in profiles}
    starts = free_starts(
        mentor_ids=list(minutes), org=need.org_id, minutes=minutes, between=(now, until), now=now, each=None,
        mentee=need.mentee,
    )  # fmt: skip
    return {str(key): _stretches(found) for key, found in starts.items() if found}


def _stretches(starts: Iterable[datetime]) -> Stretches:
    found: Stretches = []
    for start in starts:
        at = round(start.timestamp() / MINUTE)
        if found and at - found[-1][1] <= TOGETHER:
            found[-1][1] = at
        else:
            found.append([at, at])
    return found
