"""Numbers as a manager reads them: with their base, and never so small that they point at somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

SMALL = 5
HIDDEN = f"<{SMALL}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many people, besides those told before, wait for `days` days or longer. harm: "high", "middle" or ""."""

    people: int
    days: int
    harm: str


AGES = ((14, "high"), (7, "middle"), (2, ""))  # days without help, longest first


def part_of(part: int, whole: int) -> str:
    """How many of how many may be told: the number, "<5", or "all but <5".

    A part is hidden when it, or what is left of the whole beside it, is a group of one to four; none at all
    is hidden as well, so that "<5" does not say whether there is anybody.

    >>> part_of(12, 40), part_of(3, 40), part_of(0, 40), part_of(38, 40), part_of(40, 40)
    ('12', '<5', '<5', 'all but <5', '40')
    """
    if part < SMALL:
        return HIDDEN
    return f"all but {HIDDEN}" if 0 < whole - part < SMALL else f"{part:,}"


def base_of(whole: int) -> str:
    """A base beside a part: "of 40", or "of fewer than 5"."""
    return f"of {whole:,}" if whole >= SMALL else f"of fewer than {SMALL}"


def by_age(since: Iterable[datetime], *, now: datetime) -> list[Waiting]:
    """People who wait, by how long, longest first. A group too small to be told joins the next one.

    since: when each of them began to wait. Who waits less than two days is no exception yet.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 26, tzinfo=UTC)
    >>> [(w.people, w.days) for w in by_age([now - timedelta(days=d) for d in (20, 15, 9, 9, 8, 3, 3)], now=now)]
    [(5, 7)]
    """
    ages = [(now - each) / timedelta(days=1) for each in since]
    rows: list[Waiting] = []
    for days, harm in AGES:
        people = sum(age >= days for age in ages) - sum(row.people for row in rows)
        if people >= SMALL:
            rows.append(Waiting(people, days, harm))
    return rows


def share(part: float, whole: float) -> int:
    """A share in whole per cent; 0 of nothing."""
    return round(100 * part / whole) if whole else 0
