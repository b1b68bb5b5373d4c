"""How much a session helped, and what the platform alone should know."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quarterhour.core.errors import Invalid
from quarterhour.core.events import publish
from quarterhour.core.text import MOST, clean
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.rules import check_party
from quarterhour.trust.events import HelpfulnessSaid
from quarterhour.trust.models import Helpfulness, PrivateNote


@transaction.atomic
def say_how_it_helped(
    *, session: MentoringSession, by: Person, quarters: int, note: str | None = None, now: datetime
) -> Helpfulness:
    """Keep one side's answer, 0 to 4 quarters; saying it again changes it. The other side does not see it.

    note: as for `tell_the_platform`; None leaves what was told before.
    Raises NotFound for strangers, Invalid for a session that was not held or an answer that is none.
    """
    _check_held(session, by, now)
    if quarters not in range(5):
        raise Invalid("Choose one of the five answers.", fields={"helpful": "Choose one of the five."})
    row, _ = Helpfulness.objects.within(session.org_id).update_or_create(
        session=session, rater=by, defaults={"quarters": quarters, "at": now, "org_id": session.org_id}
    )
    publish(HelpfulnessSaid(org_id=session.org_id, session_id=session.pk), now=now)
    if note is not None:
        tell_the_platform(session=session, by=by, text=note, now=now)
    return row


@transaction.atomic
def tell_the_platform(*, session: MentoringSession, by: Person, text: str, now: datetime) -> None:
    """Keep one side's private word to the people who run this; an empty one takes it back.

    Raises NotFound for strangers, Invalid for a session that was not held or a note that is too long.
    """
    _check_held(session, by, now)
    told = clean(text)
    if len(told) > MOST:
        words = f"That is {len(told):,} characters. Shorten it to {MOST:,}."
        raise Invalid("The note is too long.", fields={"note": words})
    mine = PrivateNote.objects.within(session.org_id).filter(session=session, rater=by)
    if not told:
        mine.delete()
    else:
        PrivateNote.objects.within(session.org_id).update_or_create(
            session=session, rater=by, defaults={"text": told, "at": now, "org_id": session.org_id}
        )


def _check_held(session: MentoringSession, by: Person, now: datetime) -> None:
    check_party(by, session)
    if session.status not in {Status.ENDED, Status.CONFIRMED} or session.starts_at > now:
        raise Invalid("This session has not taken place.")
