"""What somebody took on: done, dropped and why, moved to another day, and whether doing it helped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from quarterhour.advice.action_models import ActionAnswer, Why
from quarterhour.advice.models import Action
from quarterhour.advice.queries import HELPED
from quarterhour.advice.services import owns, set_fate
from quarterhour.core.errors import Invalid, NotAllowed
from quarterhour.core.text import clean
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.rules import WrongState, check_party

MOST_WORDS, YEARS = 400, 5
PENDING = (Action.Fate.OPEN, Action.Fate.DOING)


@dataclass(frozen=True, slots=True)
class Mine:
    """An action its owner looks at. answer: what they said of it, None where they said nothing."""

    action: Action
    answer: ActionAnswer | None

    @property
    def session(self) -> MentoringSession:
        return self.action.takeaway.session


@transaction.atomic
def say(*, action: Action, by: Person, fate: str, why: str = "", words: str = "", now: datetime) -> Action:
    """Done, doing, dropped or open again; beside dropped also why, if they like.

    Raises what `set_fate` raises, and Invalid for a reason that is none of ours or too many words.
    """
    told = clean(words)
    if why and why not in Why.values:
        raise Invalid("Choose one of the reasons shown, or none.", fields={"why": "Choose one of those shown."})
    if len(told) > MOST_WORDS:
        raise Invalid(f"That is {len(told):,} characters. Shorten it to {MOST_WORDS}.", fields={"words": "Too long."})
    set_fate(action=action, by=by, fate=fate, now=now)
    if fate == Action.Fate.DROPPED:
        _answer(action, by, now, why=why, words=told)
    return action


@transaction.atomic
def say_helped(*, action: Action, by: Person, quarters: int | None, now: datetime) -> None:
    """Whether doing it helped, 0 to 4 quarters; None takes the answer back. The other side never reads the number.

    Raises NotFound, NotAllowed as `say`, WrongState for what is not done, Invalid for an answer that is none.
    """
    _check_owner(action, by)
    if action.fate != Action.Fate.DONE:
        raise WrongState("Say that it is done first, then whether it helped.")
    if quarters is not None and quarters not in range(5):
        raise Invalid("Choose one of the five answers.", fields={"helped": "Choose one of the five."})
    _answer(action, by, now, quarters=quarters)


@transaction.atomic
def move(*, action: Action, by: Person, to: date | None, today: date) -> date | None:
    """Another day for what is still to do; None is the day agreed on the card. Returns the day it had before.

    today: on the calendar of whoever says so. Raises NotFound, NotAllowed, WrongState for what is done or dropped,
    Invalid for a day that is over or too far off.
    """
    _check_owner(action, by)
    row = Action.objects.within(action.org_id).select_for_update(of=("self",)).get(pk=action.pk)
    if row.fate not in PENDING:
        raise WrongState("It is done or dropped already, so it needs no day. Open it again first.")
    if to is not None and not today <= to <= date(today.year + YEARS, 12, 31):
        told = f"Choose today or a day after it, within {YEARS} years."
        raise Invalid(told, fields={"day": told})
    before = row.moved_to
    row.moved_to = to
    row.save(update_fields=["moved_to"])
    action.moved_to = to
    return before


def mine(person: Person, *, org) -> list[Mine]:
    """What this person took on in one organisation, alone or with the other. Two queries, however many."""
    rows = owned_by(person).filter(org=org).select_related("takeaway__session__mentor", "takeaway__session__mentee")
    own = Prefetch("answers", ActionAnswer.objects.visible_to(person), to_attr="own_answers")
    return [Mine(each, next(iter(each.own_answers), None)) for each in rows.prefetch_related(own)]


def owned_by(person: Person) -> QuerySet[Action]:
    """What this person took on, everywhere."""
    asked = Q(takeaway__session__mentee=person, owner__in=[Action.Owner.MENTEE, Action.Owner.BOTH])
    gave = Q(takeaway__session__mentor=person, owner__in=[Action.Owner.MENTOR, Action.Owner.BOTH])
    return Action.objects.visible_to(person).filter(asked | gave)


def dated(person: Person, *, since: date) -> QuerySet[Action]:
    """What this person took on everywhere, is still to do, and has a day from `since` on. One query."""
    rows = owned_by(person).annotate(on=Coalesce(F("moved_to"), F("due"))).filter(on__gte=since, fate__in=PENDING)
    return rows.select_related("takeaway__session__mentor", "takeaway__session__mentee").order_by("on", "pk")


def own_action(pk: UUID, *, visible_to: Person) -> Action | None:
    """One of the actions this person took on; None for anything else. One query."""
    rows = owned_by(visible_to).select_related("takeaway__session__mentor", "takeaway__session__mentee")
    return rows.filter(pk=pk).first()


def first_to_do(session: MentoringSession, *, visible_to: Person) -> Action | None:
    """What this person took on first in a session and has neither done nor dropped. One query."""
    rows = owned_by(visible_to).filter(takeaway__session=session, fate__in=PENDING)
    rows = rows.select_related("takeaway__session__mentor", "takeaway__session__mentee")
    return rows.order_by(Coalesce("moved_to", "due").asc(nulls_last=True), "position", "pk").first()


def due_around(day: date) -> QuerySet[Action]:
    """What is still to do and due on this day or next to it, of every organisation: somewhere it is another day."""
    everywhere = Action.objects.of_every_tenant(because="actions of all organisations fall due on one clock")
    near = (day - timedelta(days=1), day + timedelta(days=1))
    return everywhere.annotate(on=Coalesce(F("moved_to"), F("due"))).filter(on__range=near, fate__in=PENDING)


def told_of(actions: Iterable[Action], *, org) -> dict[UUID, str]:
    """What the other side is told of each: that it helped, or why it was dropped. Never a number, never free words.

    One query, none where nothing is done or dropped. The reason is one of ours, so that it hurts nobody.
    """
    every = {each.pk: each for each in actions if each.fate not in PENDING}
    found: dict[UUID, str] = {}
    if not every:
        return found
    for row in ActionAnswer.objects.within(org).filter(action__in=list(every)):
        fate = every[row.action_id].fate
        if fate == Action.Fate.DONE and row.quarters is not None and row.quarters >= HELPED:
            found[row.action_id] = "It helped"
        elif fate == Action.Fate.DROPPED and row.why:
            found[row.action_id] = row.get_why_display()
    return found


def _check_owner(action: Action, by: Person) -> None:
    session = action.takeaway.session
    check_party(by, session)
    if not owns(by, action, session):
        raise NotAllowed(f"{session.other(by).first_name} took this on and says what becomes of it.")


def _answer(action: Action, by: Person, now: datetime, **told) -> None:
    rows = ActionAnswer.objects.within(action.org_id)
    rows.update_or_create(action=action, person=by, defaults={**told, "at": now, "org_id": action.org_id})
