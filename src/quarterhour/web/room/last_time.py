"""What the two took away when they met before, for the panel beside their call."""

from __future__ import annotations

from django.urls import reverse

from quarterhour.advice.models import Action, Takeaway
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession
from quarterhour.web import when

MOST = 3


def last_time(session: MentoringSession, *, visible_to: Person, now) -> dict | None:
    """The card of the last session these two had, and what of it is still to be done; None at a first meeting.

    Two queries, one at a first meeting.
    """
    before = Takeaway.objects.visible_to(visible_to).filter(
        session__mentor=session.mentor_id,
        session__mentee=session.mentee_id,
        session__org=session.org_id,
        session__span__lt=session.span,
    )
    card = before.select_related("session").order_by("-session__span").first()
    if card is None:
        return None
    open_ones = Action.objects.visible_to(visible_to).filter(takeaway=card)
    actions = open_ones.filter(fate__in=[Action.Fate.OPEN, Action.Fate.DOING]).order_by("due", "pk")
    return {
        "day": when.day_label(card.session.starts_at, now=now),
        "insight": card.insight,
        "actions": list(actions[:MOST]),
        "url": reverse("advice:card", args=[card.session_id]),
    }
