"""A decision is shown to a mentor who gave advice on it, to read or to comment, until its owner takes that back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from quarterhour.advice import boards
from quarterhour.advice.decision_models import Comment, Decision, Guest, LaidPiece
from quarterhour.advice.events import DecisionCommented, DecisionShared
from quarterhour.core import events
from quarterhour.core.errors import Invalid, NotAllowed, NotFound
from quarterhour.core.text import clean
from quarterhour.people.models import Person
from quarterhour.people.queries import is_blocked

COMMENT, MOST_COMMENTS = 2_000, 20


@transaction.atomic
def share(
    *, decision: Decision, by: Person, mentor: UUID, others: bool, may_comment: bool, now: datetime
) -> Guest:  # fmt: skip
    """Let a mentor look who gave advice on it. others: also at what others said, without their names.

    Raises Invalid for anybody who said nothing here, and between two of whom one blocked the other.
    """
    row = boards.locked(decision, by=by)
    laid = LaidPiece.objects.within(row.org_id).filter(decision=row).said_by(mentor).lying()
    said = laid.select_related("piece__takeaway__session__mentor", "answer__mentor").first()
    person = said.mentor if said else None
    if person is None or not person.is_active or is_blocked(by, person):
        raise Invalid("Choose somebody whose advice lies on this decision.")
    guests = Guest.objects.within(row.org_id)
    guest = guests.filter(decision=row, mentor=person).first() or Guest(
        org_id=row.org_id, decision=row, mentor=person, revoked_at=now
    )
    anew = guest.revoked_at is not None
    guest.others, guest.may_comment = others, may_comment
    if anew:
        guest.since, guest.revoked_at = now, None
    guest.save()
    if anew:
        told = DecisionShared(
            org_id=row.org_id, decision_id=row.pk, mentor_id=person.pk, round=int(guest.since.timestamp())
        )
        events.publish(told, now=now)
    return guest


@transaction.atomic
def revoke(*, decision: Decision, by: Person, mentor: UUID, now: datetime) -> None:
    """The mentor sees it no more, from this moment. What they wrote stays with the owner. Twice changes nothing."""
    row = boards.locked(decision, by=by)
    Guest.objects.within(row.org_id).filter(decision=row, mentor=mentor, revoked_at=None).update(revoked_at=now)


@transaction.atomic
def comment(*, decision: Decision, by: Person, text: str, now: datetime) -> Comment:
    """A word of a guest to the owner. Raises NotFound for strangers, NotAllowed, Invalid."""
    rows = Guest.objects.within(decision.org_id).select_for_update(of=("self",)).select_related("decision__owner")
    guest = rows.filter(decision=decision, mentor=by, revoked_at=None).first()
    if guest is None or is_blocked(by, guest.decision.owner):
        raise NotFound(boards.GONE)
    if not guest.may_comment:
        raise NotAllowed(f"{guest.decision.owner.first_name} shares this for reading. Nothing was sent.")
    told = clean(text)
    if not told or len(told) > COMMENT:
        wrong = "Write a sentence." if not told else f"That is {len(told):,} characters. Shorten it to {COMMENT:,}."
        raise Invalid(wrong, fields={"text": wrong})
    said = Comment.objects.within(decision.org_id).filter(decision=decision, mentor=by)
    if said.count() >= MOST_COMMENTS:
        raise Invalid(f"You wrote {MOST_COMMENTS} comments here. Talk it over instead: a quarter of an hour is enough.")
    made = Comment.objects.create(org_id=decision.org_id, decision=decision, mentor=by, text=told, at=now)
    events.publish(DecisionCommented(org_id=decision.org_id, decision_id=decision.pk, comment_id=made.pk), now=now)
    return made
