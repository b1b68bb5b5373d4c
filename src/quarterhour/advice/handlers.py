"""News a card answers; each may be told twice."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from quarterhour.advice import boards
from quarterhour.advice.decision_models import Decision, LaidPiece
from quarterhour.advice.events import TakeawayConfirmed, TakeawayWritten
from quarterhour.advice.models import Confirmation, Takeaway
from quarterhour.advice.queries import is_agreed
from quarterhour.sessions import attendance
from quarterhour.sessions.ending import end_as_met
from quarterhour.sessions.events import SessionEnded, WrittenAnswered
from quarterhour.sessions.writing_models import WrittenAsk


def end_the_session(event: TakeawayConfirmed, *, now: datetime) -> None:
    """Both keep the same card: whoever has left the room is free again, and waits for no clock."""
    cards = Takeaway.objects.within(event.org_id).select_related("session")
    card = cards.filter(pk=event.takeaway_id).first()
    if card is not None and is_agreed(card.session_id, org_id=event.org_id):
        end_as_met(session=card.session, now=now)


def count_as_met(event: SessionEnded | TakeawayWritten | TakeawayConfirmed, *, now: datetime) -> None:
    """Whoever keeps the card of a session says that they met."""
    rows = Confirmation.objects.within(event.org_id).select_related("takeaway__session")
    about = (
        {"takeaway__session": event.session_id} if isinstance(event, SessionEnded) else {"takeaway": event.takeaway_id}
    )
    kept = list(rows.filter(**about))
    if kept:
        session = kept[0].takeaway.session
        told = {attendance.side_of(each.person_id, session) for each in kept}
        attendance.hear(session.pk, told, org_id=event.org_id, now=now)


def lay_on_decisions(event: TakeawayWritten, *, now: datetime) -> None:
    """Advice of a card comes onto the decisions it is about: those on its question, and those it was laid on before."""
    card = Takeaway.objects.within(event.org_id).select_related("session__mentee").filter(pk=event.takeaway_id).first()
    if card is None:
        return
    followed = LaidPiece.plain.filter(decision=OuterRef("pk"), piece__takeaway=card)
    rows = Decision.objects.within(event.org_id).of(card.session.mentee)
    for decision in rows.filter(_about(card.session.need_id) | Exists(followed)).distinct():
        boards.fill(decision, now=now)


def lay_answer_on_decisions(event: WrittenAnswered, *, now: datetime) -> None:
    """An answer in writing comes onto the decisions on its question."""
    ask = WrittenAsk.objects.within(event.org_id).select_related("mentee").filter(pk=event.written_id).first()
    if ask is not None:
        for decision in Decision.objects.within(event.org_id).of(ask.mentee).filter(_about(ask.need_id)).distinct():
            boards.fill(decision, now=now)


def _about(need: UUID | None) -> Q:
    return Q(need=need) | Q(also=need) if need else Q(pk=None)
