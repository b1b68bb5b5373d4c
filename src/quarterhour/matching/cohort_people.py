"""The people of an organisation as a cohort sees them: what they want, what they bring, when they are free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from quarterhour.availability.queries import offers
from quarterhour.engines.hours import DAYS, Hours, window
from quarterhour.engines.understand import language_of, topics
from quarterhour.engines.wallclock import floor_second, wallclock
from quarterhour.needs.models import Need, NeedTopic
from quarterhour.people.models import Block, Membership, Profile, Topic
from quarterhour.people.taxonomy import skills
from quarterhour.sessions.models import MentoringSession, Status

LATELY = timedelta(days=180)  # a question that long ago still tells what somebody wants to learn
A_SESSION = 25  # minutes: what one meeting a week takes of somebody's budget, and of a free hour
MOST_PROPOSED = 12
GUESSED, GOAL = 0.7, 0.8  # a topic we read from a question; one read from somebody's goals
HOURS_OF_WEEK, HOUR = 168, 3_600
# Whoever named no hours is taken to have time in the day, on their own clock.
DAYTIME = [window("08:00", "20:00")]


@dataclass(slots=True)
class Someone:
    """One member. wants: skill -> how much, 0 to 1. open: whether a question of theirs waits. hours: of a week
    in UTC, beginning on Monday; told: whether they named them. gives: skill -> level, of a mentor. budget: minutes
    a week, None where no hours are offered.
    """

    id: UUID
    name: str
    zone: str
    role: str = ""
    wants: dict[str, float] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    open: bool = False
    languages: list[str] = field(default_factory=list)
    area: str = ""
    mentor: bool = False
    away: bool = False
    gives: dict[str, str] = field(default_factory=dict)
    helps_with: frozenset[str] = frozenset()
    budget: int | None = None
    hours: NDArray[np.bool_] | None = None
    told: bool = False

    @property
    def asks(self) -> bool:
        return bool(self.open or self.wants)

    @property
    def places(self) -> int:
        """How many they can meet once a week with what they offer."""
        return 0 if self.away or not self.budget else min(self.budget // A_SESSION, MOST_PROPOSED)


def people_of(org_id: UUID, *, now: datetime) -> dict[UUID, Someone]:
    """Every member who can sign in, by key, in the order of their names. Seven queries, however many."""
    rows = Membership.objects.filter(org=org_id, person__is_active=True).order_by("person__name", "person__email")
    found = {
        key: Someone(key, name or mail.partition("@")[0], zone, languages=[language])
        for key, name, mail, zone, language in rows.values_list(
            "person", "person__name", "person__email", "person__zone", "person__language"
        )
    }
    _read_profiles(found, org_id, now)
    _read_questions(found, org_id, now)
    _read_hours(found, org_id, now)
    return found


def met_before(org_id: UUID) -> set[tuple[UUID, UUID]]:
    """(mentee, mentor) of every two who met here, or are about to. One query."""
    rows = MentoringSession.objects.within(org_id).filter(status__in=[Status.ENDED, Status.CONFIRMED])
    return set(rows.values_list("mentee", "mentor").distinct())


def kept_apart(org_id: UUID) -> set[tuple[UUID, UUID]]:
    """Members who never meet because one of the two wants it so, each pair both ways round. One query."""
    here = Membership.objects.filter(org=org_id).values("person")
    because = "whoever blocked somebody meets them in no organisation"
    rows = Block.objects.of_every_tenant(because=because).filter(blocker__in=here, blocked__in=here)
    pairs = set(rows.values_list("blocker", "blocked"))
    return pairs | {(b, a) for a, b in pairs}


def _read_profiles(found: Mapping[UUID, Someone], org_id: UUID, now: datetime) -> None:
    columns = ("person", "role", "industry", "goals", "language_codes", "is_mentor", "paused_until", "helps_with")
    for key, role, industry, goals, codes, is_mentor, paused, kinds in Profile.objects.within(org_id).values_list(
        *columns
    ):
        if (one := found.get(key)) is None:
            continue
        one.role, one.area, one.mentor = role, industry.strip().casefold(), is_mentor
        one.languages = list(codes) or one.languages
        one.helps_with = frozenset(kinds)
        one.away = bool(paused and paused > now.date())
        one.wants = {skill: GOAL * sure for skill, sure in _goals(goals)}
    known = Topic.objects.within(org_id).filter(profile__is_mentor=True, skill__isnull=False).order_by("position", "pk")
    for key, skill, level in known.values_list("profile__person", "skill", "level"):
        if key in found:
            found[key].gives.setdefault(skill, level)


@lru_cache(maxsize=4096)
def _goals(text: str) -> tuple[tuple[str, float], ...]:
    """What somebody says they are after, as skills of the taxonomy."""
    if not text.strip():
        return ()
    return tuple((topic.skill_id, topic.confidence) for topic in topics(text, skills(), language=language_of(text)))


def _read_questions(found: Mapping[UUID, Someone], org_id: UUID, now: datetime) -> None:
    lately = Q(closed_at=None) | Q(stated_at__gt=now - LATELY)
    asked = Need.objects.within(org_id).filter(lately, stated_at__lte=now)
    whose: dict[UUID, UUID] = {}
    for pk, key, kind, closed in asked.values_list("pk", "mentee", "kind", "closed_at"):
        if (one := found.get(key)) is not None:
            whose[pk] = key
            one.kinds.add(kind)
            one.open = one.open or closed is None
    about = NeedTopic.objects.within(org_id).filter(need__in=asked.values("pk")).order_by("position", "pk")
    for need, skill, proposed in about.values_list("need", "skill", "proposed"):
        if need in whose:
            wants = found[whose[need]].wants
            wants[skill] = max(wants.get(skill, 0.0), GUESSED if proposed else 1.0)


def _read_hours(found: Mapping[UUID, Someone], org_id: UUID, now: datetime) -> None:
    monday = datetime.combine(now.astimezone(UTC).date() - timedelta(days=now.astimezone(UTC).weekday()), time(), UTC)
    offered = offers(found, org=org_id, since=monday.date() + timedelta(days=36_500))  # the week as it usually is
    for key, one in found.items():
        offer = offered.get(key)
        one.told = bool(offer and offer.hours.weekly)
        if offer:
            one.budget = offer.availability.weekly_minutes
        week = offer.hours if offer and one.told else _daytime(one.zone)
        one.hours = hours_of_week(Hours(week.zone, week.weekly), monday=monday)


def hours_of_week(hours: Hours, *, monday: datetime) -> NDArray[np.bool_]:
    """Which hours of the week from `monday`, midnight UTC, hold a session of 25 minutes."""
    bits = np.zeros(HOURS_OF_WEEK, dtype=bool)
    begin = floor_second(monday)
    ends = begin + HOURS_OF_WEEK * HOUR
    for start, end in hours.within(begin, ends, wallclock(hours.zone, begin, ends)):
        first, last = max(start, begin) - begin, min(end, ends) - begin
        for place in range(first // HOUR, -(-last // HOUR)):
            if min(last, (place + 1) * HOUR) - max(first, place * HOUR) >= A_SESSION * 60:
                bits[place] = True
    return bits


@lru_cache(maxsize=512)
def _daytime(zone: str) -> Hours:
    try:
        return Hours(zone, dict.fromkeys(range(len(DAYS)), DAYTIME))
    except ValueError:
        return Hours("UTC", dict.fromkeys(range(len(DAYS)), DAYTIME))
