"""What must be true of everybody's time, asked of the database in words the services do not use."""

from __future__ import annotations

from django.db import connection

TWICE = """
WITH place AS (
  SELECT s.id, s.span, s.status, s.mentee_id, s.need_id, who
  FROM mentoring_sessions_mentoringsession s, unnest(ARRAY[s.mentor_id, s.mentee_id]) AS who
  WHERE s.status IN ('held', 'asked', 'confirmed')
)
SELECT count(*) FROM place one JOIN place other ON one.who = other.who AND one.id < other.id AND one.span && other.span
WHERE NOT (one.who = one.mentee_id AND one.need_id = other.need_id AND 'confirmed' NOT IN (one.status, other.status))
"""

HALF = """
SELECT s.id, s.status, count(c.id) FROM mentoring_sessions_mentoringsession s
  LEFT JOIN mentoring_sessions_timeclaim c
    ON c.session_id = s.id AND c.during = s.span AND c.person_id IN (s.mentor_id, s.mentee_id)
WHERE s.status <> 'ended'
GROUP BY s.id
HAVING count(DISTINCT c.person_id) <> CASE WHEN s.status IN ('held', 'asked', 'confirmed') THEN 2 ELSE 0 END
"""

STRAY = """
SELECT count(*) FROM mentoring_sessions_timeclaim c JOIN mentoring_sessions_mentoringsession s ON s.id = c.session_id
WHERE s.status NOT IN ('held', 'asked', 'confirmed', 'ended') OR c.during <> s.span
  OR c.person_id NOT IN (s.mentor_id, s.mentee_id)
"""


def assert_nobody_is_booked_twice_or_half() -> None:
    """No two sessions of one person overlap, but for the hours one question is asked of several mentors for. What takes
    time has two claims of it; what gave it back has none.
    """
    with connection.cursor() as cursor:
        cursor.execute(TWICE)
        assert cursor.fetchone() == (0,), "somebody is in two places at a time"
        cursor.execute(HALF)
        assert cursor.fetchall() == [], "a session took the time of one person only, or keeps time it gave back"
        cursor.execute(STRAY)
        assert cursor.fetchone() == (0,), "a claim stands for no session"
