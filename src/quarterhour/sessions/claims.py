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


def lock_people(person_ids: Iterable[UUID]) -> None:
    """Wait for these people's rows, 2 s at most, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL lock_timeout = '2s'; SELECT 1 FROM people_person WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [sorted(person_ids)],
        )


def forget_holds(person_ids: Iterable[UUID], *, by: UUID, now: datetime) -> None:
    """Give back the time of holds that ran out for these people, and of the holds of `by` themselves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE mentoring_sessions_mentoringsession SET status = 'dropped', version = version + 1"
            " WHERE status = 'held' AND (held_until <= %s OR mentee_id = %s)"
            " AND id IN (SELECT session_id FROM mentoring_sessions_timeclaim WHERE person_id = ANY(%s)) RETURNING id",
            [now, by, sorted(person_ids)],
        )
        dropped = [row[0] for row in cursor.fetchall()]
        if dropped:
            cursor.execute("DELETE FROM mentoring_sessions_timeclaim WHERE session_id = ANY(%s)", [dropped])


def claim(session_id: UUID, person_ids: Iterable[UUID], span: tuple[datetime, datetime]) -> bool:
    """Claim `span` for everybody, sorted, without waiting for a rival. False if anybody is taken."""
    people = sorted(person_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mentoring_sessions_timeclaim (id, person_id, during, session_id)"
            " SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::tstzrange[], %s::uuid[])"
            " ON CONFLICT DO NOTHING",
            [
                [uuid7() for _ in people],
                people,
                [f"[{span[0].isoformat()},{span[1].isoformat()})"] * len(people),
                [session_id] * len(people),
            ],
        )
        return cursor.rowcount == len(people)


def give_back(session_id: UUID) -> None:
    """The time of this session is free again."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM mentoring_sessions_timeclaim WHERE session_id = %s", [session_id])
