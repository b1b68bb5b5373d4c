"""Taking turns: of all workers on all machines, one at a time does a certain thing. PostgreSQL lets go if it dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

from django.db import connection


@contextmanager
def one_at_a_time(what: str) -> Iterator[bool]:
    """Whether it is our turn. Waits for nobody: who comes second is told no."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [OURS, crc32(what.encode()) & 0x7FFFFFFF])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [OURS, crc32(what.encode()) & 0x7FFFFFFF])


OURS = 0x51480001  # keeps these locks apart from those of anybody else
