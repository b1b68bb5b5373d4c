"""Reading quality: counts with their uncertainty, never a person's single answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from quarterhour.core.statements import Statement, send
from quarterhour.engines.quality import Helped, likely_range
from quarterhour.people.models import Person
from quarterhour.sessions.attendance_models import MISSED
from quarterhour.sessions.models import MentoringSession
from quarterhour.trust.models import Helpfulness, PrivateNote

HELPED = 3  # quarters from which a session, or a written answer, counts as helpful


def helped_by(mentor_ids: Iterable[UUID], *, org, until: datetime | None = None) -> dict[UUID, Helped]:
    """How often each mentor helped, talking or in writing, by their mentees' word; with the likely range. One query.

    until: only answers given before. What people see is counted until `this_week` began, so that nobody reads one
    answer off a sum that grew just now. Double-blind: only sums leave this function.
    """
    org_id, ids, before = getattr(org, "pk", org), list(mentor_ids), until or datetime.max.replace(tzinfo=UTC)
    (counted,) = send(Statement(HELPED_BY, [HELPED, org_id, ids, before, list(MISSED), org_id, ids, before]))
    return {mentor_id: likely_range(good, of) for mentor_id, of, good in counted.rows}


# Nobody is helped by who did not come, or came to nobody.
HELPED_BY = """
SELECT mentor, count(*), count(*) FILTER (WHERE quarters >= %s) FROM (
  SELECT s.mentor_id AS mentor, said.quarters FROM mentoring_sessions_mentoringsession s
    JOIN trust_helpfulness said ON said.session_id = s.id AND said.rater_id = s.mentee_id
    WHERE said.org_id = %s AND s.mentor_id = ANY(%s) AND said.at < %s AND NOT EXISTS (
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


def own_answer(session: MentoringSession, *, visible_to: Person) -> tuple[int | None, str]:
    """What this person said themselves: quarters or None, and their note to the platform."""
    said = Helpfulness.objects.visible_to(visible_to).filter(session=session).values_list("quarters", flat=True).first()
    note = PrivateNote.objects.visible_to(visible_to).filter(session=session).values_list("text", flat=True).first()
    return said, note or ""
