"""Where a question stands, from asked to helped."""

from __future__ import annotations

from dataclasses import dataclass

STEPS = ("asked", "matched", "booked", "met", "acted", "helped")


@dataclass(frozen=True, slots=True)
class Step:
    """One step. state: "done", "now" or "" for what is to come. detail: a few words on the present one."""

    name: str
    state: str
    detail: str = ""


def tracker(at: str, detail: str = "") -> list[Step]:
    """The six steps of a question that has come as far as `at`.

    at: one of STEPS. Raises ValueError for another.

    >>> [step.name for step in tracker("booked") if step.state == "done"]
    ['Asked', 'Matched']
    """
    if at not in STEPS:
        raise ValueError(f"A question is never {at!r}. Choose one of {', '.join(STEPS)}.")
    here = STEPS.index(at)
    return [
        Step(
            name.capitalize(),
            "done" if place < here else "now" if place == here else "",
            detail if place == here else "",
        )
        for place, name in enumerate(STEPS)
    ]
