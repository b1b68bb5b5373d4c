"""Migrations that were interrupted are run again, and nobody waits behind one that has to wait."""

from __future__ import annotations

import threading

import pytest
from django.db import OperationalError, connection, connections
from django.db.migrations.loader import MigrationLoader
from psycopg.errors import LockNotAvailable

from quarterhour.config.cli import database
from quarterhour.core.migrating import IndexBeside

pytestmark = pytest.mark.django_db(transaction=True)

INDEX = "topics_by_skill"


def index() -> tuple | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexrelid, indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [INDEX])
        return cursor.fetchone()


def build() -> None:
    loader = MigrationLoader(connection)
    operation = next(each for each in loader.disk_migrations["people", "0004_topics_by_skill"].operations)
    assert isinstance(operation, IndexBeside)
    state = loader.project_state(("people", "0004_topics_by_skill"))
    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("people", editor, state, state)


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_what_stands_is_left_alone():
    before = index()
    build()
    assert before is not None
    assert index() == before


def test_what_was_interrupted_is_built_anew():
    before = index()
    run(f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{INDEX}'::regclass")
    run("SET lock_timeout = '7s'")
    try:
        build()
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("7s",)
    finally:
        run("RESET lock_timeout")
    assert index()[1] is True
    assert index()[0] != before[0]


def test_a_table_that_is_busy_is_tried_again(monkeypatch, capsys):
    held, done = threading.Event(), threading.Event()

    def somebody() -> None:
        try:
            with connections["default"].cursor() as cursor:
                cursor.execute("BEGIN; LOCK people_topic IN ACCESS SHARE MODE")
                held.set()
                done.wait(20)
                cursor.execute("COMMIT")
        finally:
            connections["default"].close()

    monkeypatch.setattr(database, "PATIENCE", "50ms")
    monkeypatch.setattr(database.time, "sleep", lambda seconds: (done.set(), reader.join()))
    reader = threading.Thread(target=somebody)
    reader.start()
    held.wait(20)
    tried = []

    def change() -> None:
        tried.append(1)
        run("ALTER TABLE people_topic ALTER name SET NOT NULL")  # as it is already, but it asks for the whole table

    database._apply(change)

    assert len(tried) == 2
    assert "trying again" in capsys.readouterr().err


def test_a_table_that_stays_busy_is_an_error_that_says_so(monkeypatch):
    monkeypatch.setattr(database, "TRIES", 2)
    monkeypatch.setattr(database.time, "sleep", lambda seconds: None)
    tried = []

    def change() -> None:
        tried.append(1)
        raise OperationalError from LockNotAvailable()

    with pytest.raises(OperationalError):
        database._apply(change)
    assert len(tried) == 2


def test_other_trouble_is_not_tried_again():
    def change() -> None:
        run("SELECT pg_cancel_backend(pg_backend_pid())")

    with pytest.raises(OperationalError):
        database._apply(change)
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() != ("3s",)


def test_no_migration_builds_an_index_in_a_way_that_cannot_be_repeated():
    plain = [
        f"{app}.{name}"
        for (app, name), each in MigrationLoader(connection).disk_migrations.items()
        if each.__module__.startswith("quarterhour.")
        for operation in each.operations
        if type(operation).__name__ == "AddIndexConcurrently" or (isinstance(operation, IndexBeside) and each.atomic)
    ]
    assert plain == []
