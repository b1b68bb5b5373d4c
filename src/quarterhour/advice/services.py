"""A card is written, changed and confirmed by the two who talked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from uuid import UUID

from django.db import transaction

from quarterhour.advice.events import TakeawayConfirmed, TakeawayWritten
from quarterhour.advice.models import Action, AdvicePiece, Confirmation, Takeaway
from quarterhour.core import events
from quarterhour.core.errors import Changed, Invalid, NotAllowed
from quarterhour.core.text import clean
from quarterhour.people.models import Person
from quarterhour.people.queries import is_blocked
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.rules import WrongState, check_party

MOST_ADVICE, MOST_ACTIONS = 8, 20
INSIGHT, ADVICE, WHEN, ACTION = 2_000, 2_000, 400, 400
FIXED = "This card can no longer be changed. What stands on it stays with both of you."
AS_BEFORE = 0.6  # of difflib's ratio: a corrected sentence, not another one


@dataclass(frozen=True, kw_only=True)
class AdviceWords:
    text: str
    applies_when: str = ""


@dataclass(frozen=True, kw_only=True)
class ActionWords:
    """known: the action on the card these words correct, if any; it keeps its fate then."""

    text: str
    owner: str = Action.Owner.MENTEE
    due: date | None = None
    known: UUID | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True)
class CardWords:
    """A card as it comes from a form. Empty rows are no mistake, they are left out."""

    insight: str = ""
    advice: Sequence[AdviceWords] = field(default_factory=tuple)
    actions: Sequence[ActionWords] = field(default_factory=tuple)
    thanks: str = ""


def checked(words: CardWords, *, held_on: date) -> CardWords:
    """The same card, cleaned, without empty rows.

    held_on: the day of the session on the calendar of whoever writes.
    Raises Invalid with a sentence for each field: insight, thanks, and with the number of its row
    advice-0, when-0, action-0, owner-0, due-0.
    """
    wrong: dict[str, str] = {}
    insight = _fit("insight", words.insight, INSIGHT, wrong)
    thanks = _fit("thanks", words.thanks, WHEN, wrong)
    advice = _checked_advice(words.advice, wrong)
    actions = _checked_actions(words.actions, held_on, wrong)
    if len(advice) > MOST_ADVICE or len(actions) > MOST_ACTIONS:
        wrong["insight"] = f"A card holds {MOST_ADVICE} pieces of advice and {MOST_ACTIONS} actions at most."
    if not (insight or advice or actions) and not wrong:
        wrong["insight"] = "Write one sentence that you want to remember."
    if wrong:
        raise Invalid("Some of it needs another look.", fields=wrong)
    return CardWords(insight=insight, advice=advice, actions=actions, thanks=thanks)


def _checked_advice(given: Sequence[AdviceWords], wrong: dict[str, str]) -> list[AdviceWords]:
    advice = []
    for n, piece in enumerate(given):
        applies_when = _fit(f"when-{n}", piece.applies_when, WHEN, wrong)
        if text := _fit(f"advice-{n}", piece.text, ADVICE, wrong):
            advice.append(AdviceWords(text=text, applies_when=applies_when))
        elif applies_when:
            wrong[f"advice-{n}"] = "Write the advice as well, or empty the line below it."
    return advice


def _checked_actions(given: Sequence[ActionWords], held_on: date, wrong: dict[str, str]) -> list[ActionWords]:
    # The other side's calendar may be a day behind: what was due on their day is no mistake on mine.
    earliest, latest = held_on - timedelta(days=1), date(held_on.year + 5, 12, 31)
    actions = []
    for n, action in enumerate(given):
        text = _fit(f"action-{n}", action.text, ACTION, wrong)
        if not text:
            continue
        if action.owner not in Action.Owner.values:
            wrong[f"owner-{n}"] = "Choose whose it is."
        if action.due and not earliest <= action.due <= latest:
            wrong[f"due-{n}"] = "Choose a day after the session, within five years, or leave it empty."
        actions.append(ActionWords(text=text, owner=action.owner, due=action.due, known=action.known))
    return actions


def _fit(name: str, text: str, most: int, wrong: dict[str, str]) -> str:
    told = clean(text)
    if len(told) > most:
        wrong[name] = f"That is {len(told):,} characters. Shorten it to {most:,}."
    return told


@transaction.atomic
def write_card(
    *, session: MentoringSession, by: Person, words: CardWords, seen: int, may_quote: bool, held_on: date, now: datetime
) -> Takeaway:
    """Write or change the card of a session; whoever writes it has confirmed it, the other side is asked anew.

    seen: the version the writer saw, 0 for none. may_quote: whether this side lets its advice be quoted.
    Raises NotFound for strangers, Invalid with fields, Changed if somebody was quicker, WrongState before
    the session began and between two of whom one blocked the other: a card is no way to reach somebody.
    """
    check_party(by, session)
    session = _locked(session)
    if session.status not in {Status.CONFIRMED, Status.ENDED} or session.starts_at > now:
        raise WrongState("A card is written once you have talked.")
    if is_blocked(session.mentor, session.mentee):
        raise WrongState(FIXED)
    words = checked(words, held_on=held_on)
    card = Takeaway.objects.within(session.org_id).filter(session=session).first()
    if (card.version if card else 0) != seen:
        raise Changed(_quicker(card, session, by))
    if card is None or words_of(card) != words:
        card = card or Takeaway(org_id=session.org_id, session=session, version=0)
        card.insight, card.thanks, card.written_at = words.insight, words.thanks, now
        card.version += 1
        card.save()
        _write_parts(card, words)
        card.confirmations.exclude(person=by).update(version=0)
        events.publish(TakeawayWritten(org_id=card.org_id, takeaway_id=card.pk, version=card.version), now=now)
    _confirm(card, by, may_quote=may_quote, now=now)
    return card


@transaction.atomic
def confirm_card(*, card: Takeaway, by: Person, seen: int, may_quote: bool, now: datetime) -> Takeaway:
    """The other side agrees to the card as it stands. Raises Changed if it is no longer the one they saw."""
    check_party(by, card.session)
    _locked(card.session)
    card = Takeaway.objects.within(card.org_id).select_related("session").get(pk=card.pk)
    if card.version != seen:
        raise Changed("The card was changed meanwhile. Look at it once more.")
    _confirm(card, by, may_quote=may_quote, now=now)
    return card


@transaction.atomic
def let_quote(*, card: Takeaway, by: Person, may_quote: bool, now: datetime) -> Takeaway:
    """Allow one's advice to be quoted, or take that back; taking it back holds from this moment.

    Raises WrongState for who has not confirmed the present card: consent is given to words one has seen.
    """
    check_party(by, card.session)
    _locked(card.session)
    card = Takeaway.objects.within(card.org_id).select_related("session").get(pk=card.pk)
    mine = Confirmation.objects.within(card.org_id).filter(takeaway=card, person=by)
    if mine.filter(version=card.version).exists():
        _confirm(card, by, may_quote=may_quote, now=now)
    elif may_quote:
        raise WrongState("Look at the card and confirm it first, then say whether it may be quoted.")
    else:
        mine.update(may_quote=False)
    return card


@transaction.atomic
def set_fate(*, action: Action, by: Person, fate: str, now: datetime) -> Action:
    """Done, doing, dropped or open again, said by whoever took it on.

    Raises NotFound for strangers, NotAllowed for the one whose it is not, Invalid for any other word.
    """
    session = action.takeaway.session
    check_party(by, session)
    if fate not in Action.Fate.values:
        raise Invalid("Choose open, doing, done or dropped.")
    if not owns(by, action, session):
        raise NotAllowed(f"{session.other(by).first_name} took this on and says what became of it.")
    Action.objects.within(action.org_id).filter(pk=action.pk).update(fate=fate, fate_at=now)
    action.fate, action.fate_at = fate, now
    return action


def owns(person: Person, action: Action, session: MentoringSession) -> bool:
    """Whether this side of the session took the action on, alone or together with the other."""
    mine = Action.Owner.MENTOR if person.pk == session.mentor_id else Action.Owner.MENTEE
    return action.owner in {mine, Action.Owner.BOTH}


def words_of(card: Takeaway) -> CardWords:
    """A kept card in the words a form has."""
    return CardWords(
        insight=card.insight,
        advice=[AdviceWords(text=a.text, applies_when=a.applies_when) for a in card.advice.all()],
        actions=[ActionWords(text=a.text, owner=a.owner, due=a.due, known=a.pk) for a in card.actions.all()],
        thanks=card.thanks,
    )


def _locked(session: MentoringSession) -> MentoringSession:
    """The session as it is now. Its lock lets one side at a time write, also while there is no card yet."""
    rows = MentoringSession.objects.within(session.org_id).select_for_update(of=("self",), no_key=True)
    return rows.select_related("mentor", "mentee").get(pk=session.pk)


def _quicker(card: Takeaway | None, session: MentoringSession, by: Person) -> str:
    """What a writer is told whose page showed another version."""
    if card is None:
        return "The card is no longer there. What you typed is kept below: save it again."
    look = "What you typed is kept below; look at both, then save again."
    mine = Confirmation.objects.within(card.org_id).filter(takeaway=card, person=by, version=card.version)
    if mine.exists():
        return f"The card was already kept in another tab. {look}"
    return f"{session.other(by).first_name} changed the card meanwhile. {look}"


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


def _write_parts(card: Takeaway, words: CardWords) -> None:
    """Words that stay or are only corrected stay the same row: actions keep their fate, advice its place on boards."""
    _write_advice(card, words.advice)
    kept = {action.pk: action for action in card.actions.all()}
    rows = [_take(kept, each) for each in words.actions]
    card.actions.filter(pk__in=list(kept)).delete()
    for n, (row, each) in enumerate(zip(rows, words.actions, strict=True)):
        action = row or Action(org_id=card.org_id, takeaway=card)
        action.moved_to = action.moved_to if action.due == each.due else None  # they agreed on a day anew
        action.text, action.owner, action.due, action.position = each.text, each.owner, each.due, n
        action.save()


def _write_advice(card: Takeaway, advice: Sequence[AdviceWords]) -> None:
    """The same words are the same piece; else whatever stood in that row, if it is only corrected."""
    said = list(card.advice.all())
    rows: list[AdvicePiece | None] = []
    for each in advice:
        row = next((piece for piece in said if piece.text == each.text), None)
        if row:
            said.remove(row)
        rows.append(row)
    for n, each in enumerate(advice):
        there = next((piece for piece in said if piece.position == n), None)
        if rows[n] is None and there and _corrected(there.text, each.text):
            said.remove(there)
            rows[n] = there
    card.advice.filter(pk__in=[piece.pk for piece in said]).delete()
    for n, (row, each) in enumerate(zip(rows, advice, strict=True)):
        piece = row or AdvicePiece(org_id=card.org_id, takeaway=card)
        piece.text, piece.applies_when, piece.position = each.text, each.applies_when, n
        piece.save()


def _corrected(before: str, after: str) -> bool:
    return SequenceMatcher(None, before.split(), after.split(), autojunk=False).ratio() >= AS_BEFORE


def _take(kept: dict[UUID, Action], words: ActionWords) -> Action | None:
    """The action these words continue, taken out of `kept`; None for a new one."""
    known = kept.get(words.known) if words.known else None
    if known and SequenceMatcher(None, known.text, words.text, autojunk=False).ratio() < AS_BEFORE:
        known = None
    found = known or next((action for action in kept.values() if action.text == words.text), None)
    return kept.pop(found.pk) if found else None
