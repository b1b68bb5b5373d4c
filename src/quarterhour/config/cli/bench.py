from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from pathlib import Path

MANY = 200_000  # pieces of evidence from which the database is given more memory
WHAT = ("slots", "cohort", "booking", "reminders", "match", "pages", "now", "races", "rooms")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="*", choices=[*WHAT, []], help="such as: slots booking (all of them when left out)"
    )
    parser.add_argument("--sizes", default="1000,10000", help="mentors in town for match, with commas, up to 100000")
    parser.add_argument(
        "--evidence", type=int, default=0, help="pieces of evidence each mentor has; five or six when left out"
    )
    parser.add_argument("--seconds", type=float, default=6.0, help="how long each booking figure is taken")
    parser.add_argument("--due", type=int, default=70_000, help="reminders that fall due at one minute")
    parser.add_argument("--clients", type=int, default=200, help="who press in the same instant in the races")
    parser.add_argument("--within", type=float, default=0.0, help="seconds over which they press; 0 is one instant")
    parser.add_argument("--races", default="", help="words of the races to run, with commas; all when left out")
    parser.add_argument("--rooms", type=int, default=500, help="rooms with two people in each, for rooms")
    parser.add_argument("--people", default="1000,10000", help="mentees in the cohorts, with commas, up to 50000")
    parser.add_argument(
        "--mentor-match", metavar="PYTHON", help="an interpreter that has the package mentor-match, to compare with"
    )
    parser.add_argument("--out", type=Path, help="write the rows as JSON, too")


def run(given: argparse.Namespace) -> int:
    """Measure in a throw-away database, print a table, and JSON for programs."""
    chosen = given.what or list(WHAT)
    rows: list[dict] = []
    if "slots" in chosen:
        from quarterhour.config.bench import slots

        rows += slots.measure()
    if "cohort" in chosen:
        from quarterhour.config.bench import cohort

        rows += cohort.measure([int(n) for n in given.people.split(",") if n.strip()], rival=given.mentor_match)
    if {"booking", "reminders", "match", "pages", "now", "races", "rooms"} & set(chosen):
        with tempfile.TemporaryDirectory(prefix="quarterhour-bench-") as folder:
            Path(folder).chmod(0o755)
            rows += _with_database(Path(folder), chosen, given)
    _print(rows)
    told = {"machine": machine(), "command": "quarterhour bench " + " ".join(sys.argv[2:]), "rows": rows}
    if given.out:
        given.out.write_text(json.dumps(told, indent=1) + "\n")
    else:
        print(json.dumps(told))
    return 0


def _with_database(folder: Path, chosen: list[str], given: argparse.Namespace) -> list[dict]:
    os.environ["QUARTERHOUR_HOME"] = str(folder / "home")
    os.environ["QUARTERHOUR_MODE"] = "demo"
    from quarterhour.config.cli.database import migrate
    from quarterhour.config.postgres.ready import cluster_of, ensure_database

    cluster = cluster_of(folder)
    if max((int(size) for size in given.sizes.split(",") if size.strip()), default=0) * max(given.evidence, 6) > MANY:
        cluster.options = ["shared_buffers=4GB", "max_wal_size=8GB"]  # what a place of this size would give it
    cluster.ensure_running()
    os.environ["DATABASE_URL"] = cluster.url()
    rows: list[dict] = []
    try:
        ensure_database(cluster.url())
        migrate(quiet=True)
        if "booking" in chosen:
            from quarterhour.config.bench import booking

            rows += booking.measure(cluster, seconds=given.seconds)
        if "reminders" in chosen:
            from quarterhour.config.bench import reminders

            rows += reminders.measure(due=given.due)
        sizes = [int(size) for size in given.sizes.split(",") if size.strip()]
        if {"match", "pages"} & set(chosen):
            from quarterhour.config.bench import match

            rows += match.measure(
                sizes, with_pages="pages" in chosen, with_match="match" in chosen, evidence=given.evidence
            )
        if "now" in chosen:
            from quarterhour.config.bench import now

            rows += now.measure()
        if "races" in chosen:
            from quarterhour.config.bench import races

            only = [word for word in given.races.split(",") if word]
            told = {"clients": given.clients, "within": given.within, "only": only}
            rows += races.measure(folder, cluster.url(), **told)
        if "rooms" in chosen:
            from quarterhour.config.bench import rooms

            rows += rooms.measure(cluster.url(), rooms=given.rooms, lasts=given.seconds)
    finally:
        from django.db import connections

        connections.close_all()
        cluster.destroy()
    return rows


def machine() -> str:
    """What it ran on, in a line."""
    cores = os.cpu_count()
    model = ""
    info = Path("/proc/cpuinfo")
    if info.exists():
        model = next(
            (line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")),
            "",
        )
    return f"{cores} cores ({model or platform.processor()}), Python {platform.python_version()}, {platform.system()}"


def _print(rows: list[dict]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("what", "figure", "unit", box=None, pad_edge=False)
    for row in rows:
        figure = row["figure"]
        table.add_row(row["name"], f"{figure:,.2f}" if isinstance(figure, float) else f"{figure:,}", row["unit"])
    Console(stderr=True, width=110).print(table)
