"""What a manager may ask of a cohort, each refusal as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any
from uuid import UUID

from quarterhour.core.errors import Invalid

MOST = 10_000  # people of one run
MOST_PLACES, MOST_HOURS = 50, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRules:
    """What holds for every pair, and what matters more. shared_hours: of a week. fairness: 0 to 1."""

    share_a_language: bool = True
    other_area: bool = False
    new_pairs: bool = True
    shared_hours: int = 1
    fairness: float = 0.5
    everyone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """mentees: who asks. places: how many each of those who give may meet."""

    mentees: tuple[UUID, ...]
    places: Mapping[UUID, int]
    rules: CohortRules


def rules_from(given: Mapping[str, Any]) -> CohortRules:
    """Rules as a form tells them. Raises Invalid with a sentence for each field."""
    wrong: dict[str, str] = {}
    hours, fairness = _number(given.get("shared_hours")), _number(given.get("fairness"))
    if hours is None or hours != int(hours) or not 0 <= hours <= MOST_HOURS:
        wrong["shared_hours"] = f"Give a whole number of hours from 0 to {MOST_HOURS}."
    if fairness is None or not 0 <= fairness <= 1:
        wrong["fairness"] = "Fairness is a number from 0, the best total, to 1, the most for the worst off."
    if wrong:
        raise Invalid("Some of the rules need another look. What you chose is kept.", fields=wrong)
    ticked = {name: bool(given.get(name)) for name in ("share_a_language", "other_area", "new_pairs", "everyone")}
    return CohortRules(shared_hours=int(hours or 0), fairness=float(fairness or 0), **ticked)


def places_from(text: str) -> int:
    """How many one mentor may meet. Raises Invalid."""
    number = _number(text)
    if number is None or number != int(number) or not 0 <= number <= MOST_PLACES:
        raise Invalid(f"Give a whole number of places from 0 to {MOST_PLACES}.")
    return int(number)


def _number(text: object) -> float | None:
    """The number that was typed, with a point or a comma; None for anything else, "nan" included."""
    told = str(text if text is not None else "").strip().replace(",", ".")
    try:
        number = float(told) if told.isascii() and len(told) < 20 else float("nan")  # noqa: PLR2004
    except ValueError:
        return None
    return number if isfinite(number) else None


def checked(plan: Plan) -> int:
    """How many people take part. Raises Invalid if nobody asks, nobody has a place, or they are too many."""
    wrong: dict[str, str] = {}
    if not plan.mentees:
        wrong["mentees"] = "Nobody is chosen to ask. Tick at least one person."
    if not any(plan.places.values()):
        wrong["places"] = "Nobody has a place. Give at least one person who helps a place."
    size = len(plan.mentees) + sum(1 for count in plan.places.values() if count)
    if size > MOST:
        wrong["mentees"] = (
            f"{size:,} people are more than one run takes. Choose {MOST:,} at most, by site or by subject."
        )
    if wrong:
        raise Invalid("Nobody could meet like this. What you chose is kept.", fields=wrong)
    return size
