"""What goes into a takeaway card and what comes out."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Party = Literal["mentor", "mentee"]
Weakness = Literal["", "undated", "unnamed"]
Labels = Literal["", "tasks", "speeches"]
Owner = Literal["mentor", "mentee", "both"]


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the chat."""

    who: Party
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement was written, word for word.

    line: the place of the chat line in the chat, or None for the notes.
    start, end: the part of that text; `words` is exactly `text[start:end]`.
    """

    line: int | None
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Advice:
    """Something to do or to avoid, and the situation it was meant for."""

    text: str
    applies_when: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Action:
    """A commitment that still stood when the session ended."""

    owner: Owner
    text: str
    due: date | None
    source: Source


@dataclass(frozen=True, slots=True)
class Card:
    """A proposal for the takeaway card; both people still edit and confirm it.

    insight: one sentence of the notes, or "" when nothing in them reads like one.
    """

    insight: str
    advice: tuple[Advice, ...]
    actions: tuple[Action, ...]
