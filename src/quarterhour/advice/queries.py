"""Reading cards, actions, and where a question stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Prefetch, Q

from quarterhour.advice.models import Action, AdvicePiece, Confirmation, Takeaway
from quarterhour.needs.models import Need
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.queries import of_needs


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a question stands: a step of the tracker, the session it rests on, and actions done of all."""

    at: str
    session: MentoringSession | None = None
    done: int = 0
    actions: int = 0


def standings(needs: Iterable[Need], *, visible_to: Person, now: datetime) -> dict[UUID, Standing]:
    """Where each question stands: asked, matched, booked, met, acted or helped. Two queries for all of them."""
    needs = list(needs)
    sessions = of_needs([need.pk for need in needs], visible_to=visible_to)
    met = [s.pk for rows in sessions.values() for s in rows if s.status == Status.ENDED]
    counted = (
        Takeaway.objects.visible_to(visible_to)
        .filter(session__in=met)
        .annotate(
            actions_all=Count("actions", distinct=True),
            actions_done=Count("actions", filter=Q(actions__fate=Action.Fate.DONE), distinct=True),
            helped=Count(
                "session__helpfulness",
                filter=Q(session__helpfulness__quarters__gte=3, session__helpfulness__rater=visible_to),
                distinct=True,
            ),
        )
    )
    cards = {card.session_id: card for card in counted}
    return {need.pk: _standing(need, sessions.get(need.pk, []), cards, now) for need in needs}


def _standing(need: Need, sessions: list[MentoringSession], cards: dict, now: datetime) -> Standing:
    ahead = [s for s in sessions if s.status in {Status.ASKED, Status.CONFIRMED} and s.ends_at > now]
    met = [s for s in sessions if s.status == Status.ENDED or (s.status == Status.CONFIRMED and s.ends_at <= now)]
    if ahead:
        return Standing("booked" if ahead[0].status == Status.CONFIRMED else "matched", ahead[0])
    if met:
        card = cards.get(met[-1].pk)
        if card is None:
            return Standing("met", met[-1])
        step = "helped" if card.helped else "acted" if card.actions_done else "met"
        return Standing(step, met[-1], done=card.actions_done, actions=card.actions_all)
    return Standing("matched" if need.matched_at else "asked")


def card_of(session: MentoringSession, *, visible_to: Person) -> Takeaway | None:
    """The card of a session with its advice, actions and confirmations; None while nobody wrote it."""
    seen = Takeaway.objects.visible_to(visible_to)
    parts = (
        Prefetch("advice", AdvicePiece.objects.within(session.org_id)),
        Prefetch("actions", Action.objects.within(session.org_id)),
        Prefetch("confirmations", Confirmation.objects.within(session.org_id)),
    )
    return seen.filter(session=session).prefetch_related(*parts).first()
