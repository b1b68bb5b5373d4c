"""How often something may be tried. Buckets live in PostgreSQL: no cache to lose, nothing fails open."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from quarterhour.core.errors import TooMany
from quarterhour.core.statements import Statement, send


def spend(bucket: str, *, most: int, per: timedelta, now: datetime, told: str) -> None:
    """Count one try. Raises TooMany, with `told`, once there were `most` within `per`.

    The window starts with the first try and is whole: after `per` the count begins anew.
    """
    # Alone, a count waits for no disk: a crash forgets the last fifth of a second of them, and nothing else.
    alone = [] if connection.in_atomic_block else [Statement("SET LOCAL synchronous_commit = off")]
    *_, answer = send(*alone, Statement(SPEND, [bucket, now, now - per, now - per]))
    if answer.rows[0][0] > most:
        raise TooMany(told)


SPEND = """
INSERT INTO core_spent AS s (bucket, count, since) VALUES (%s, 1, %s)
ON CONFLICT (bucket) DO UPDATE SET
  count = CASE WHEN s.since <= %s THEN 1 ELSE s.count + 1 END,
  since = CASE WHEN s.since <= %s THEN excluded.since ELSE s.since END
RETURNING count
"""
