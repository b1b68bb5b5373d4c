"""What empties a database between tests is itself tested: it waits for writers, and outlives a deadlock."""

from __future__ import annotations

import threading

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from quarterhour.people.models import Person
from tests.emptied import TRIES, forget_jobs, patiently
from tests.factories import PersonFactory
from tests.sessions.room_server import connection_string

pytestmark = pytest.mark.django_db(transaction=True)


def flush() -> None:
    call_command("flush", verbosity=0, interactive=False)


def test_it_waits_for_whoever_is_writing(commons):
    PersonFactory(org=commons)
    writer = psycopg.connect(connection_string())
    writer.execute("UPDATE people_person SET zone = 'UTC'")
    done = threading.Timer(0.4, writer.commit)
    done.start()
    open_when_emptied = []

    def empty() -> None:
        open_when_emptied.append(writer.info.transaction_status)
        flush()

    patiently(empty)
    done.join()
    writer.close()
    assert open_when_emptied == [psycopg.pq.TransactionStatus.IDLE]
    assert not Person.objects.exists()


def test_a_deadlock_is_tried_again_and_any_other_fault_is_not():
    tries = []

    def quarrels() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise CommandError("couldn't be flushed") from psycopg.errors.DeadlockDetected()

    patiently(quarrels)
    assert len(tries) == 3

    def broken() -> None:
        tries.append(1)
        raise CommandError("no such table")

    with pytest.raises(CommandError, match="no such table"):
        patiently(broken)
    assert len(tries) == 4

    def always() -> None:
        tries.append(1)
        raise CommandError("couldn't be flushed") from psycopg.errors.DeadlockDetected()

    with pytest.raises(CommandError, match="flushed"):
        patiently(always)
    assert len(tries) == 4 + TRIES


def test_jobs_and_their_workers_are_forgotten_too():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('q', 'of an earlier test')")
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        forget_jobs()
        for table in ("jobs", "workers"):
            cursor.execute(f"SELECT count(*) FROM procrastinate_{table}")
            assert cursor.fetchone() == (0,)
