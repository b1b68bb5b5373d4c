"""Starts as a page shows them: by day, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format


def next_weeks(now: datetime, weeks: int = 4) -> tuple[datetime, datetime]:
    return now, now + timedelta(weeks=weeks)


def days_of(starts: Iterable[datetime], minutes: int) -> list[dict]:
    """Starts by local day, each day with its label: the shape the `slots` tag takes."""
    days: dict = {}
    for start in starts:
        local = timezone.localtime(start)
        days.setdefault(local.date(), []).append({"start": start, "minutes": minutes})
    return [{"label": date_format(day, "D j M"), "slots": found} for day, found in days.items()]
