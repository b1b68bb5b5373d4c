"""Servers that say nothing are left in peace for a while, so that nobody else waits behind them.

Without this, every calendar of a silent server would wait out its deadline, and those of all others would wait
behind them. The state is a row in PostgreSQL, so all workers on all machines know it. Which server was silent is
told by the connection itself: nobody can have another server left in peace by pointing at it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from quarterhour.core.fetching.fetch import Silent
from quarterhour.core.models import Spent

MOST_SILENCES = 3
REST = timedelta(minutes=2)


def is_resting(origin: str, *, now: datetime) -> bool:
    """Whether this server was silent several times in a row, the last time a moment ago."""
    rows = Spent.objects.filter(bucket=_bucket(origin), count__gte=MOST_SILENCES, since__gt=now - REST)
    return rows.exists()


def was_silent(error: Silent, *, now: datetime) -> None:
    """Count one more silence of the server that was asked in the end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_spent AS s (bucket, count, since) VALUES (%s, 1, %s)"
            " ON CONFLICT (bucket) DO UPDATE SET count = s.count + 1, since = excluded.since",
            [_bucket(error.origin), now],
        )


def answered(origin: str) -> None:
    """It speaks: whatever was counted is forgotten."""
    Spent.objects.filter(bucket=_bucket(origin)).delete()


def _bucket(origin: str) -> str:
    return f"silent:{origin}"[:160]
