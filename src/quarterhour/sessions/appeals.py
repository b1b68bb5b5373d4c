"""“That is not how it was”: said once by either of the two, settled by whoever runs the programs."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from quarterhour.core import audit, events
from quarterhour.core.errors import Changed, Invalid, NotFound
from quarterhour.core.text import clean
from quarterhour.engines.attendance import Verdict
from quarterhour.people.models import Person
from quarterhour.sessions import attendance, claims, rules
from quarterhour.sessions.events import AppealMade, SessionJudged
from quarterhour.sessions.models import Appeal, HowKept, MentoringSession

WITHIN = timedelta(days=7)
MOST = 600


def can_appeal(kept: HowKept, *, now: datetime) -> bool:
    """Whether there is still time to say something, and nobody has settled it."""
    return kept.settled_at is None and now < kept.judged_at + WITHIN


@transaction.atomic
def say_otherwise(*, session: MentoringSession, by: Person, text: str, now: datetime) -> Appeal:
    """One side says how it was instead. Said again, the same words or others, nothing changes.

    Raises NotFound for strangers and sessions without a verdict, Invalid without words or with too many, Changed
    after seven days and once it is settled.
    """
    rules.check_party(by, session)
    kept = HowKept.objects.within(session.org_id).select_for_update(of=("self",)).filter(session=session).first()
    if kept is None:
        raise NotFound("There is no verdict on this session.")
    said = clean(text)
    if not said or len(said) > MOST:
        told = "Say in a sentence how it was." if not said else f"That is {len(said)} characters. Shorten it to {MOST}."
        raise Invalid(told, fields={"otherwise": told})
    mine = Appeal.objects.within(session.org_id).filter(session=session, person=by).first()
    if mine is not None:
        return mine
    if not can_appeal(kept, now=now):
        settled = "It was looked into and settled." if kept.settled_at else "Seven days have passed, so it stands."
        raise Changed(settled)
    mine = Appeal.objects.create(org_id=session.org_id, session=session, person=by, text=said, said_at=now)
    told = AppealMade(org_id=session.org_id, session_id=session.pk, sequence=session.sequence)
    events.publish(told, now=now)
    return mine


@transaction.atomic
def settle(*, session_id: UUID, org_id: UUID, verdict: str, by: Person, now: datetime) -> HowKept:
    """Decide how it was, for good. The verdict that stands may be said again; both are told either way.

    The caller has checked that `by` may. Raises NotFound without an open appeal, Invalid for a word that is none,
    Changed if somebody else settled it.
    """
    if verdict not in {each.value for each in Verdict}:
        raise Invalid("Choose one of the verdicts.", fields={"verdict": "Choose one."})
    appeals = Appeal.objects.within(org_id).filter(session=session_id)
    session = MentoringSession.objects.within(org_id).filter(pk=session_id).first()
    if session is None or not appeals.exists():
        raise NotFound("There is nothing to settle at this address.")
    claims.lock_people(session.mentor_id, session.mentee_id)
    rows = HowKept.objects.within(org_id).select_related("session__mentor", "session__mentee", "session__org")
    kept = rows.select_for_update(of=("self",)).get(session=session_id)
    if kept.settled_at is not None:
        raise Changed("Somebody was quicker, and settled it.")
    before, kept.word, kept.settled_at = kept.word, verdict, now
    if before != verdict:
        attendance.overturn(kept, before, now=now)
    else:
        told = SessionJudged(org_id=org_id, session_id=session_id, sequence=session.sequence)
        events.publish(told, now=now)
    kept.save()
    appeals.filter(settled_at=None).update(settled_at=now, settled_by=by)
    audit.note(
        act="settled an appeal", on=f"session {session_id}", by=str(by.pk), org_id=org_id, now=now,
        was=before, verdict=verdict,
    )  # fmt: skip
    return kept


def waiting(org) -> QuerySet[Appeal]:
    """Appeals nobody has settled, the oldest first, with all that is needed to settle them. One query."""
    rows = Appeal.objects.within(org).filter(settled_at=None).order_by("said_at", "pk")
    return rows.select_related("person", "session__mentor", "session__mentee", "session__how_kept")


def of_session(session: MentoringSession) -> list[Appeal]:
    """What was said against the verdict of this session. One query."""
    return list(Appeal.objects.within(session.org_id).filter(session=session).order_by("said_at"))
