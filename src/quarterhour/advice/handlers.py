"""News a card answers; each may be told twice."""

from __future__ import annotations

from datetime import datetime

from quarterhour.advice.events import TakeawayConfirmed
from quarterhour.advice.models import Takeaway
from quarterhour.advice.queries import is_agreed
from quarterhour.sessions.ending import end_as_met


def end_the_session(event: TakeawayConfirmed, *, now: datetime) -> None:
    """Both keep the same card: whoever has left the room is free again, and waits for no clock."""
    cards = Takeaway.objects.within(event.org_id).select_related("session")
    card = cards.filter(pk=event.takeaway_id).first()
    if card is not None and is_agreed(card.session_id, org_id=event.org_id):
        end_as_met(session=card.session, now=now)
