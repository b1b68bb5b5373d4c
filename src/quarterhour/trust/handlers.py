"""News quality answers; each may be told twice."""

from __future__ import annotations

from datetime import datetime

from quarterhour.sessions import attendance
from quarterhour.sessions.events import SessionEnded
from quarterhour.trust.events import FollowUpAnswered, HelpfulnessSaid
from quarterhour.trust.follow_up_models import FollowUp
from quarterhour.trust.models import Helpfulness


def count_as_met(event: SessionEnded | HelpfulnessSaid | FollowUpAnswered, *, now: datetime) -> None:
    """Whoever says how a session helped says that they met."""
    said = Helpfulness.objects.within(event.org_id).filter(session=event.session_id).select_related("session")
    later = FollowUp.objects.within(event.org_id).answered().filter(session=event.session_id).select_related("session")
    told = {attendance.side_of(each.rater_id, each.session) for each in said}
    told |= {attendance.side_of(each.person_id, each.session) for each in later}
    if told:
        attendance.hear(event.session_id, told, org_id=event.org_id, now=now)
