"""What is booked in the coming seven days, as the picture of a week takes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from quarterhour.availability import rules
from quarterhour.availability.models import Availability
from quarterhour.people.models import Person
from quarterhour.sessions.models import Status
from quarterhour.sessions.queries import coming

A_WEEK = timedelta(days=7)


def drawn_booked(mentor: Person, mine: Availability, now: datetime) -> dict[str, list[tuple[str, str, str, str]]]:
    """The sessions in which this mentor gives time, by day, on the clock of their hours. One query.

    Seven days from now: later, a weekday would come twice.
    """
    zone = ZoneInfo(mine.zone)
    soon = coming(mentor, org=mine.org_id, now=now).filter(mentor=mentor, status=Status.CONFIRMED)
    drawn: dict[str, list[tuple[str, str, str, str]]] = {}
    for session in soon.filter(span__startswith__lt=now + A_WEEK, span__endswith__gt=now):
        start, end = (each.astimezone(zone) for each in (session.starts_at, session.ends_at))
        day = list(rules.DAYS)[start.weekday()]
        drawn.setdefault(day, []).append((f"{start:%H:%M}", f"{end:%H:%M}", "booked", session.mentee.first_name))
    return drawn
