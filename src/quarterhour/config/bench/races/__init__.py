"""Races over HTTP: two hundred people press in the same instant, on the site as it is served, and one wins.

The site is `quarterhour serve` with its workers; the crowd is one more process on the same machine, with a connection
for each press. Everybody is connected before anybody presses, then all requests are sent at once: of two hundred, the
last waits for the other hundred and ninety-nine. That is the worst there is, and shares its processors with the crowd.
Spread over some seconds, they press one after the other, and still meet in the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from quarterhour.config.bench.races.aftermath import troubles
from quarterhour.config.bench.races.fresh import seconds_to_fresh
from quarterhour.config.bench.races.people import gather
from quarterhour.config.bench.races.plays import RACES, Played
from quarterhour.config.bench.races.site import served

CLIENTS = 200
AIM = 0.5  # seconds for 99 of 100
CONFLICT, BROKEN = 409, 500

Row = dict[str, object]


def measure(
    folder: Path, database_url: str, *, clients: int = CLIENTS, within: float = 0.0, only: Sequence[str] = ()
) -> list[Row]:
    """Rows of every race. within: seconds over which the presses are spread. For a throw-away database.

    Raises RuntimeError where somebody won who must not, or rows were left that stand for nothing.
    """
    from django.db import connections

    people = gather(clients)
    connections.close_all()
    rows: list[Row] = []
    with served(folder, database_url, within=within) as site:
        warming = [people.asks(each, "/sessions/") | {"form": None} for each in people.mentees]
        site.all_at_once(warming, warming)
        if not only or "fresh" in only:  # before anything else waits for the worker
            lasted = within_of(seconds_to_fresh(people))
            rows += [_row(f"free hours fresh after a booking, {n} of 100 within", s * 1000) for n, s in lasted.items()]
        for name, play in RACES.items():
            if only and not any(word in name for word in only):
                continue
            played = play(site, people)
            if wrong := [*played.wrong, *troubles()]:
                raise RuntimeError(f"{name}: {'; '.join(wrong)}.")
            rows += [*_rows(f"race: {name}", played), _spent(f"race: {name}", site.spent[-1] / len(played.presses))]
    return rows


def within_of(seconds: Sequence[float]) -> dict[int, float]:
    """The seconds within which 50, 95 and 99 of 100 were done."""
    lasted = sorted(seconds)
    return {share: lasted[min(len(lasted) * share // 100, len(lasted) - 1)] for share in (50, 95, 99)}


def _row(name: str, figure: float) -> Row:
    return {"name": name, "figure": round(figure, 1), "unit": "ms"}


def _rows(name: str, played: Played) -> list[Row]:
    lasted = [each.seconds for each in played.presses]
    kinds = Counter(_kind(each.status) for each in played.presses)
    within = within_of(lasted)
    return [
        {"name": f"{name}: presses", "figure": len(lasted), "unit": "presses"},
        {"name": f"{name}: winners, of {played.may_win}", "figure": played.won, "unit": "winners"},
        *({"name": f"{name}: answered {kind}", "figure": count, "unit": "answers"} for kind, count in kinds.items()),
        *(_row(f"{name}: {n} of 100 within", s * 1000) for n, s in within.items()),
        {"name": f"{name}: 99 of 100 within, of the aim", "figure": round(within[99] / AIM, 2), "unit": "ratio"},
    ]


def _spent(name: str, seconds: float) -> Row:
    return _row(f"{name}: processor of site and database, each press", seconds * 1000)


def _kind(status: int) -> str:
    if status == 0:
        return "nothing"
    if status == CONFLICT:
        return "409"
    return f"{'other ' if status // 100 == CONFLICT // 100 else ''}{status // 100}xx"
