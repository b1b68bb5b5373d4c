from __future__ import annotations

import argparse

from quarterhour.config.cli.database import database_running, migrate, reviver


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--only", choices=["pages", "rooms", "jobs"], help="run one kind of process, for several machines"
    )
    parser.add_argument("--no-migrate", action="store_true", help="leave the database as it is")


def run(given: argparse.Namespace) -> int:
    from quarterhour.config.serving.processes import processes
    from quarterhour.config.serving.supervisor import keep_running

    with database_running() as url:
        if not given.no_migrate:
            migrate(quiet=True)
        from django.conf import settings

        print(f"Quarterhour answers at {settings.SITE_URL}. Ctrl-C stops it.", flush=True)
        return keep_running(processes(url, only=given.only), look_after=reviver())
