"""One migrated template, cloned for whoever needs a database of their own."""

from __future__ import annotations

import fcntl
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

TEMPLATE = "quarterhour_template"


def _server(url: str) -> psycopg.Connection:
    return psycopg.connect(**{**conninfo_to_dict(url), "dbname": "postgres"}, autocommit=True)


def template(url: str, lock: Path) -> None:
    """Make and migrate the template once, whichever worker comes first."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with _server(url) as server:
            ready = server.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [TEMPLATE]
            ).fetchone()
            if ready:
                return
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(TEMPLATE)))
        _migrate(url)
        with _server(url) as server:
            server.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(sql.Identifier(TEMPLATE)))


def _migrate(url: str) -> None:
    from django.core.management import call_command
    from django.db import connections

    from quarterhour.config.postgres.ready import ensure_database

    info = conninfo_to_dict(url)
    ensure_database(psycopg.conninfo.make_conninfo("", **{**info, "dbname": TEMPLATE}))
    connection = connections["default"]
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = TEMPLATE
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def clone(url: str, name: str) -> str:
    """A fresh copy of the template under `name`, replacing an older one."""
    with _server(url) as server:
        drop(url, name)
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
    return name


def drop(url: str, name: str) -> None:
    with _server(url) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
