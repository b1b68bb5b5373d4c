"""The four quarters of a good question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quarterhour.web.drawing.svg import element, picture

STATES = ("there", "next", "")
# Clockwise from the top: the situation, what was tried, which advice is wanted, by when.
QUARTERS = (
    "M25.6 22.4L25.6 2.4A20 20 0 0 1 45.6 22.4Z",
    "M25.6 25.6L45.6 25.6A20 20 0 0 1 25.6 45.6Z",
    "M22.4 25.6L22.4 45.6A20 20 0 0 1 2.4 25.6Z",
    "M22.4 22.4L2.4 22.4A20 20 0 0 1 22.4 2.4Z",
)
COUNTS = (
    "None of four quarters yet.",
    "One of four quarters.",
    "Two of four quarters.",
    "Three of four quarters.",
    "All four quarters.",
)


@dataclass(frozen=True, slots=True)
class Brief:
    """The picture of a question, and how many of its quarters are there, in words."""

    picture: str
    count: str


def brief(quarters: Sequence[str | bool]) -> Brief:
    """A disc of four quarters.

    quarters: four states: "there" (or True), "next" for the one we ask about, "" (or False) for empty.
    Raises ValueError for another number of quarters or another state.
    """
    states = ["there" if state is True else state or "" for state in quarters]
    if len(states) != len(QUARTERS) or not set(states) <= set(STATES):
        raise ValueError(f"{list(quarters)} are not four quarters of {STATES}.")
    paths = [element("path", class_=state or None, d=d) for state, d in zip(states, QUARTERS, strict=True)]
    return Brief(picture("", "0 0 48 48", *paths), COUNTS[states.count("there")])
