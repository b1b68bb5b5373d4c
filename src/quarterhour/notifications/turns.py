"""Taking turns: few workers of all do a certain thing at once. PostgreSQL gives the turn on when a worker dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

from django.db import connection

OURS = 0x51480001  # keeps these locks apart from those of anybody else


@contextmanager
def turn(what: str, *, of: int = 1) -> Iterator[bool]:
    """Whether it is our turn: `of` connections have one at a time. Waits for nobody: who comes later is told no."""
    mine = next((key for key in (_key(what, n) for n in range(of)) if _asked("pg_try_advisory_lock", key)), None)
    try:
        yield mine is not None
    finally:
        if mine is not None:
            _asked("pg_advisory_unlock", mine)


def _key(what: str, number: int) -> int:
    return crc32(f"{what} {number}".encode()) & 0x7FFFFFFF


def _asked(function: str, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [OURS, key])
        return cursor.fetchone()[0]
