"""A decision is laid out, changed, made and looked back on by the person whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from quarterhour.advice import boards, marking
from quarterhour.advice.decision_models import Decision, Option
from quarterhour.advice.events import DecisionLookedBack, DecisionMade, DecisionRecorded
from quarterhour.core import events
from quarterhour.core.errors import Changed, Invalid, NotFound
from quarterhour.core.limits import spend
from quarterhour.core.text import clean
from quarterhour.needs.models import Need
from quarterhour.people.models import Person

FEWEST_OPTIONS, MOST_OPTIONS, MOST_CRITERIA = 2, 6, 6
QUESTION, CONTEXT, OPTION, CRITERION, REASON = 400, 4_000, 200, 120, 2_000
YEARS = 5
QUARTERS = range(5)
CHANGED = "This decision was changed meanwhile, perhaps in another tab. What you typed is kept; look at both."


@dataclass(frozen=True, kw_only=True)
class OptionWords:
    """known: the option these words correct, if any; what was said about it stays then."""

    text: str
    known: UUID | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True)
class DecisionWords:
    """A decision as it comes from a form. Empty rows are no mistake, they are left out."""

    question: str
    options: Sequence[OptionWords] = ()
    criteria: Sequence[str] = ()
    context: str = ""
    decide_by: date | None = None
    advisers_place: bool = False


def checked(words: DecisionWords, *, today: date, before: date | None = None) -> DecisionWords:
    """The same words, cleaned. before: the day that stood there, which may be over by now.

    Raises Invalid with a sentence for each field: question, context, decide_by, option-0, criterion-0.
    """
    wrong: dict[str, str] = {}
    question = _fit("question", " ".join(words.question.split()), QUESTION, wrong)
    context = _fit("context", words.context, CONTEXT, wrong)
    if not question and "question" not in wrong:
        wrong["question"] = "Write what you have to decide, in one sentence."
    options = []
    for n, each in enumerate(words.options):
        if text := _fit(f"option-{n}", " ".join(each.text.split()), OPTION, wrong):
            if text.casefold() in {known.text.casefold() for known in options}:
                wrong.setdefault(f"option-{n}", "This option stands there already. Say how it differs, or empty it.")
            options.append(OptionWords(text=text, known=each.known))
    if len(options) < FEWEST_OPTIONS:
        empty = next((n for n, each in enumerate(words.options) if not clean(each.text)), len(words.options) - 1)
        wrong.setdefault(f"option-{max(empty, 0)}", "A decision has two options at least. “Leave it as it is” is one.")
    if len(options) > MOST_OPTIONS:
        wrong.setdefault("option-0", f"A decision has {MOST_OPTIONS} options at most. Which of them are out already?")
    criteria = [
        _fit(f"criterion-{n}", " ".join(each.split()), CRITERION, wrong) for n, each in enumerate(words.criteria)
    ]
    criteria = list(dict.fromkeys(filter(None, criteria)))[:MOST_CRITERIA]
    if words.decide_by and words.decide_by != before and not today <= words.decide_by <= _latest(today):
        wrong["decide_by"] = f"Choose a day from today on, within {YEARS} years, or leave it empty."
    if wrong:
        raise Invalid("Some of it needs another look. Nothing you typed is lost.", fields=wrong)
    return DecisionWords(
        question=question, options=options, criteria=criteria, context=context,
        decide_by=words.decide_by, advisers_place=words.advisers_place,
    )  # fmt: skip


@transaction.atomic
def make(*, owner: Person, org, words: DecisionWords, need: Need | None = None, today: date, now: datetime) -> Decision:
    """A decision, with the advice of the sessions on its need laid on it already. Raises Invalid, TooMany."""
    if need is not None and (need.mentee_id != owner.pk or need.org_id != org.pk):
        raise NotFound("There is no such question of yours.")
    words = checked(words, today=today)
    told = "That was many decisions in a day. Change one of those you have, or come back tomorrow."
    spend(f"decide {owner.pk}", most=40, per=timedelta(days=1), now=now, told=told)
    decision = Decision.objects.create(org=org, owner=owner, need=need, made_at=now, changed_at=now, **_columns(words))
    _write_options(decision, words)
    boards.fill(decision, now=now)
    events.publish(DecisionMade(org_id=org.pk, decision_id=decision.pk), now=now)
    return decision


@transaction.atomic
def change(*, decision: Decision, by: Person, words: DecisionWords, seen: int, today: date, now: datetime) -> Decision:
    """Other words for the same decision. Advice on an option that is gone has to be placed anew.

    Raises Changed if another tab was quicker, Invalid with fields.
    """
    row = _as_seen(decision, by=by, seen=seen)
    words = checked(words, today=today, before=row.decide_by)
    kept = {each.known for each in words.options}
    if row.chosen_id and row.chosen_id not in kept:
        told = "You chose an option that is missing now. Put it back, or choose another one first."
        raise Invalid(told, fields={"option-0": told})
    marking.carry_over(row, words.criteria)
    for name, value in _columns(words).items():
        setattr(row, name, value)
    _write_options(row, words)
    row.marks = {key: each for key, each in row.marks.items() if UUID(key) in kept}
    return _kept(row, now)


@transaction.atomic
def record(
    *, decision: Decision, by: Person, option: UUID | None, reason: str, look_back_on: date | None, seen: int,
    today: date, now: datetime,
) -> Decision:  # fmt: skip
    """The choice, why, and the day to look back on. Without an option the decision is open again.

    Raises Changed if another tab was quicker, Invalid with fields: choice, reason, look_back_on.
    """
    row = _as_seen(decision, by=by, seen=seen)
    wrong: dict[str, str] = {}
    reason = _fit("reason", reason, REASON, wrong)
    chosen = row.options.filter(pk=option).first() if option else None
    if option and chosen is None:
        wrong["choice"] = "Choose one of the options of this decision."
    if chosen and not reason:
        wrong.setdefault("reason", "Write one sentence: why this one. In a while you will want to read it.")
    if look_back_on and look_back_on != row.look_back_on and not today < look_back_on <= _latest(today):
        wrong["look_back_on"] = f"Choose a day after today, within {YEARS} years, or leave it empty."
    if wrong:
        raise Invalid("Some of it needs another look. Nothing you typed is lost.", fields=wrong)
    if (row.chosen_id, row.look_back_on) != (chosen and chosen.pk, look_back_on):
        row.looked_back_at, row.outcome, row.outcome_words = None, None, ""
        row.asked_back_at = row.not_asked_at = None
        row.look_back_round += 1
    if chosen is None:
        row.decided_at = None
    elif row.chosen_id != chosen.pk:
        row.decided_at = now
    row.chosen, row.reason, row.look_back_on = chosen, reason, look_back_on if chosen else None
    events.publish(DecisionRecorded(org_id=row.org_id, decision_id=row.pk, decided=chosen is not None), now=now)
    return _kept(row, now)


@transaction.atomic
def look_back(*, decision: Decision, by: Person, quarters: int | None, words: str, now: datetime) -> Decision:
    """How it went, 0 to 4 quarters, in words if wanted. Said again, the later answer stands.

    Raises Changed where nothing was decided, Invalid with fields: outcome, outcome_words.
    """
    row = _locked(decision, by=by)
    if row.chosen_id is None:
        raise Changed("Nothing is decided here any more. Record your choice first.")
    wrong: dict[str, str] = {}
    words = _fit("outcome_words", words, REASON, wrong)
    if quarters not in QUARTERS:
        wrong["outcome"] = "Choose one of the five."
    if wrong:
        raise Invalid("Some of it needs another look. Nothing you typed is lost.", fields=wrong)
    row.outcome, row.outcome_words, row.looked_back_at = quarters, words, now
    events.publish(DecisionLookedBack(org_id=row.org_id, decision_id=row.pk), now=now)
    return _kept(row, now)


@transaction.atomic
def do_not_ask(*, decision: Decision, by: Person, stop: bool = True, now: datetime) -> Decision:
    """The person does not want to be asked how it went, or does again. Looking back stays open to them."""
    row = _locked(decision, by=by)
    row.not_asked_at = (row.not_asked_at or now) if stop else None
    row.save(update_fields=["not_asked_at"])
    return row


@transaction.atomic
def remove(*, decision: Decision, by: Person) -> None:
    """The decision and its board are gone; the cards stay where they were."""
    row = _locked(decision, by=by)
    Decision.objects.within(row.org_id).filter(pk=row.pk).delete()


def _as_seen(decision: Decision, *, by: Person, seen: int) -> Decision:
    row = _locked(decision, by=by)
    if row.version != seen:
        raise Changed(CHANGED)
    return row


def _locked(decision: Decision, *, by: Person) -> Decision:
    """The decision as it is now, for its owner alone. Of two who write at once, one waits."""
    return boards.locked(decision, by=by)


def _kept(row: Decision, now: datetime) -> Decision:
    row.version += 1
    row.changed_at = now
    row.save()
    return row


def _columns(words: DecisionWords) -> dict:
    names = ("question", "context", "criteria", "decide_by", "advisers_place")
    return {name: getattr(words, name) for name in names}


def _write_options(decision: Decision, words: DecisionWords) -> None:
    """Options whose words are corrected keep what was said about them; those left out are gone."""
    known = {option.pk: option for option in decision.options.all()}
    rows = [known.pop(each.known, None) if each.known else None for each in words.options]
    decision.options.filter(pk__in=list(known)).delete()
    for n, (row, each) in enumerate(zip(rows, words.options, strict=True)):
        option = row or Option(org_id=decision.org_id, decision=decision)
        option.text, option.position = each.text, n
        option.save()


def _fit(name: str, text: str, most: int, wrong: dict[str, str]) -> str:
    told = clean(text)
    if len(told) > most:
        wrong[name] = f"That is {len(told):,} characters. Shorten it to {most:,}."
    return told


def _latest(today: date) -> date:
    return date(today.year + YEARS, 12, 31)
