"""A test's database is emptied when nobody writes in it any more.

The pages and rooms that a journey talked to are processes of their own: what a browser sent as it closed may still
be in a transaction when the test has ended, and TRUNCATE, which takes every table at once, would meet it in a
deadlock. So emptying waits for open transactions to end, and tries again where one began in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.core.management import CommandError
from django.db import connection
from django.test import TransactionTestCase
from psycopg.errors import DeadlockDetected

PATIENCE = 10.0  # seconds; what is still open then is a fault of its own, and TRUNCATE will say so
TRIES = 5

OPEN = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
"""


def wait_until_nobody_writes() -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        with connection.cursor() as cursor:
            cursor.execute(OPEN)
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.02)


def patiently(empty: Callable[[], None]) -> None:
    """Call `empty` when nobody writes; again where somebody began meanwhile and the two stood in each other's way."""
    for attempt in range(1, TRIES + 1):
        wait_until_nobody_writes()
        try:
            return empty()
        except CommandError as error:
            if attempt == TRIES or not _in_each_others_way(error):
                raise
    return None


def _in_each_others_way(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, DeadlockDetected):
            return True
        error = error.__cause__
    return False


def forget_jobs() -> None:
    """Jobs and the workers that did them, whose tables Django does not know as its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM procrastinate_jobs) OR EXISTS (SELECT FROM procrastinate_workers)")
        if cursor.fetchone()[0]:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def install() -> None:
    """Every test that commits is emptied this way."""
    hastily = TransactionTestCase._fixture_teardown

    def emptied(test) -> None:
        hastily(test)
        forget_jobs()

    TransactionTestCase._fixture_teardown = lambda test: patiently(lambda: emptied(test))
