from __future__ import annotations

import argparse

from quarterhour.config.cli.database import database_running


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs=argparse.REMAINDER, help="such as: shell, makemigrations, check")


def run(given: argparse.Namespace) -> int:
    with database_running():
        from django.core.management import execute_from_command_line

        execute_from_command_line(["quarterhour django", *given.words])
    return 0
