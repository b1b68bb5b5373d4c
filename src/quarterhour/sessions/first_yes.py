"""The first yes wins: whoever else has the same question is let go in the same transaction, and thanked.

Everybody who says yes to a question waits for its mentee's row first, so of many who press at once one goes through and
the others find their request closed.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from quarterhour.core import events
from quarterhour.core.statements import Statement, send
from quarterhour.sessions import claims
from quarterhour.sessions.events import SessionThanked
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.room import news


def make_way(session: MentoringSession, *, now: datetime) -> None:
    """Let go what else this question asks or holds, and let the time of `session` stand alone. Under the lock of the
    mentee. A constant number of messages.
    """
    if session.need_id is None:
        send(claims.alone(session.pk))
        return
    gone, _ = send(letting_go(session.need_id, but_for=session.pk), claims.alone(session.pk))
    tell(gone.rows, org_id=session.org_id, now=now)


def letting_go(need_id: UUID, *, but_for: UUID | None = None) -> Statement:
    """Closes the other requests of a question, drops its other holds, and frees the time of both; answers with
    (key, sequence) of the requests, for `tell`.
    """
    return Statement(LET_GO, [need_id, but_for])


LET_GO = """
WITH others AS (
  SELECT id FROM mentoring_sessions_mentoringsession
  WHERE need_id = %s AND status IN ('asked', 'held') AND id IS DISTINCT FROM %s::uuid ORDER BY id FOR NO KEY UPDATE
), gone AS (
  UPDATE mentoring_sessions_mentoringsession s
  SET status = CASE s.status WHEN 'asked' THEN 'thanked' ELSE 'dropped' END, version = s.version + 1
  FROM others WHERE s.id = others.id AND s.status IN ('asked', 'held') RETURNING s.id, s.sequence, s.status
), freed AS (
  DELETE FROM mentoring_sessions_timeclaim USING gone WHERE session_id = gone.id
)
SELECT id, sequence FROM gone WHERE status = 'thanked'
"""


def tell(gone: list[tuple], *, org_id: UUID, now: datetime) -> None:
    """The news that these requests are closed: their mentors are thanked, open pages are told."""
    for pk, sequence in gone:
        events.publish(SessionThanked(org_id=org_id, session_id=pk, sequence=sequence), now=now)
        news.tell(pk, "thanked")
