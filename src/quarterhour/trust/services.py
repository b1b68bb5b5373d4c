"""How much a session helped, and what the platform alone should know."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quarterhour.core.errors import Invalid
from quarterhour.core.text import MOST, clean
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.rules import check_party
from quarterhour.trust.models import Helpfulness, PrivateNote


@transaction.atomic
def say_how_it_helped(*, session: MentoringSession, by: Person, quarters: int, note: str = "", now: datetime) -> Helpfulness:
    """Keep one side's answer, 0 to 4 quarters; saying it again changes it. The other side does not see it.

    Raises NotFound for strangers, Invalid for a session that was not held or an answer that is none.
    """
    check_party(by, session)
    if session.status not in {Status.ENDED, Status.CONFIRMED} or session.starts_at > now:
        raise Invalid("This session has not taken place.")
    if quarters not in range(5):
        raise Invalid("Choose from not at all to it moved me on.", fields={"helpful": "Choose one of the five."})
    note = clean(note)
    if len(note) > MOST:
        raise Invalid("The note is too long.", fields={"note": f"Shorten it to {MOST:,} characters."})
    row, _ = Helpfulness.objects.within(session.org_id).update_or_create(
        session=session, rater=by, defaults={"quarters": quarters, "at": now, "org_id": session.org_id}
    )
    if note:
        PrivateNote.objects.within(session.org_id).update_or_create(
            session=session, rater=by, defaults={"text": note, "at": now, "org_id": session.org_id}
        )
    return row
