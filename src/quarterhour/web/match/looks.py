"""Who was found, kept for a moment: the press that states a question looks for people, and pages after it show them."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import redirect
from django.utils import timezone

from quarterhour.matching.again import Again
from quarterhour.matching.cards import Asked
from quarterhour.matching.handlers import keep_if_new
from quarterhour.matching.people import shown_to_visitor, words_to_read
from quarterhour.needs.queries import need_for
from quarterhour.needs.services import NeedWords
from quarterhour.web.middleware import zone_or_utc


def to_people(request, pk: UUID):
    """Look for people for a question that was just stated or changed, and go there."""
    keep_if_new(need_for(pk, visible_to=request.user), now=request.now)
    return redirect("match:need", pk=pk)


def shown_to(request, words: NeedWords) -> Again:
    """The same for a draft, in the zone its browser tells."""
    told = request.POST.get("zone", "")
    zone = str(zone_or_utc(told[:64])) if told else timezone.get_current_timezone_name()
    return shown_to_visitor(asked_in(words), org=request.org, zone=zone, now=request.now)


def asked_in(words: NeedWords) -> Asked:
    """A draft as it is looked for."""
    return Asked(
        text=words_to_read(words),
        kind=words.kind,
        minutes=words.minutes,
        when=words.when,
        languages=tuple(words.languages),
        skills=tuple(words.skills),
        settled="topics" in words.settled,
        kind_settled="kind" in words.settled,
        decide_by=words.decide_by,
    )
