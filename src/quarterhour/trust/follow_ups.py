"""A follow-up is planned once, and answered by whoever was asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from quarterhour.core.errors import Invalid, NotFound
from quarterhour.core.events import publish
from quarterhour.engines.following_up import Due
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession
from quarterhour.trust.events import FollowUpAnswered
from quarterhour.trust.follow_up_models import FollowUp

QUARTERS = range(5)


def write_down(session: MentoringSession, person: Person, dues: Iterable[Due]) -> None:
    """Write down when this person is asked about the session. What is there already stays as it is."""
    rows = [
        FollowUp(org_id=session.org_id, session=session, person=person, kind=due.kind, due_at=due.at, until=due.until)
        for due in dues
    ]
    FollowUp.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def answer(*, follow_up: FollowUp, by: Person, quarters: int, now: datetime) -> FollowUp:
    """Keep how much it helped, looking back; saying it again changes it. The other side never reads it.

    Raises NotFound for anybody else, and for a question nobody asked; Invalid for an answer that is none.
    """
    rows = FollowUp.objects.visible_to(by).select_for_update(of=("self",)).select_related("session")
    row = rows.filter(pk=follow_up.pk, handed_at__isnull=False).first()
    if row is None:
        raise NotFound("There is nothing at this address, or it is not yours to see.")
    if quarters not in QUARTERS:
        raise Invalid("Choose one of the five answers.", fields={"helpful": "Choose one of the five."})
    row.quarters, row.answered_at = quarters, now
    row.save(update_fields=["quarters", "answered_at"])
    publish(FollowUpAnswered(org_id=row.org_id, session_id=row.session_id, kind=row.kind), now=now)
    return row
