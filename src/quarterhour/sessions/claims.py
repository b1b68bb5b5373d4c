"""Taking time: for both people or for neither, and never twice.

The people's rows are locked in the order of their keys, so that two bookings that share a person
meet in a queue instead of a deadlock. The exclusion constraint has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

from quarterhour.core.ids import uuid7
from quarterhour.sessions.models import MentoringSession


def lock_people(person_ids: Iterable[UUID]) -> None:
    """Wait for these people's rows, 2 s at most, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [sorted(person_ids)])


def forget_holds(person_ids: Iterable[UUID], *, by: UUID, now: datetime) -> None:
    """Give back the time of holds that ran out for these people, and of the holds of `by` themselves."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [now, by, sorted(person_ids)])


def lock_and_forget(person_ids: Iterable[UUID], *, by: UUID, now: datetime) -> None:
    """`lock_people`, then `forget_holds`, in one message: whoever waits for us waits for each of our messages."""
    people = sorted(person_ids)
    with connection.cursor() as cursor:
        cursor.execute(LOCK + ";" + FORGET, [people, now, by, people])


LOCK = """
SET LOCAL lock_timeout = '2s';
SELECT 1 FROM people_person WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""

FORGET = """
WITH dropped AS (
  UPDATE mentoring_sessions_mentoringsession SET status = 'dropped', version = version + 1
  WHERE status = 'held' AND (held_until <= %s OR mentee_id = %s)
    AND id IN (SELECT session_id FROM mentoring_sessions_timeclaim WHERE person_id = ANY(%s)) RETURNING id
)
DELETE FROM mentoring_sessions_timeclaim USING dropped WHERE session_id = dropped.id
"""


def keep(session: MentoringSession) -> bool:
    """Write a new session, and a claim of its time for both people. False if anybody is taken: then roll back.

    One statement. The claims are sorted by person and never wait for a rival's.
    """
    people = sorted([session.mentor_id, session.mentee_id])
    row = [getattr(session, name) for name in COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [*row, [uuid7() for _ in people], people])
        return cursor.rowcount == len(people)


COLUMNS = (
    "id", "org_id", "need_id", "mentor_id", "mentee_id", "span", "status", "version", "sequence",
    "held_until", "answer_by", "created_at", "ended_at", "changed_by_id", "note",
)  # fmt: skip

KEEP = f"""
WITH kept AS (
  INSERT INTO mentoring_sessions_mentoringsession ({", ".join(COLUMNS)})
  VALUES ({", ".join(["%s"] * len(COLUMNS))}) RETURNING id, span
)
INSERT INTO mentoring_sessions_timeclaim (id, person_id, during, session_id)
SELECT claim.id, claim.person, kept.span, kept.id FROM kept, unnest(%s::uuid[], %s::uuid[]) AS claim (id, person)
ON CONFLICT DO NOTHING
"""  # noqa: S608 - put together from our own words


def claim(session_id: UUID, person_ids: Iterable[UUID], span: tuple[datetime, datetime]) -> bool:
    """Claim `span` for everybody, sorted, without waiting for a rival. False if anybody is taken."""
    people = sorted(person_ids)
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [*span, session_id, [uuid7() for _ in people], people])
        return cursor.rowcount == len(people)


CLAIM = """
INSERT INTO mentoring_sessions_timeclaim (id, person_id, during, session_id)
SELECT claim.id, claim.person, tstzrange(%s, %s), %s FROM unnest(%s::uuid[], %s::uuid[]) AS claim (id, person)
ON CONFLICT DO NOTHING
"""


def give_back(session_id: UUID) -> None:
    """The time of this session is free again."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM mentoring_sessions_timeclaim WHERE session_id = %s", [session_id])
