"""What came of the quarters of an hour a mentor gave: for their own eyes, with how sure each number is."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quarterhour.advice.models import AdvicePiece, Takeaway
from quarterhour.advice.queries import MET, outcomes_of, who_met
from quarterhour.engines.quality import Helped
from quarterhour.people.models import Person
from quarterhour.people.queries import blocked_beside
from quarterhour.sessions.models import MentoringSession
from quarterhour.trust.queries import helped_by, this_week, worked_for
from quarterhour.web.mentor.pages import ENOUGH

SHOWN = 10


@login_required
@require_safe
def impact(request):
    """People met, acted, helped, worked a month later; thank-you lines, and advice that may travel."""
    me, org, until = request.user, request.org, this_week(request.now)
    given = MentoringSession.objects.visible_to(me).filter(org=org, mentor=me)
    people = who_met(given).filter(MET).aggregate(count=Count("mentee", distinct=True))["count"]
    page = {
        "people": people,
        "outcomes": outcomes_of(me, org=org),
        "helped": enough(helped_by([me.pk], org=org, until=until).get(me.pk)),
        "worked": enough(worked_for(me, org=org, until=until)),
        "thanks": thanks_to(me, org=org),
        "travels": travelling(me, org=org),
        "least": ENOUGH,
    }
    return render(request, "mentor/impact.html", page)


def enough(told: Helped | None) -> Helped | None:
    """The same, or None where so few have said that a number would be a person."""
    return told if told and told.of >= ENOUGH else None


def thanks_to(mentor: Person, *, org) -> list[Takeaway]:
    """Cards with a word of thanks for this mentor, the latest first. One query."""
    cards = Takeaway.objects.visible_to(mentor).filter(org=org, session__mentor=mentor).exclude(thanks="")
    cards = cards.exclude(blocked_beside(mentor, "session__mentee"))
    return list(cards.select_related("session__mentee").order_by("-written_at", "-pk")[:SHOWN])


def travelling(mentor: Person, *, org) -> list[AdvicePiece]:
    """Advice that both allowed to be quoted to others, the latest first. One query."""
    rows = AdvicePiece.objects.visible_to(mentor).filter(org=org, takeaway__session__mentor=mentor)
    return list(rows.filter(takeaway__quotable=True).order_by("-takeaway__written_at", "position")[:SHOWN])
