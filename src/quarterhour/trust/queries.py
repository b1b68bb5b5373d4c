"""Reading quality: counts with their uncertainty, never a person's single answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q

from quarterhour.engines.quality import Helped, likely_range
from quarterhour.people.models import Person
from quarterhour.sessions.attendance_models import MISSED
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.writing_models import WrittenAsk
from quarterhour.trust.models import Helpfulness, PrivateNote

HELPED = 3  # quarters from which a session, or a written answer, counts as helpful
HELPFUL = Q(quarters__gte=HELPED)


def helped_by(mentor_ids: Iterable[UUID], *, org, until: datetime | None = None) -> dict[UUID, Helped]:
    """How often each mentor helped, talking or in writing, by their mentees' word; with the likely range. One query.

    until: only answers given before. What people see is counted until `this_week` began, so that nobody reads one
    answer off a sum that grew just now. Double-blind: only sums leave this function.
    """
    ids, before = list(mentor_ids), until or datetime.max.replace(tzinfo=UTC)
    said = Helpfulness.objects.within(org).filter(session__mentor__in=ids, rater=F("session__mentee"), at__lt=before)
    said = said.exclude(session__how_kept__word__in=MISSED)  # nobody is helped by who did not come, or came to nobody
    wrote = WrittenAsk.objects.within(org).filter(mentor__in=ids, quarters__isnull=False, rated_at__lt=before)
    sums = [
        rows.order_by().values(mentor_key=F(name)).annotate(of=Count("pk"), good=Count("pk", filter=HELPFUL))
        for rows, name in ((said, "session__mentor"), (wrote, "mentor"))
    ]
    counts: dict[UUID, tuple[int, int]] = {}
    for row in sums[0].union(sums[1], all=True):
        of, good = counts.get(row["mentor_key"], (0, 0))
        counts[row["mentor_key"]] = (of + row["of"], good + row["good"])
    return {key: likely_range(good, of) for key, (of, good) in counts.items()}


def this_week(now: datetime) -> datetime:
    """Midnight UTC of this week's Monday: answers given since then are not shown in sums yet."""
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())


def own_answer(session: MentoringSession, *, visible_to: Person) -> tuple[int | None, str]:
    """What this person said themselves: quarters or None, and their note to the platform."""
    said = Helpfulness.objects.visible_to(visible_to).filter(session=session).values_list("quarters", flat=True).first()
    note = PrivateNote.objects.visible_to(visible_to).filter(session=session).values_list("text", flat=True).first()
    return said, note or ""
