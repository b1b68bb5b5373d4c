from __future__ import annotations

import argparse

from quarterhour.config.cli.database import database_running, migrate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="say only the result")


def run(given: argparse.Namespace) -> int:
    with database_running():
        applied = migrate(quiet=given.quiet)
    print(f"{applied} migrations applied." if applied else "The database is up to date.")
    return 0
