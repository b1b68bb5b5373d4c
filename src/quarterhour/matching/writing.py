"""Whom to ask in writing while nobody can talk: the best for the question who is not on call."""

from __future__ import annotations

from datetime import datetime

from quarterhour.matching.models import KeptRanking, OnCall
from quarterhour.needs.models import Need
from quarterhour.people.models import Person, Profile
from quarterhour.people.queries import blocked_with
from quarterhour.sessions.writing_models import WrittenAsk

MOST_FITTING = 12


def best_to_write_to(need: Need, *, now: datetime) -> Person | None:
    """Of those found for this question, the first who offers time now, is not on call and has not had it in writing.

    None where nobody was found yet. Five queries at most.
    """
    kept = KeptRanking.objects.within(need.org_id).filter(need=need).order_by("-made_at").first()
    if kept is None:
        return None
    first = kept.mentors[:MOST_FITTING]
    had = WrittenAsk.objects.within(need.org_id).filter(need=need).exclude(state=WrittenAsk.State.WITHDRAWN)
    on_call = OnCall.objects.within(need.org_id).filter(mentor__in=first, until__gt=now)
    out = set(had.values_list("mentor", flat=True)) | set(on_call.values_list("mentor", flat=True))
    out |= blocked_with(need.mentee)
    offers = Profile.objects.within(need.org_id).mentors().not_paused(now.date())
    able = offers.filter(person__in=[key for key in first if key not in out], person__is_active=True)
    known = {row.person_id: row.person for row in able.select_related("person")}
    return next((known[key] for key in first if key in known), None)
