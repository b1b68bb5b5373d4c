"""One of the written decisions as a board of Leila's, so that a visitor finds one that is alive."""

from __future__ import annotations

from datetime import datetime, timedelta

from quarterhour.advice.decision_models import Decision, LaidPiece, Option, Side
from quarterhour.advice.models import AdvicePiece, Confirmation
from quarterhour.config.town import written
from quarterhour.needs.models import Need
from quarterhour.people.models import Person
from quarterhour.sessions import claims
from quarterhour.sessions.models import MentoringSession, TimeClaim
from quarterhour.trust.models import Helpfulness

HERS = "d010"  # stock options before leaving: what an engineer of six years might ask
LEFT_OPEN = 1  # pieces nobody placed yet, for a visitor to place


def lay_out(leila: Person, *, org, now: datetime) -> Decision:
    """Make the question and the sessions of `HERS` Leila's, and lay what was said on a decision of hers."""
    row = next(each for each in written.decisions() if each["id"] == HERS)
    need = Need.objects.within(org).get(text=row["question"])
    asked = need.mentee
    Need.objects.within(org).filter(pk=need.pk).update(mentee=leila)
    sessions = MentoringSession.objects.within(org).filter(need=need)
    Helpfulness.objects.within(org).filter(session__in=sessions, rater=asked).update(rater=leila)
    Confirmation.objects.within(org).filter(takeaway__session__in=sessions, person=asked).update(person=leila)
    sessions.update(mentee=leila)
    TimeClaim.objects.filter(session__in=sessions, person=asked).delete()
    for session in sessions:  # past hours: one in which she was elsewhere in this town stays unclaimed
        claims.claim(session.pk, [leila.pk], (session.starts_at, session.ends_at))
    decision = Decision.objects.create(
        org=org, owner=leila, need=need, question=row["question"], context=row["context"],
        decide_by=now.date() + timedelta(days=8), advisers_place=True, made_at=now - timedelta(days=2), changed_at=now,
    )  # fmt: skip
    options = {
        text.partition(" ")[0]: Option(org=org, decision=decision, text=text.partition(" ")[2], position=n)
        for n, text in enumerate(row["options"])
    }
    Option.objects.bulk_create(options.values())
    pieces = {piece.text: piece for piece in AdvicePiece.objects.within(org).filter(takeaway__session__need=need)}
    said = row["advice"]
    LaidPiece.objects.bulk_create(
        _laid(each, pieces[each["text"]], decision, options, now, placed=n < len(said) - LEFT_OPEN)
        for n, each in enumerate(said)
    )
    return decision


def _laid(
    each: dict, piece: AdvicePiece, decision: Decision, options: dict, now: datetime, *, placed: bool
) -> LaidPiece:
    stance = each["stance"]
    side = Side.BESIDE if stance["option"] not in options else Side.FOR if stance["for"] else Side.AGAINST
    return LaidPiece(
        org=decision.org, decision=decision, piece=piece, laid_at=now,
        option=options.get(stance["option"]) if placed else None, side=side if placed else "",
        condition="; ".join(each["conditions"])[:400], assumption="; ".join(each["assumptions"])[:400],
        confidence=each["confidence"],
    )  # fmt: skip
