"""Taking time: for both people or for neither, and never twice.

A question asked of several mentors may want overlapping hours of its mentee: the claims of these hours lie `together`,
named by the question, until the first yes makes one of them stand alone.

The people's rows are locked in the order of their keys, so that two bookings that share a person
meet in a queue instead of a deadlock. The exclusion constraint has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from quarterhour.core.ids import uuid7
from quarterhour.core.statements import Statement, send
from quarterhour.sessions.models import MentoringSession, Status


def lock_people(one: UUID, other: UUID) -> None:
    """Wait for these people's rows, 2 s at most, until the end of the transaction."""
    send(*locking(one, other))


def lock_all(person_ids: Iterable[UUID]) -> None:
    """The same for more than two, in the same order."""
    send(Statement("SET LOCAL lock_timeout = '2s'"), Statement(LOCK_ALL, [list(person_ids)]))


def forget_holds(mentor_id: UUID, mentee_id: UUID, *, now: datetime) -> None:
    """Give back the time of holds that ran out for these two, and of the mentee's own holds."""
    send(forgetting(mentor_id, mentee_id, now=now))


def forget_run_out(one: UUID, other: UUID, *, now: datetime) -> None:
    """Give back the time of holds that ran out for these two; what either of them still holds stays."""
    send(Statement(FORGET, [now, None, one, other]))


def locking(one: UUID, other: UUID) -> list[Statement]:
    """What `lock_people` sends."""
    return [Statement("SET LOCAL lock_timeout = '2s'"), Statement(LOCK, [one, other])]


def forgetting(mentor_id: UUID, mentee_id: UUID, *, now: datetime) -> Statement:
    """What `forget_holds` sends."""
    return Statement(FORGET, [now, mentee_id, mentor_id, mentee_id])


LOCK = "SELECT 1 FROM people_person WHERE id IN (%s, %s) ORDER BY id FOR NO KEY UPDATE"
LOCK_ALL = "SELECT 1 FROM people_person WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

FORGET = """
WITH dropped AS (
  UPDATE mentoring_sessions_mentoringsession SET status = 'dropped', version = version + 1
  WHERE status = 'held' AND (held_until <= %s OR mentee_id = %s)
    AND id IN (SELECT session_id FROM mentoring_sessions_timeclaim WHERE person_id IN (%s, %s)) RETURNING id
)
DELETE FROM mentoring_sessions_timeclaim USING dropped WHERE session_id = dropped.id
"""


def cut(session_id: UUID, *, now: datetime) -> None:
    """What is left of a session's time from now on is its people's again; what was spent counts as given."""
    send(Statement(CUT, [now, session_id, now]))


CUT = """
UPDATE mentoring_sessions_timeclaim SET during = tstzrange(lower(during), %s)
WHERE session_id = %s AND lower(during) < %s
"""


def prolong(session_id: UUID, end: datetime) -> bool:
    """Let a session's claims last until `end`. False if one of its people is taken, and nothing has changed."""
    try:
        with transaction.atomic():
            send(Statement(PROLONG, [end, session_id]))
    except IntegrityError:
        return False
    return True


PROLONG = "UPDATE mentoring_sessions_timeclaim SET during = tstzrange(lower(during), %s) WHERE session_id = %s"


def keeping(session: MentoringSession) -> Statement:
    """Writes a new session, and a claim of its time for both people: two rows, or somebody is taken; then roll back.

    The claims are sorted by person and never wait for a rival's.
    """
    s = session
    row = [s.pk, s.org_id, s.need_id, s.mentor_id, s.mentee_id, s.starts_at, s.ends_at, s.status]
    row += [s.held_until, s.answer_by, s.created_at, s.asked_at, s.changed_by_id]
    return Statement(KEEP, [*row, _together(s), uuid7(), uuid7()])


def _together(session: MentoringSession) -> UUID | None:
    """Under which name the mentee's claim lies: the question's until somebody said yes, then its own."""
    return None if session.status == Status.CONFIRMED else session.need_id


KEEP = """
WITH kept AS (
  INSERT INTO mentoring_sessions_mentoringsession (id, org_id, need_id, mentor_id, mentee_id, span, status,
    held_until, answer_by, created_at, asked_at, changed_by_id, version, sequence, note)
  VALUES (%s, %s, %s, %s, %s, tstzrange(%s, %s), %s, %s, %s, %s, %s, %s, 1, 0, '')
  RETURNING id, span, mentor_id, mentee_id
)
INSERT INTO mentoring_sessions_timeclaim (id, person_id, during, session_id, together)
SELECT claim.id, claim.person, span, kept.id,
  coalesce(CASE WHEN claim.person = mentee_id THEN %s::uuid END, gen_random_uuid()) FROM kept,
  LATERAL (VALUES (%s, least(mentor_id, mentee_id)), (%s, greatest(mentor_id, mentee_id))) AS claim (id, person)
ON CONFLICT DO NOTHING
"""


def claim(
    session_id: UUID,
    person_ids: Iterable[UUID],
    span: tuple[datetime, datetime],
    *,
    together: Mapping[UUID, UUID | None] | None = None,
) -> bool:
    """Claim `span` for everybody, sorted, without waiting for a rival. False if anybody is taken.

    together: by person the name under which their claim lies with others; without one it is a time of its own.
    """
    people = sorted(person_ids)
    named = [(together or {}).get(person) for person in people]
    (answer,) = send(Statement(CLAIM, [*span, session_id, [uuid7() for _ in people], people, named]))
    return answer.count == len(people)


CLAIM = """
INSERT INTO mentoring_sessions_timeclaim (id, person_id, during, session_id, together)
SELECT claim.id, claim.person, tstzrange(%s, %s), %s, coalesce(claim.together, gen_random_uuid())
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[]) AS claim (id, person, together)
ON CONFLICT DO NOTHING
"""


def alone(session_id: UUID) -> Statement:
    """The time of this session lies together with nothing any more. Others of its question have to be given back
    before: the constraint refuses what still overlaps.
    """
    return Statement(ALONE, [session_id])


ALONE = "UPDATE mentoring_sessions_timeclaim SET together = gen_random_uuid() WHERE session_id = %s"


def give_back(session_id: UUID) -> None:
    """The time of this session is free again."""
    send(Statement("DELETE FROM mentoring_sessions_timeclaim WHERE session_id = %s", [session_id]))
