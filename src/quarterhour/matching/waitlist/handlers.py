"""News the waitlist answers; each may be told twice."""

from __future__ import annotations

from datetime import datetime

from quarterhour.availability.events import AvailabilityChanged
from quarterhour.matching.capacity import count_capacity
from quarterhour.matching.events import WaitlistChanged
from quarterhour.matching.models import Waiter
from quarterhour.matching.waitlist.joining import fit_changed, settle
from quarterhour.matching.waitlist.serving import fit_again, serve
from quarterhour.needs.events import NeedChanged
from quarterhour.people.events import ProfileChanged
from quarterhour.people.models import Profile
from quarterhour.sessions.events import SessionEvent


def time_may_be_free(event: SessionEvent, *, now: datetime) -> None:
    """A session was released, declined or moved."""
    serve(org_id=event.org_id, now=now)


def go_on(event: WaitlistChanged, *, now: datetime) -> None:
    serve(org_id=event.org_id, now=now)


def somebody_was_booked(event: SessionEvent, *, now: datetime) -> None:
    settle(event.session_id, org_id=event.org_id, now=now)


def need_changed(event: NeedChanged, *, now: datetime) -> None:
    fit_changed(event.need_id, org_id=event.org_id, now=now)


def hours_changed(event: AvailabilityChanged, *, now: datetime) -> None:
    _mentor_changed(event.mentor_id, event.org_id, now)


def profile_changed(event: ProfileChanged, *, now: datetime) -> None:
    mentors = Profile.objects.within(event.org_id).mentors().filter(pk=event.profile_id)
    for mentor_id in mentors.values_list("person", flat=True):
        _mentor_changed(mentor_id, event.org_id, now)


def _mentor_changed(mentor_id, org_id, now: datetime) -> None:
    if Waiter.objects.within(org_id).open(now).exists():
        count_capacity(org_id=org_id, mentor_ids=[mentor_id], now=now)
        fit_again([mentor_id], org_id=org_id, now=now)
        serve(org_id=org_id, now=now)
