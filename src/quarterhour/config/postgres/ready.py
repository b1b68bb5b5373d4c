"""A database that answers, with the extensions we rest on."""

from __future__ import annotations

import time
from pathlib import Path

import psycopg
from psycopg import sql

from quarterhour.config.postgres.cluster import Cluster
from quarterhour.config.postgres.programs import OLDEST, PostgresTrouble, find

EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent", "vector")


def cluster_of(home: Path, explicit_bin: str = "", *, throwaway: bool = False) -> Cluster:
    """The embedded cluster that belongs to a home folder."""
    return Cluster(home=home, programs=find(explicit_bin), throwaway=throwaway)


def socket_url(home: Path) -> str:
    """The URL the embedded cluster of `home` will answer at, without starting or finding anything."""
    from quarterhour.config.postgres.programs import Programs

    return Cluster(home=home, programs=Programs(Path(), 0)).url()


def ensure_database(url: str) -> None:
    """Wait for the server, make the database if it is missing, and check version and extensions."""
    connection = _connect(url)
    with connection:
        if connection.info.server_version < OLDEST * 10_000:
            raise PostgresTrouble(
                f"The server at DATABASE_URL is PostgreSQL {connection.info.server_version // 10_000}. "
                f"Quarterhour needs {OLDEST} or later."
            )
        for extension in EXTENSIONS:
            _ensure_extension(connection, extension)


def _ensure_extension(connection: psycopg.Connection, name: str) -> None:
    if connection.execute("SELECT 1 FROM pg_extension WHERE extname = %s", [name]).fetchone():
        return
    if not connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = %s", [name]).fetchone():
        raise PostgresTrouble(
            f'The server has no extension "{name}". Install its contrib and pgvector packages '
            "(Debian: postgresql-contrib and postgresql-NN-pgvector) and start again."
        )
    try:
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
        connection.commit()
    except psycopg.errors.InsufficientPrivilege as error:
        raise PostgresTrouble(
            f'This database user may not add the extension "{name}". Let an administrator run: CREATE EXTENSION {name};'
        ) from error


def _connect(url: str, patience: float = 15.0) -> psycopg.Connection:
    give_up = time.monotonic() + patience
    while True:
        try:
            return psycopg.connect(url, connect_timeout=5)
        except psycopg.OperationalError as error:
            told = str(error)
            if "does not exist" in told and "database" in told:
                _create(url)
            elif time.monotonic() > give_up:
                raise PostgresTrouble(
                    f"The database does not answer: {told.strip().splitlines()[-1]}. "
                    "Check DATABASE_URL, and that the server runs."
                ) from error
            else:
                time.sleep(0.3)


def _create(url: str) -> None:
    info = psycopg.conninfo.conninfo_to_dict(url)
    name = info["dbname"]
    with psycopg.connect(**{**info, "dbname": "postgres"}, autocommit=True) as server:
        try:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.errors.DuplicateDatabase:
            return
