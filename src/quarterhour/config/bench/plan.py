"""Who books whom when, for as many bookings as anybody can send: no two of them overlap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

MENTORS, MENTEES = 64, 64
A_CLIENT = 4_001  # bookings planned for each client, more than one can use up; odd, so that clients begin apart
NOW = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
PREFIX = "00000000-0000-7000-8000-"


def plan(n: int) -> tuple[int, int, datetime]:
    """Mentor, mentee and start of the nth booking: one a day for everybody, so no two of them overlap."""
    mentor, mentee = n % MENTORS, (n + n // MENTORS) % MENTEES
    return mentor, mentee, NOW + timedelta(days=n // MENTORS, hours=1)


def key(kind: int, number: int) -> UUID:
    """A key pgbench can count up to: `kind` and number in decimal digits."""
    return UUID(f"{PREFIX}{kind * 10**11 + number}")
