"""Questions that wait, and the mentors who come up for them: told once a pair, and so many looked at in one go."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q

from quarterhour.availability.events import AvailabilityChanged
from quarterhour.core import events
from quarterhour.engines import matching as engine
from quarterhour.matching.capacity import count_capacity
from quarterhour.matching.events import MentorCameUp
from quarterhour.matching.indexing import index_mentors
from quarterhour.matching.people import ranking_for
from quarterhour.needs.models import Need, NeedTopic, Waiting
from quarterhour.needs.services import note_prospect
from quarterhour.people.events import ProfileChanged
from quarterhour.people.models import Profile
from quarterhour.people.taxonomy import skills
from quarterhour.sessions.models import TAKING_TIME, MentoringSession
from quarterhour.sessions.queries import free_starts
from quarterhour.sessions.rules import length_offered

AT_ONCE, MOST = 20, 200  # questions looked at in one delivery, about 3 s, and for one mentor who came up
READ = 2_000  # of those that wait, the longest waiting: which of them are near is decided without ranking
NEAR = 0.5  # a topic of the mentor so near to one of the question


def profile_changed(event: ProfileChanged, *, now: datetime) -> None:
    """Somebody joined, came back, or says something else of themselves."""
    profile = Profile.objects.within(event.org_id).mentors().filter(pk=event.profile_id).first()
    if profile is not None:
        came_up(profile.person_id, org_id=profile.org_id, now=now)


def hours_changed(event: AvailabilityChanged, *, now: datetime) -> None:
    """Somebody gives other hours."""
    came_up(event.mentor_id, org_id=event.org_id, now=now)


def came_up(mentor_id: UUID, *, org_id: UUID, now: datetime) -> None:
    """Look at the questions that wait, if there are any."""
    if Waiting.objects.within(org_id).in_force(now).exists():
        events.publish(MentorCameUp(org_id=org_id, mentor_id=mentor_id), now=now)


def back_from_a_pause(*, now: datetime) -> int:
    """Those whose pause ended today came up as well. Returns how many."""
    because = "a pause ends by itself in every organisation"
    back = Profile.objects.of_every_tenant(because=because).mentors().filter(paused_until=now.date())
    found = list(back.values_list("person", "org"))
    for mentor_id, org_id in found:
        came_up(mentor_id, org_id=org_id, now=now)
    return len(found)


def tell_those_who_wait(event: MentorCameUp, *, now: datetime) -> None:
    """Look whether this mentor clearly fits some that wait. Running twice tells nobody twice."""
    profile = Profile.objects.within(event.org_id).mentors().not_paused(now.date())
    mentor = profile.filter(person=event.mentor_id).select_related("person").prefetch_related("topics").first()
    if mentor is None:
        return
    if event.looked == 0:
        # The reaction that reads them anew may still be on its way.
        index_mentors(org=event.org_id, mentor_ids=[event.mentor_id])
        count_capacity(org_id=event.org_id, mentor_ids=[event.mentor_id], now=now)
    near = _near(mentor, now=now)
    until = event.looked + AT_ONCE
    for waiting in _with_needs(near[event.looked : until], org_id=event.org_id):
        if _can_help(mentor, waiting, now=now):
            note_prospect(waiting=waiting, mentor=mentor.person, now=now)
    if until < min(len(near), MOST):
        events.publish(MentorCameUp(org_id=event.org_id, mentor_id=event.mentor_id, looked=until), now=now)


def _near(mentor: Profile, *, now: datetime) -> list[UUID]:
    """Questions that wait, with nothing booked, and could be for this mentor: the nearest first, then the oldest."""
    booked = MentoringSession.plain.filter(need=OuterRef("need"), status__in=TAKING_TIME, span__endswith__gt=now)
    rows = Waiting.objects.within(mentor.org_id).in_force(now).filter(~Exists(booked))
    speaks = Q(need__languages__overlap=mentor.language_codes) if mentor.language_codes else Q()
    waiting = list(rows.filter(speaks).exclude(need__mentee=mentor.person_id).order_by("pk").values_list("pk", "need"))
    waiting = waiting[:READ]
    topics: dict[UUID, list[str]] = {need: [] for _, need in waiting}
    for need, skill in NeedTopic.objects.within(mentor.org_id).filter(need__in=topics).values_list("need", "skill"):
        topics[need].append(skill)
    known = [topic.skill_id for topic in mentor.topics.all() if topic.skill_id]
    nearness = {need: _nearest(asked, known) for need, asked in topics.items()}
    close = [pk for pk, need in waiting if nearness[need] >= NEAR or not topics[need]]
    by_need = dict(waiting)
    return sorted(close, key=lambda pk: -nearness[by_need[pk]])  # equals stay in the order they wait


def _nearest(asked: Iterable[str], known: Iterable[str]) -> float:
    family = engine.family_of(skills())
    return max((family.nearness(one, other) for one in asked for other in known), default=0.0)


def _with_needs(keys: list[UUID], *, org_id: UUID) -> list[Waiting]:
    """These, with all that ranking reads of a question."""
    topics = NeedTopic.objects.within(org_id)
    needs = Need.objects.within(org_id).select_related("org", "mentee").prefetch_related(Prefetch("topics", topics))
    return list(Waiting.objects.within(org_id).filter(pk__in=keys).prefetch_related(Prefetch("need", needs)))


def _can_help(mentor: Profile, waiting: Waiting, *, now: datetime) -> bool:
    """Whether this mentor would be one of the three, clearly fits, and has a time before the question is over."""
    ranking = ranking_for(waiting.need, now=now)
    if mentor.person_id not in {fit.mentor.id for fit in ranking.three}:
        return False
    by_fit = sorted(ranking.fits, key=lambda fit: -fit.score)
    chances = engine.chances(ranking.asked, by_fit, family=engine.family_of(skills()))
    sure = {fit.mentor.id for fit, chance in zip(by_fit, chances, strict=True) if chance >= engine.SURE}
    if mentor.person_id not in sure:
        return False
    free = free_starts(
        mentor_ids=[mentor.person_id], org=mentor.org_id, minutes=length_offered(mentor, waiting.need.minutes),
        between=(now, waiting.until), now=now, each=1, mentee=waiting.need.mentee,
    )  # fmt: skip
    return bool(free.get(mentor.person_id))
