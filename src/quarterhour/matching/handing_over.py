"""A mentor cannot come: somebody else who fits and is free takes the time over, or it is released with three others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from quarterhour.core.errors import NotAllowed
from quarterhour.matching.now.fitting import CAN_ANSWER
from quarterhour.matching.people import ranking_for
from quarterhour.needs.models import Need
from quarterhour.people.models import Person, Profile
from quarterhour.people.queries import blocked_with
from quarterhour.sessions import claims, rules, services
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.queries import free_starts
from quarterhour.sessions.rules import length_offered

LOOKED_AT = 12  # of those who fit, the best
NEAR = timedelta(days=7)  # after the old time; before it, up to now
EARLIER = timedelta(days=2)
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else, and a time of theirs."""

    mentor: Person
    start: datetime
    minutes: int


def cannot_come(*, session: MentoringSession, by: Person, now: datetime, note: str = "") -> MentoringSession:
    """The mentor hands a booked time over to the best-fitting one who is free and confirms at once, or releases it.

    Returns the session that takes its place, or the released one. The mentee keeps the time in the first case, hears of
    it either way, and may refuse; a new mentor is a new session, so that every calendar lets go of the old one.
    Raises NotAllowed unless it is the mentor's, WrongState once it began or is over.
    """
    rules.check_party(by, session)
    if by.pk != session.mentor_id:
        raise NotAllowed("Only the person who gives this time can hand it over.")
    rules.check_is(session, Status.CONFIRMED)
    if session.starts_at <= now:
        raise rules.WrongState("It has begun. Write to each other in the room, or release it.")
    for mentor in _who_could(session, by, now=now):
        try:
            return _handed(session, mentor, by=by, now=now, note=note)
        except (services.SpanTaken, NotAllowed, _Asks):
            continue  # booked a moment ago, or not to be had: the next one
    return services.cancel(session=session, by=by, now=now, note=note)


class _Asks(Exception):
    """They want to be asked first by now: nobody is handed a time that may still be refused."""


@transaction.atomic
def _handed(session: MentoringSession, mentor: Person, *, by: Person, now: datetime, note: str) -> MentoringSession:
    """The old session released and the new one booked, or neither. All three are locked first, in one order."""
    claims.lock_all([session.mentor_id, session.mentee_id, mentor.pk])
    services.cancel(session=session, by=by, now=now, note=note)
    taken = services.book(
        need=session.need, mentor=mentor, start=session.starts_at, minutes=session.minutes, by=session.mentee, now=now
    )
    if taken.status != Status.CONFIRMED:
        raise _Asks
    MentoringSession.objects.within(session.org_id).filter(pk=taken.pk).update(instead_of=session)
    taken.instead_of = session
    return taken


def _who_could(session: MentoringSession, by: Person, *, now: datetime) -> list[Person]:
    """Mentors who fit the question, confirm at once and are free at just this time, the best first."""
    if session.need is None:
        return []
    profiles = [
        profile
        for profile, asks_first in _fitting(session.need, but_for=by, now=now)
        if not asks_first and session.minutes == length_offered(profile, session.minutes)
    ]
    at_that_time = (session.starts_at, session.starts_at + timedelta(minutes=1))
    free = free_starts(
        mentor_ids=[profile.person_id for profile in profiles], org=session.org_id, minutes=session.minutes,
        between=at_that_time, now=now, each=1, mentee=session.mentee, but_for=session.pk,
    )  # fmt: skip
    return [profile.person for profile in profiles if free.get(profile.person_id)]


def others_near(session: MentoringSession, *, now: datetime) -> list[Other]:
    """Three times of others who fit, the nearest to the old one, in their order; of three people where there are three.

    A constant number of queries beside the ranking.
    """
    if session.need is None or session.ends_at <= now:
        return []
    profiles = {each.person_id: each for each, _ in _fitting(session.need, but_for=session.mentor, now=now)}
    minutes = {mentor_id: length_offered(profile, session.need.minutes) for mentor_id, profile in profiles.items()}
    between = (max(now, session.starts_at - EARLIER), session.starts_at + NEAR)
    found = free_starts(
        mentor_ids=list(profiles), org=session.org_id, minutes=minutes, between=between, now=now, each=None,
        mentee=session.mentee,
    )  # fmt: skip
    near = {key: sorted(starts, key=lambda start: abs(start - session.starts_at)) for key, starts in found.items()}
    chosen: list[tuple[datetime, UUID]] = []
    for turn in range(SHOWN):  # everybody's nearest first, then everybody's second
        of_turn = [(starts[turn], mentor_id) for mentor_id, starts in near.items() if len(starts) > turn]
        chosen += sorted(of_turn, key=lambda one: abs(one[0] - session.starts_at))[: SHOWN - len(chosen)]
    return [
        Other(profiles[mentor_id].person, start, minutes[mentor_id])
        for start, mentor_id in sorted(chosen, key=lambda one: one[0])
    ]


def _fitting(need: Need, *, but_for: Person, now: datetime) -> Sequence[tuple[Profile, bool]]:
    """Profiles of those whose advice is likely enough to help, the best first, none of them apart from either; and
    whether each wants to be asked first about this.
    """
    apart = blocked_with(but_for) | {but_for.pk}
    ranking = ranking_for(need, now=now)
    asks_first = {fit.mentor.id: fit.mentor.asks_first for fit in ranking.fits}
    able = [
        each.offer.id
        for each in ranking.placed
        if each.offer.fit * each.offer.mentor_accepts >= CAN_ANSWER and each.offer.id not in apart
    ][:LOOKED_AT]
    rows = Profile.objects.within(need.org_id).filter(person__in=able).select_related("person")
    by_id = {row.person_id: row for row in rows}
    return [(by_id[mentor_id], asks_first[mentor_id]) for mentor_id in able if mentor_id in by_id]
