"""What a mentor's two pages read: who comes, what they ask, and what became of earlier advice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch

from quarterhour.advice.models import Takeaway
from quarterhour.advice.queries import is_behind, kept_by
from quarterhour.core.errors import NotFound
from quarterhour.needs.models import NeedTopic
from quarterhour.people.models import Person, Profile, Topic
from quarterhour.sessions import queries
from quarterhour.sessions.attendance_models import MISSED
from quarterhour.sessions.models import MentoringSession, Status

MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Diary:
    """next: the first booked session that is not over. later: how many more there are. asks: most urgent first."""

    next: MentoringSession | None
    later: int
    asks: list[MentoringSession]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What these two have behind them: how often they met, when last, and what was kept then."""

    count: int
    last: MentoringSession
    insight: str


def diary(mentor: Person, *, org, now: datetime) -> Diary:
    """The booked sessions somebody gives, and the requests that wait for an answer. Two queries at most."""
    rows = list(queries.coming(mentor, org=org, now=now).filter(mentor=mentor).select_related("ask")[:MOST_SHOWN])
    kept = kept_by(mentor, rows, now=now)
    booked = [row for row in rows if row.status == Status.CONFIRMED and not is_behind(row, kept=kept, now=now)]
    asks = [row for row in rows if row.status == Status.ASKED and row.answer_by and row.answer_by > now]
    asks.sort(key=lambda row: row.answer_by)
    return Diary(next=booked[0] if booked else None, later=max(len(booked) - 1, 0), asks=asks)


def asked_beside(asks: Iterable[MentoringSession], mentor: Person, *, org) -> Counter[UUID]:
    """How many others have each of these questions, by question; never who. One query, none without requests."""
    needs = [each.need_id for each in asks if each.need_id]
    if not needs:
        return Counter()
    others = MentoringSession.objects.within(org).filter(need__in=needs, status=Status.ASKED).exclude(mentor=mentor)
    return Counter(others.values_list("need", flat=True))


def given_by(mentor: Person, pk: UUID) -> MentoringSession:
    """A session this person gives. Raises NotFound for everybody else, the mentee included."""
    session = queries.session_for(pk, visible_to=mentor)
    if session.mentor_id != mentor.pk:
        raise NotFound("There is nothing at this address, or it is not yours to see.")
    return session


def own_offer(mentor: Person, *, org) -> Profile | None:
    """A mentor's profile with its topics. Two queries."""
    topics = Prefetch("topics", Topic.objects.within(org))
    return Profile.objects.visible_to(mentor).filter(org=org, person=mentor).prefetch_related(topics).first()


def profiles_of(people: Iterable[UUID], *, org) -> dict[UUID, Profile]:
    """What those who ask show of themselves, by person. One query."""
    return {row.person_id: row for row in Profile.objects.within(org).filter(person__in=list(people))}


def topics_of(needs: Iterable[UUID], *, org) -> dict[UUID, list[NeedTopic]]:
    """The topics of these questions, in order. One query."""
    rows = NeedTopic.objects.within(org).filter(need__in=list(needs)).select_related("skill").order_by("position", "pk")
    found: dict[UUID, list[NeedTopic]] = defaultdict(list)
    for row in rows:
        found[row.need_id].append(row)
    return found


def earlier(session: MentoringSession, *, visible_to: Person) -> Earlier | None:
    """What the two of a session have behind them, this session not counted; None if they are new to each other."""
    both = {"mentor": session.mentor_id, "mentee": session.mentee_id, "org": session.org_id}
    before = MentoringSession.objects.visible_to(visible_to).filter(**both, status=Status.ENDED).exclude(pk=session.pk)
    before = before.exclude(how_kept__word__in=MISSED)
    rows = list(before.filter(span__startswith__lt=session.starts_at).order_by("-span")[:MOST_SHOWN])
    if not rows:
        return None
    card = Takeaway.objects.visible_to(visible_to).filter(session=rows[0]).first()
    return Earlier(len(rows), rows[0], card.insight if card else "")
