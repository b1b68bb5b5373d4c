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
SELECT count(*) FROM (
  SELECT s.id FROM mentoring_sessions_mentoringsession s
    LEFT JOIN mentoring_sessions_timeclaim c
      ON c.session_id = s.id AND c.during = s.span AND c.person_id IN (s.mentor_id, s.mentee_id)
  WHERE s.status <> 'ended'
  GROUP BY s.id
  HAVING count(DISTINCT c.person_id) <> CASE WHEN s.status IN ('held', 'asked', 'confirmed') THEN 2 ELSE 0 END
) AS half
"""

STRAY = """
SELECT count(*) FROM mentoring_sessions_timeclaim c JOIN mentoring_sessions_mentoringsession s ON s.id = c.session_id
WHERE s.status NOT IN ('held', 'asked', 'confirmed', 'ended') OR c.person_id NOT IN (s.mentor_id, s.mentee_id)
  OR (c.during <> s.span AND NOT EXISTS (SELECT FROM mentoring_sessions_ask a WHERE a.session_id = s.id
    AND s.status = 'asked' AND c.person_id = s.mentor_id AND lower(c.during) = ANY(a.offered)))
"""

TROUBLES = {
    "somebody is in two places at a time": TWICE,
    "a session took the time of one person only, or keeps time it gave back": HALF,
    "a claim stands for no session": STRAY,
}


def troubles() -> list[str]:
    """What is wrong; nothing, after whatever race. Two sessions of one person overlap only for the hours one question
    is asked of several mentors for; what takes time has two claims of it, what gave it back has none.
    """
    found = []
    with connection.cursor() as cursor:
        for told, counted in TROUBLES.items():
            cursor.execute(counted)
            if cursor.fetchone()[0]:
                found.append(told)
    return found
