"""The one clock. Services are told the time; only the edges (views, jobs, commands) read it here."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)
