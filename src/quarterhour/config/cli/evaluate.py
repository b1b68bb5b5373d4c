from __future__ import annotations

import argparse
import importlib

WHAT = {
    "slots": "free slots against a list of cases",
    "understanding": "how questions are read, on labelled needs",
    "matching": "who is found for a need, on labelled needs",
    "town": "who is shown for the needs of a file, beside plainer methods",
    "takeaways": "how notes become a card, on labelled sessions",
    "conflicts": "which pairs of advice pull in different directions, on a file of pairs",
    "experts": "who is found among those who helped before, on a file of questions",
    "cohort": "who meets whom in a cohort that a file describes",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    for name, explains in WHAT.items():
        module = importlib.import_module(f"quarterhour.config.cli.evaluate_{name}")
        kind = kinds.add_parser(name, help=explains)
        module.add_arguments(kind)
        kind.set_defaults(judge=module.run)


def run(given: argparse.Namespace) -> int:
    return given.judge(given)
