"""Reading quality: counts with their uncertainty, never a person's single answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q

from quarterhour.engines.quality import Helped, likely_range
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession
from quarterhour.trust.models import Helpfulness, PrivateNote

HELPED = 3  # quarters from which a session counts as helpful


def helped_by(mentor_ids: Iterable[UUID], *, org, until: datetime | None = None) -> dict[UUID, Helped]:
    """How often each mentor helped, by their mentees' word, with the likely range. One query.

    until: only answers given before. What people see is counted until `this_week` began, so that nobody reads one
    answer off a sum that grew just now. Double-blind: only sums leave this function.
    """
    rows = (
        Helpfulness.objects.within(org)
        .filter(session__mentor__in=list(mentor_ids), rater=F("session__mentee"))
        .filter(at__lt=until or datetime.max.replace(tzinfo=UTC))
        .values("session__mentor")
        .annotate(of=Count("pk"), helped=Count("pk", filter=Q(quarters__gte=HELPED)))
    )
    return {row["session__mentor"]: likely_range(row["helped"], row["of"]) for row in rows}


def this_week(now: datetime) -> datetime:
    """Midnight UTC of this week's Monday: answers given since then are not shown in sums yet."""
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())


def own_answer(session: MentoringSession, *, visible_to: Person) -> tuple[int | None, str]:
    """What this person said themselves: quarters or None, and their note to the platform."""
    said = Helpfulness.objects.visible_to(visible_to).filter(session=session).values_list("quarters", flat=True).first()
    note = PrivateNote.objects.visible_to(visible_to).filter(session=session).values_list("text", flat=True).first()
    return said, note or ""
