"""Reading quality: counts with their uncertainty, never a person's single answer."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, F, Q

from quarterhour.engines.quality import Helped, likely_range
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession
from quarterhour.trust.models import Helpfulness, PrivateNote

HELPED = 3  # quarters from which a session counts as helpful


def helped_by(mentor_ids: Iterable[UUID], *, org) -> dict[UUID, Helped]:
    """How often each mentor helped, by their mentees' word, with the likely range. One query.

    Double-blind: only sums leave this function.
    """
    rows = (
        Helpfulness.objects.within(org)
        .filter(session__mentor__in=list(mentor_ids), rater=F("session__mentee"))
        .values("session__mentor")
        .annotate(of=Count("pk"), helped=Count("pk", filter=Q(quarters__gte=HELPED)))
    )
    return {row["session__mentor"]: likely_range(row["helped"], row["of"]) for row in rows}


def own_answer(session: MentoringSession, *, visible_to: Person) -> tuple[int | None, str]:
    """What this person said themselves: quarters or None, and their note to the platform."""
    said = Helpfulness.objects.visible_to(visible_to).filter(session=session).values_list("quarters", flat=True).first()
    note = PrivateNote.objects.visible_to(visible_to).filter(session=session).values_list("text", flat=True).first()
    return said, note or ""
