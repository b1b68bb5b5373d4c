"""The `quarterhour` command: run it, load it, check it, measure it."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

COMMANDS = {
    "demo": ("quarterhour.config.cli.demo", "run a small town to try it in"),
    "serve": ("quarterhour.config.cli.serve", "run pages, rooms and jobs"),
    "captions": ("quarterhour.config.cli.captions", "write down speech, for the rooms of this machine"),
    "migrate": ("quarterhour.config.cli.migrate", "bring the database up to date"),
    "doctor": ("quarterhour.config.cli.doctor", "check what this installation needs, and say what to do"),
    "evaluate": ("quarterhour.config.cli.evaluate", "judge an engine on a file of cases"),
    "bench": ("quarterhour.config.cli.bench", "measure how fast it is here"),
    "rank": ("quarterhour.config.cli.rank", "say why people were shown, in this order"),
    "index": ("quarterhour.config.cli.index", "read all mentors anew, after an upgrade or with another sentence model"),
    "simulate": ("quarterhour.config.cli.simulate", "play half a year of matching, or a day of talking now"),
    "django": ("quarterhour.config.cli.django", "Django's own commands, for developers"),
}


def main(argv: list[str] | None = None) -> int:
    """Read the command line and run one command. Returns its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quarterhour.config.settings")
    parser = argparse.ArgumentParser(prog="quarterhour", description=__doc__)
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    arguments = sys.argv[1:] if argv is None else argv
    chosen = next((word for word in arguments if not word.startswith("-")), None)
    for name, (module, explains) in COMMANDS.items():
        command = commands.add_parser(name, help=explains, description=explains.capitalize() + ".")
        if name == chosen:  # the others stay unread, so that each command starts quickly
            found = importlib.import_module(module)
            found.add_arguments(command)
            command.set_defaults(run=found.run)
    given = parser.parse_args(arguments)
    return _said(given.run, given)


def _said(run, given: argparse.Namespace) -> int:
    """Run a command; what a person can mend is said in a sentence, without a traceback."""
    from quarterhour.config.postgres.programs import PostgresTrouble

    try:
        return run(given) or 0
    except PostgresTrouble as trouble:
        print(f"quarterhour: {trouble}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def _version() -> str:
    from quarterhour import __version__

    return f"quarterhour {__version__}"
