"""How long free slots take to find: one busy mentor for a month, and a screenful of mentors for a week."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from quarterhour.engines.slots import Hours, Rules, Taken, free_slots, window

ROUNDS = 25
# Europe leaves summer time on the day before this Monday, and New York a week later.
MONDAY = datetime(2026, 10, 26, tzinfo=UTC)
NOW = MONDAY - timedelta(days=2, hours=3, seconds=17)
ZONES = (
    "Europe/Lisbon",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Africa/Casablanca",
)
DAYS = [window("09:00", "12:30"), window("13:30", "17:15")]
RULES = Rules(25, 15, 5, 5, notice=60, horizon_days=60, daily_cap=4, weekly_cap=12)


def measure() -> list[dict[str, Any]]:
    """Rows of name, figure and unit; the middle of several rounds, zone tables already known."""
    one = _mentor(0, busy=60, weeks=4)
    crowd = [_mentor(number, busy=15, weeks=1) for number in range(200)]
    return [
        {
            "name": "slots: 1 mentor, 4 weeks, 60 busy",
            "figure": round(_milliseconds(lambda: _ask(*one, weeks=4)) / 4, 3),
            "unit": "ms per mentor-week",
        },
        {
            "name": "slots: 200 mentors, 1 week, 15 busy each",
            "figure": round(_milliseconds(lambda: [_ask(*mentor, weeks=1) for mentor in crowd]), 1),
            "unit": "ms",
        },
    ]


def _ask(hours: Hours, taken: Taken, *, weeks: int) -> list[datetime]:
    return free_slots(hours, RULES, taken, now=NOW, between=(MONDAY, MONDAY + timedelta(weeks=weeks)))


def _mentor(number: int, *, busy: int, weeks: int) -> tuple[Hours, Taken]:
    """A working week somewhere, and busy time spread over it; the same for the same number."""
    hours = Hours(
        ZONES[number % len(ZONES)],
        dict.fromkeys(range(5), DAYS) | {5: [window("22:00", "01:00")]},
        {(MONDAY + timedelta(days=2 + number % 3)).date(): [window("10:00", "15:00")]},
    )
    step = weeks * 7 * 24 * 60 // busy
    starts = [MONDAY + timedelta(minutes=each * step + (each * 37 + number * 11) % 300) for each in range(busy)]
    intervals = [(start, start + timedelta(minutes=20 + 10 * (at % 6))) for at, start in enumerate(starts)]
    return hours, Taken(busy=intervals, booked=intervals[::8])


def _milliseconds(work: Callable[[], object]) -> float:
    work()
    rounds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        rounds.append((time.perf_counter() - begun) * 1000)
    return median(rounds)
