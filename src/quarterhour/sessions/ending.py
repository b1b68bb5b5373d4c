"""A session that is over before its time: the rest of it belongs to its two people again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quarterhour.engines.attendance import Side
from quarterhour.sessions import claims, services
from quarterhour.sessions.models import AttendanceEvent, MentoringSession, Status
from quarterhour.sessions.rules import WrongState


@transaction.atomic
def end_as_met(*, session: MentoringSession, now: datetime) -> bool:
    """Both say what was said: the session ends, unless it has not begun or somebody is in its room still.

    Returns whether it ended now. Doing it twice is no mistake.
    """
    if session.status != Status.CONFIRMED or session.starts_at >= now or somebody_is_inside(session):
        return False
    try:
        services.end(session=session, now=now, told=Side)
    except WrongState:  # the clock, or the other one, was quicker
        return False
    if now < session.ends_at:
        claims.cut(session.pk, now=now)
    return True


def somebody_is_inside(session: MentoringSession) -> bool:
    """Whether anybody went into the room and has not left. Who left without a word counts as there. One query."""
    log = AttendanceEvent.objects.within(session.org_id).filter(session=session)
    gone = log.filter(kind=AttendanceEvent.Kind.LEFT).values("connection")
    return log.filter(kind=AttendanceEvent.Kind.JOINED).exclude(connection__in=gone).exists()
