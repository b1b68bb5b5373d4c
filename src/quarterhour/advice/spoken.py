"""What was said aloud has done its work once both agree on the card made of it."""

from __future__ import annotations

from datetime import datetime

from quarterhour.advice.events import TakeawayConfirmed
from quarterhour.advice.models import Takeaway
from quarterhour.sessions import captions


def erase(event: TakeawayConfirmed, *, now: datetime) -> None:
    """Both said yes to the same card: nobody needs the sentences any more."""
    session = (
        Takeaway.objects.within(event.org_id).filter(pk=event.takeaway_id).values_list("session", flat=True).first()
    )
    if session is not None:
        captions.erase_all(session, org_id=event.org_id)
