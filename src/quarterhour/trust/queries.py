"""Reading quality: counts with their uncertainty, never a person's single answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from quarterhour.core.statements import Statement, send
from quarterhour.engines.following_up import Kind
from quarterhour.engines.quality import Helped, likely_range
from quarterhour.people.models import Person
from quarterhour.sessions.attendance_models import MISSED
from quarterhour.sessions.models import MentoringSession
from quarterhour.trust.follow_up_models import FollowUp
from quarterhour.trust.models import Helpfulness, PrivateNote

HELPED = 3  # quarters from which a session, or a written answer, counts as helpful


def helped_by(mentor_ids: Iterable[UUID], *, org, until: datetime | None = None) -> dict[UUID, Helped]:
    """How often each mentor helped, talking or in writing, by their mentees' word; with the likely range. One query.

    Of what a mentee said of one session, on its card, a week and a month later, the latest answer counts.
    until: only answers given before. What people see is counted until `this_week` began, so that nobody reads one
    answer off a sum that grew just now. Double-blind: only sums leave this function.
    """
    org_id, ids, before = getattr(org, "pk", org), list(mentor_ids), until or datetime.max.replace(tzinfo=UTC)
    (counted,) = send(Statement(HELPED_BY, [HELPED, before, org_id, ids, list(MISSED), org_id, ids, before]))
    return {mentor_id: likely_range(good, of) for mentor_id, of, good in counted.rows}


# Nobody is helped by who did not come, or came to nobody.
HELPED_BY = """
SELECT mentor, count(*), count(*) FILTER (WHERE quarters >= %s) FROM (
  SELECT s.mentor_id AS mentor, latest.quarters FROM mentoring_sessions_mentoringsession s
    CROSS JOIN LATERAL (
      SELECT quarters FROM (
        SELECT quarters, at FROM trust_helpfulness WHERE session_id = s.id AND rater_id = s.mentee_id
        UNION ALL
        SELECT quarters, answered_at FROM trust_followup
          WHERE session_id = s.id AND person_id = s.mentee_id AND answered_at IS NOT NULL
      ) AS said WHERE said.at < %s ORDER BY said.at DESC LIMIT 1
    ) AS latest
    WHERE s.org_id = %s AND s.mentor_id = ANY(%s) AND NOT EXISTS (
      SELECT FROM mentoring_sessions_howkept kept WHERE kept.session_id = s.id AND kept.word = ANY(%s))
  UNION ALL
  SELECT mentor_id, quarters FROM mentoring_sessions_writtenask
    WHERE org_id = %s AND mentor_id = ANY(%s) AND quarters IS NOT NULL AND rated_at < %s
) AS told GROUP BY mentor
"""


def this_week(now: datetime) -> datetime:
    """Midnight UTC of this week's Monday: answers given since then are not shown in sums yet."""
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class Followed:
    """Sums over the follow-ups of one kind: asked, answered, and said that it helped. Nobody's answer alone.

    asked: whoever was written to. answered: of those, said how much it helped. helped: of those, `HELPED` or more.
    """

    asked: int
    answered: int
    helped: int


def followed(*, org, kind: Kind, since: datetime, until: datetime) -> Followed:
    """What came of asking in this stretch of time, for a funnel: sums of an organisation, and only sums. One query."""
    rows = FollowUp.objects.within(org).filter(kind=kind, handed_at__gte=since, handed_at__lt=until)
    return Followed(
        **rows.aggregate(
            asked=Count("pk"),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            helped=Count("pk", filter=Q(quarters__gte=HELPED)),
        )
    )


def worked_for(mentor: Person, *, org, until: datetime) -> Helped:
    """How often it had helped a month later, of those who were asked and said, with the likely range. One query.

    until: only answers given before, as for `helped_by`. For the mentor's own eyes, and only sums.
    """
    rows = FollowUp.objects.within(org).filter(kind=Kind.MONTH, session__mentor=mentor, person=F("session__mentee"))
    told = rows.filter(answered_at__lt=until).aggregate(
        of=Count("pk"), good=Count("pk", filter=Q(quarters__gte=HELPED))
    )
    return likely_range(told["good"], told["of"])


def latest_answers(session_ids: Iterable[UUID], *, org) -> dict[UUID, int]:
    """What the mentee of each session said last of how it helped: on the card, a week or a month later. Two queries.

    For counting alone: nobody is shown another person's answer.
    """
    ids = list(session_ids)
    said = Helpfulness.objects.within(org).filter(session__in=ids, rater=F("session__mentee"))
    later = FollowUp.objects.within(org).answered().filter(session__in=ids, person=F("session__mentee"))
    every = [*said.values_list("at", "session", "quarters"), *later.values_list("answered_at", "session", "quarters")]
    return {session: quarters for _, session, quarters in sorted(every, key=lambda each: each[0])}


def with_last_answer(sessions: QuerySet[MentoringSession]) -> QuerySet[MentoringSession]:
    """The sessions, each with what its mentee said last of how it helped: `last_answer`, None for nothing.

    For filters and sums alone: nobody is shown another person's answer.
    """
    card = Helpfulness.plain.filter(session=OuterRef("pk"), rater=OuterRef("mentee"))
    later = FollowUp.plain.filter(session=OuterRef("pk"), person=OuterRef("mentee"), answered_at__isnull=False)
    later = later.order_by("-answered_at")
    asked = sessions.annotate(
        card_at=Subquery(card.values("at")[:1]), later_at=Subquery(later.values("answered_at")[:1])
    )
    first, last = Subquery(card.values("quarters")[:1]), Subquery(later.values("quarters")[:1])
    # An answer on the card can be said anew at any time, also after the last time we asked.
    return asked.annotate(last_answer=Case(When(card_at__gt=F("later_at"), then=first), default=Coalesce(last, first)))


def own_answer(session: MentoringSession, *, visible_to: Person) -> tuple[int | None, str]:
    """What this person said themselves: quarters or None, and their note to the platform."""
    said = Helpfulness.objects.visible_to(visible_to).filter(session=session).values_list("quarters", flat=True).first()
    note = PrivateNote.objects.visible_to(visible_to).filter(session=session).values_list("text", flat=True).first()
    return said, note or ""
