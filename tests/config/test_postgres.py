"""The embedded PostgreSQL: made, crashed, revived; and what is said when it cannot run."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from quarterhour.config.postgres.cluster import Cluster
from quarterhour.config.postgres.programs import PostgresTrouble, Programs, find, reachable_by_everyone
from quarterhour.config.postgres.ready import cluster_of, ensure_database


@pytest.fixture
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pg")
    for each in [folder, *folder.parents]:
        if each.stat().st_uid == os.geteuid() and each != Path("/"):
            each.chmod(each.stat().st_mode | 0o755)
    return folder


@pytest.fixture
def cluster(home):
    made = cluster_of(home)
    made.ensure_running()
    yield made
    made.destroy()


def test_what_was_committed_survives_a_kill(cluster):
    ensure_database(cluster.url())
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
    postmaster = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGKILL)
    until = time.monotonic() + 10
    while cluster.is_running() and time.monotonic() < until:
        time.sleep(0.05)

    assert cluster.ensure_running()
    with psycopg.connect(cluster.url()) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_a_database_that_fell_is_started_again_while_the_others_run(cluster, home, monkeypatch, capsys):
    from quarterhour.config.cli.database import reviver

    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("QUARTERHOUR_HOME", str(home))
    revive = reviver()
    revive()
    assert capsys.readouterr().err == ""

    os.kill(int((cluster.data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    until = time.monotonic() + 10
    while cluster.is_running() and time.monotonic() < until:
        time.sleep(0.05)
    revive()

    assert cluster.is_running()
    assert "starting it again" in capsys.readouterr().err


def test_a_server_of_somebody_else_is_left_alone(monkeypatch):
    from quarterhour.config.cli.database import reviver

    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere.example/quarterhour")
    assert reviver() is None


def test_starting_twice_is_no_mistake(cluster):
    assert not cluster.ensure_running()


def test_a_killed_initdb_leaves_nothing_in_the_way(home):
    cluster = cluster_of(home)
    cluster.data.mkdir(parents=True)
    (cluster.data / "half").write_text("written")
    try:
        assert cluster.ensure_running()
    finally:
        cluster.destroy()


def test_nobody_but_the_owner_reaches_the_socket(cluster):
    assert cluster.sockets.stat().st_mode & 0o077 == 0
    with psycopg.connect(cluster.url("postgres")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_lower_case_works_for_every_alphabet(cluster):
    with psycopg.connect(cluster.url("postgres")) as connection:
        assert connection.execute("SELECT lower('ÄÖÉŁЖΠ')").fetchone() == ("äöéłжπ",)


def test_data_of_another_version_is_refused_with_the_way_out(cluster):
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(PostgresTrouble, match="was written by PostgreSQL 14") as told:
        cluster.ensure_running()
    assert "pg_dumpall" in str(told.value)
    (cluster.data / "PG_VERSION").write_text(f"{cluster.programs.version}\n")


def test_a_folder_without_programs_is_told(tmp_path):
    with pytest.raises(PostgresTrouble, match="There is no PostgreSQL in"):
        find(str(tmp_path))


@pytest.fixture
def fake_programs(tmp_path):
    def make(version: str, *extensions: str) -> Path:
        folder = tmp_path / "bin"
        share = tmp_path / "share"
        folder.mkdir()
        (share / "extension").mkdir(parents=True)
        for name in extensions:
            (share / "extension" / f"{name}.control").touch()
        for name, says in {"postgres": f"postgres (PostgreSQL) {version}", "pg_config": str(share)}.items():
            (folder / name).write_text(f"#!/bin/sh\necho '{says}'\n")
            (folder / name).chmod(0o755)
        return folder

    return make


def test_an_old_version_is_told(fake_programs):
    with pytest.raises(PostgresTrouble, match=r"is version 14\. Quarterhour needs 15 or later"):
        find(str(fake_programs("14.9")))


def test_a_missing_extension_is_told_with_its_package(fake_programs):
    programs = fake_programs("16.2", "btree_gist", "pg_trgm", "unaccent")
    with pytest.raises(PostgresTrouble, match=r"lacks vector\. .*postgresql-16-pgvector"):
        find(str(programs))


def test_a_full_disk_is_told(home, fake_programs):
    programs = fake_programs("18.1")
    (programs / "initdb").write_text("#!/bin/sh\necho 'could not write: No space left on device'\nexit 1\n")
    (programs / "initdb").chmod(0o755)
    with pytest.raises(PostgresTrouble, match="is full"):
        Cluster(home=home, programs=Programs(programs, 18)).ensure_running()


if os.geteuid() == 0:  # only root may mount a small disk

    def test_a_disk_that_is_really_full_is_told(tmp_path):
        disk = tmp_path / "small"
        disk.mkdir()
        for each in [disk, *disk.parents]:
            if each.stat().st_uid == 0 and each != Path("/"):
                each.chmod(each.stat().st_mode | 0o755)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m,mode=755", "tmpfs", str(disk)], check=True)
        try:
            with pytest.raises(PostgresTrouble, match="is full"):
                cluster_of(disk / "home").ensure_running()
        finally:
            subprocess.run(["umount", "-l", str(disk)], check=True)


def test_programs_under_a_closed_folder_are_copied_and_parents_left_alone(tmp_path):
    closed = tmp_path / "closed"
    programs = closed / "pg" / "bin"
    programs.mkdir(parents=True)
    (programs / "postgres").write_text("#!/bin/sh\n")
    (programs / "postgres").chmod(0o700)
    closed.chmod(0o700)

    copied = reachable_by_everyone(Programs(programs, 18), tmp_path / "cache")

    assert copied.bin != programs
    assert (copied.bin / "postgres").stat().st_mode & 0o777 == 0o755
    assert closed.stat().st_mode & 0o777 == 0o700


def test_the_socket_path_is_short_enough_whatever_the_home():
    long_home = Path("/" + "very-long-folder-name/" * 20)
    assert len(str(Cluster(home=long_home, programs=Programs(Path(), 18)).sockets / ".s.PGSQL.5432")) < 100
