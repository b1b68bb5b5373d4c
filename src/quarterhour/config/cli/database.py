"""What most commands begin with: a database that runs and is up to date."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE, TRIES = "3s", 20


@contextmanager
def database_running() -> Iterator[str]:
    """The URL of a database that answers. An embedded one we started is stopped at the end."""
    from quarterhour.config.env import read_settings
    from quarterhour.config.postgres.ready import cluster_of, ensure_database

    given = read_settings()
    if given["DATABASE_URL"]:
        ensure_database(given["DATABASE_URL"])
        yield given["DATABASE_URL"]
        return
    cluster = cluster_of(given["QUARTERHOUR_HOME"], given["QUARTERHOUR_POSTGRES_BIN"])
    started = cluster.ensure_running()
    try:
        ensure_database(cluster.url())
        yield cluster.url()
    finally:
        if started:
            cluster.stop()


def reviver() -> Callable[[], None] | None:
    """What starts the embedded database again after it fell. None where DATABASE_URL names a server of its own."""
    from quarterhour.config.env import read_settings
    from quarterhour.config.postgres.ready import cluster_of

    given = read_settings()
    if given["DATABASE_URL"]:
        return None
    cluster = cluster_of(given["QUARTERHOUR_HOME"], given["QUARTERHOUR_POSTGRES_BIN"])

    def revive() -> None:
        if not cluster.is_running():
            print("The database stopped; starting it again.", file=sys.stderr, flush=True)
            cluster.ensure_running()

    return revive


def migrate(*, quiet: bool = False) -> int:
    """Apply what is missing and load the reference data. Returns how many migrations were applied."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        _apply(lambda: call_command("migrate", verbosity=0 if quiet else 1, interactive=False))
    from quarterhour.people.queries import commons
    from quarterhour.people.services import load_skills

    load_skills()
    commons()
    return len(plan)


def _apply(migrations: Callable[[], object]) -> None:
    """Run the migrations, and wait for no table for long: whoever wants it next would wait behind us.

    Raises OperationalError where somebody has held a table through all our tries.
    """
    from django.db import OperationalError, connection
    from psycopg.errors import LockNotAvailable

    for left in reversed(range(TRIES)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [PATIENCE])
        try:
            migrations()
        except OperationalError as busy:
            if not left or not isinstance(busy.__cause__, LockNotAvailable):
                raise
            print("Somebody is busy with a table that changes; trying again in two seconds.", file=sys.stderr)
            time.sleep(2)
        else:
            return
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")
