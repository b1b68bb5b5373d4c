from __future__ import annotations

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs")


def run(given: argparse.Namespace) -> int:
    from quarterhour.config.cli.database import database_running

    with database_running():
        import django

        django.setup()
        from quarterhour.web.operate.checks import checks  # tables are known only from here on

        found = checks(ask=True)
    if given.json:
        print(json.dumps([check.as_dict() for check in found], indent=2))
    else:
        for check in found:
            print(f"{'ok ' if check.well else 'NOT'}  {check.name}: {check.told}")
            if not check.well:
                print(f"     {check.remedy}")
    return 0 if all(check.well for check in found) else 1
