"""Who comes next for a question: the best of those found for it who can be asked still."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime
from uuid import UUID

from quarterhour.matching.models import KeptRanking, OnCall
from quarterhour.needs.models import Need
from quarterhour.people.models import Person, Profile
from quarterhour.people.queries import blocked_with
from quarterhour.sessions.writing_models import WrittenAsk

MOST_FITTING = 12


def next_best(need: Need, *, had: AbstractSet[UUID], now: datetime) -> Person | None:
    """Of those found for this question, the first who offers time now and has not had it. Three queries.

    had: whoever is left out. None where nobody was found yet. Who is away is told by the day in UTC, as it is where
    somebody is asked: whoever is named here is not refused there.
    """
    found = _found(need)
    return _first(need, [key for key in found if key not in had], now=now) if found else None


def best_to_write_to(need: Need, *, now: datetime) -> Person | None:
    """The same for a question in writing: the first who is not on call, and has not had it so. Five queries at most."""
    found = _found(need)
    if not found:
        return None
    had = WrittenAsk.objects.within(need.org_id).filter(need=need).exclude(state=WrittenAsk.State.WITHDRAWN)
    on_call = OnCall.objects.within(need.org_id).filter(mentor__in=found, until__gt=now)
    out = set(had.values_list("mentor", flat=True)) | set(on_call.values_list("mentor", flat=True))
    return _first(need, [key for key in found if key not in out], now=now)


def _found(need: Need) -> list[UUID]:
    kept = KeptRanking.objects.within(need.org_id).filter(need=need).order_by("-made_at").first()
    return list(kept.mentors) if kept else []


def _first(need: Need, order: list[UUID], *, now: datetime) -> Person | None:
    apart = blocked_with(need.mentee)
    able = [key for key in order if key not in apart][:MOST_FITTING]
    offers = Profile.objects.within(need.org_id).mentors().not_paused(now.date())
    rows = offers.filter(person__in=able, person__is_active=True).select_related("person")
    known = {row.person_id: row.person for row in rows}
    return next((known[key] for key in able if key in known), None)
