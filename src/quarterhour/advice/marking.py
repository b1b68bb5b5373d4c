"""What somebody thinks of each option by each thing that matters to them: five marks, own weights, a plain sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from uuid import UUID

from django.db import transaction

from quarterhour.advice import boards
from quarterhour.advice.boards import HEAVIEST
from quarterhour.advice.decision_models import Decision, Option
from quarterhour.advice.services import AS_BEFORE
from quarterhour.core.errors import Changed, Invalid
from quarterhour.people.models import Person

WORST, BEST = -2, 2
USUAL = 1  # what a criterion counts until its owner says otherwise
CHANGED = (
    "What matters to you, or the options, were changed meanwhile, perhaps in another tab. Look at them, mark again."
)


@dataclass(frozen=True, kw_only=True)
class Sum:
    """marked: how many of the criteria this option is marked by. total: weight times mark, over those."""

    option: Option
    marks: tuple[int | None, ...]
    total: int
    marked: int


@transaction.atomic
def mark(
    *, decision: Decision, by: Person, marks: Mapping[UUID, Mapping[str, int]], weights: Mapping[str, int]
) -> Decision:
    """Keep the owner's marks, by option and criterion, and what each criterion counts. What is left out has no mark.

    Of two tabs the later press counts. Raises Changed for an option or a criterion there is no more, Invalid for a
    number that is none.
    """
    row = boards.locked(decision, by=by)
    options, criteria = set(row.options.values_list("pk", flat=True)), set(row.criteria)
    named = {name for given in marks.values() for name in given} | set(weights)
    if not set(marks) <= options or not named <= criteria:
        raise Changed(CHANGED)
    numbers = [number for given in marks.values() for number in given.values()]
    if not all(WORST <= number <= BEST for number in numbers):
        raise Invalid("Choose one of the five marks, or none.")
    if not all(0 <= weight <= HEAVIEST for weight in weights.values()):
        raise Invalid(f"Choose 0 to {HEAVIEST} for what each of them counts.")
    row.marks = {str(key): dict(given) for key, given in marks.items() if given}
    row.criterion_weights = {name: weight for name, weight in weights.items() if weight != USUAL}
    row.save(update_fields=["marks", "criterion_weights"])
    return row


def weight_of(decision: Decision, criterion: str) -> int:
    return decision.criterion_weights.get(criterion, USUAL)


def sums(decision: Decision, options: Sequence[Option]) -> list[Sum]:
    """The marks of each option, in the order of the options: never in the order of their sums."""
    found = []
    for option in options:
        given = decision.marks.get(str(option.pk), {})
        marks = tuple(given.get(name) for name in decision.criteria)
        counted = [(weight_of(decision, name), each) for name, each in zip(decision.criteria, marks, strict=True)]
        total = sum(weight * each for weight, each in counted if each is not None)
        found.append(Sum(option=option, marks=marks, total=total, marked=sum(each is not None for each in marks)))
    return found


def carry_over(decision: Decision, criteria: Sequence[str]) -> None:
    """Before `criteria` replace those of a decision: what is only corrected keeps its marks and its weight.

    What is gone, and what is about something else now, loses them.
    """
    new_name = {name: name for name in criteria if name in decision.criteria}
    for before, after in zip(decision.criteria, criteria, strict=False):
        if before not in new_name and after not in decision.criteria and _corrected(before, after):
            new_name[before] = after
    decision.marks = {
        key: kept
        for key, given in decision.marks.items()
        if (kept := {new_name[name]: each for name, each in given.items() if name in new_name})
    }
    weights = decision.criterion_weights
    decision.criterion_weights = {new_name[name]: each for name, each in weights.items() if name in new_name}


def _corrected(before: str, after: str) -> bool:
    return SequenceMatcher(None, before.casefold(), after.casefold(), autojunk=False).ratio() >= AS_BEFORE
