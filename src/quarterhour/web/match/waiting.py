"""A question that waits for somebody, as pages draw it."""

from __future__ import annotations

from datetime import datetime

from quarterhour.needs.models import Waiting
from quarterhour.web import when


def waiting_row(waiting: Waiting | None, *, now: datetime) -> dict | None:
    """What a page tells: until when it waits, who came up, or that nobody did; None where nobody asked us to look."""
    if waiting is None:
        return None
    people = [each.mentor for each in waiting.prospects.all()]
    waits = waiting.stopped_at is None and waiting.until > now
    over = waiting.stopped_at is None and not waits and not people
    return {"people": people, "waits": waits, "over": over, "day": when.last_day(waiting.until, now=now)}
