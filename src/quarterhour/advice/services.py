"""A card is written, changed and confirmed by the two who talked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from quarterhour.advice.events import TakeawayConfirmed, TakeawayWritten
from quarterhour.advice.models import Action, AdvicePiece, Confirmation, Takeaway
from quarterhour.core import events
from quarterhour.core.errors import Changed, Invalid
from quarterhour.core.text import clean
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.rules import WrongState, check_party

MOST_ADVICE, MOST_ACTIONS = 8, 12
INSIGHT, ADVICE, WHEN, ACTION = 2_000, 2_000, 400, 400


@dataclass(frozen=True, kw_only=True)
class AdviceWords:
    text: str
    applies_when: str = ""


@dataclass(frozen=True, kw_only=True)
class ActionWords:
    text: str
    owner: str = Action.Owner.MENTEE
    due: date | None = None


@dataclass(frozen=True, kw_only=True)
class CardWords:
    """A card as it comes from a form. Empty rows are no mistake, they are left out."""

    insight: str = ""
    advice: Sequence[AdviceWords] = field(default_factory=tuple)
    actions: Sequence[ActionWords] = field(default_factory=tuple)
    thanks: str = ""


def checked(words: CardWords, *, held_on: date) -> CardWords:
    """The same card, cleaned, without empty rows. Raises Invalid with a sentence for each field."""
    wrong: dict[str, str] = {}

    def fit(name: str, text: str, most: int) -> str:
        told = clean(text)
        if len(told) > most:
            wrong[name] = f"That is {len(told):,} characters. Shorten it to {most:,}."
        return told

    insight = fit("insight", words.insight, INSIGHT)
    thanks = fit("thanks", words.thanks, WHEN)
    advice = [
        AdviceWords(text=fit(f"advice-{n}", a.text, ADVICE), applies_when=fit(f"when-{n}", a.applies_when, WHEN))
        for n, a in enumerate(words.advice)
        if clean(a.text)
    ]
    actions = []
    for n, action in enumerate(words.actions):
        if not clean(action.text):
            continue
        if action.owner not in Action.Owner.values:
            wrong[f"owner-{n}"] = "Choose whose it is."
        if action.due and not held_on <= action.due <= date(held_on.year + 5, 12, 31):
            wrong[f"due-{n}"] = "Choose a day after the session, within five years, or leave it empty."
        actions.append(ActionWords(text=fit(f"action-{n}", action.text, ACTION), owner=action.owner, due=action.due))
    if len(advice) > MOST_ADVICE or len(actions) > MOST_ACTIONS:
        wrong["insight"] = f"A card holds {MOST_ADVICE} pieces of advice and {MOST_ACTIONS} actions at most."
    if not (insight or advice or actions) and not wrong:
        wrong["insight"] = "Write one sentence that you want to remember."
    if wrong:
        raise Invalid("Some of it needs another look.", fields=wrong)
    return CardWords(insight=insight, advice=advice, actions=actions, thanks=thanks)


@transaction.atomic
def write_card(
    *, session: MentoringSession, by: Person, words: CardWords, seen: int, may_quote: bool, held_on: date, now: datetime
) -> Takeaway:
    """Write or change the card of a session; whoever writes it has confirmed it, the other side is asked anew.

    seen: the version the writer saw, 0 for none. may_quote: whether this side lets its advice be quoted.
    Raises Invalid with fields, Changed if the other side was quicker, WrongState before the session began.
    """
    check_party(by, session)
    if session.status not in {Status.CONFIRMED, Status.ENDED} or session.starts_at > now:
        raise WrongState("A card is written once you have talked.")
    words = checked(words, held_on=held_on)
    card = Takeaway.objects.within(session.org_id).select_for_update().filter(session=session).first()
    if (card.version if card else 0) != seen:
        other = session.other(by).first_name
        raise Changed(f"{other} changed the card meanwhile. What you typed is kept below; look at both, then save again.")
    if card is None:
        card = Takeaway(org_id=session.org_id, session=session, version=0)
    same = card.version > 0 and _words_of(card) == words
    card.insight, card.thanks, card.written_at = words.insight, words.thanks, now
    if not same:
        card.version += 1
    card.save()
    if not same:
        _replace_parts(card, words)
        card.confirmations.exclude(person=by).update(version=0)
        events.publish(TakeawayWritten(org_id=card.org_id, takeaway_id=card.pk, version=card.version), now=now)
    _confirm(card, by, may_quote=may_quote, now=now)
    return card


@transaction.atomic
def confirm_card(*, card: Takeaway, by: Person, seen: int, may_quote: bool, now: datetime) -> Takeaway:
    """The other side agrees to the card as it stands. Raises Changed if it is no longer the one they saw."""
    check_party(by, card.session)
    card = Takeaway.objects.within(card.org_id).select_for_update(of=("self",)).select_related("session").get(pk=card.pk)
    if card.version != seen:
        raise Changed("The card was changed meanwhile. Look at it once more.")
    _confirm(card, by, may_quote=may_quote, now=now)
    return card


def set_fate(*, action: Action, by: Person, fate: str, now: datetime) -> Action:
    """Done, doing, dropped or open again. Raises Invalid for anything else."""
    check_party(by, action.takeaway.session)
    if fate not in Action.Fate.values:
        raise Invalid("Choose open, doing, done or dropped.")
    Action.objects.within(action.org_id).filter(pk=action.pk).update(fate=fate, fate_at=now)
    action.fate, action.fate_at = fate, now
    return action


def _confirm(card: Takeaway, by: Person, *, may_quote: bool, now: datetime) -> None:
    Confirmation.objects.within(card.org_id).update_or_create(
        takeaway=card,
        person=by,
        defaults={"version": card.version, "may_quote": may_quote, "at": now, "org_id": card.org_id},
    )
    both = list(Confirmation.objects.within(card.org_id).filter(takeaway=card, version=card.version))
    agreed = len(both) == 2  # noqa: PLR2004 - the two
    quotable = agreed and all(confirmation.may_quote for confirmation in both)
    if agreed or card.quotable != quotable:
        Takeaway.objects.within(card.org_id).filter(pk=card.pk).update(quotable=quotable)
        card.quotable = quotable
        events.publish(TakeawayConfirmed(org_id=card.org_id, takeaway_id=card.pk), now=now)


def _words_of(card: Takeaway) -> CardWords:
    return CardWords(
        insight=card.insight,
        advice=[AdviceWords(text=a.text, applies_when=a.applies_when) for a in card.advice.all()],
        actions=[ActionWords(text=a.text, owner=a.owner, due=a.due) for a in card.actions.all()],
        thanks=card.thanks,
    )


def _replace_parts(card: Takeaway, words: CardWords) -> None:
    """The new rows take the place of the old; an action whose words stay keeps its fate."""
    fates = {action.text: (action.fate, action.fate_at) for action in card.actions.all()}
    card.advice.all().delete()
    card.actions.all().delete()
    AdvicePiece.objects.bulk_create(
        AdvicePiece(org_id=card.org_id, takeaway=card, text=a.text, applies_when=a.applies_when, position=n)
        for n, a in enumerate(words.advice)
    )
    Action.objects.bulk_create(
        Action(
            org_id=card.org_id, takeaway=card, owner=a.owner, text=a.text, due=a.due, position=n,
            fate=fates.get(a.text, (Action.Fate.OPEN, None))[0], fate_at=fates.get(a.text, (None, None))[1],
        )  # fmt: skip
        for n, a in enumerate(words.actions)
    )
