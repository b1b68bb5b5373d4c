"""The line: who waits, who could answer, and whose turn it is."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["ALIKE", "OnCall", "Place", "in_line"]

ALIKE = 15.0  # seconds; who came within the same quarter of a minute came at the same time


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somebody's place in the line.

    asked_at: seconds on the caller's clock. fits: how likely each mentor's answer helps, 0 to 1; whoever is not named
    does not fit. helped: conversations this person was given lately. wave: how many waves were rung for them.
    passed: mentors who said no. missed: mentors who did not answer, with how often. ringing: mentors rung right now.
    """

    id: Hashable
    asked_at: float
    fits: Mapping[Hashable, float]
    helped: int = 0
    wave: int = 0
    passed: frozenset[Hashable] = frozenset()
    missed: Mapping[Hashable, int] = field(default_factory=dict)
    ringing: frozenset[Hashable] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall:
    """A mentor who would answer now.

    free: nobody rings them and they talk to nobody. free_at: seconds on the caller's clock when a conversation is
    over; read only where `free` is False. rung, answered: rings so far and how many of them ended in a yes.
    """

    id: Hashable
    free: bool = True
    free_at: float = 0.0
    rung: int = 0
    answered: int = 0

    @property
    def answers(self) -> float:
        """How likely a ring is answered with yes, 0 to 1: the mean of a Beta(3, 2) posterior, so nobody starts at 0."""
        return (self.answered + 3) / (self.rung + 5)


def in_line(places: Iterable[Place]) -> list[Place]:
    """Whoever waited longest first; among those who came together, whoever was helped least.

    >>> [p.id for p in in_line([Place(id="b", asked_at=3, fits={}, helped=4), Place(id="a", asked_at=9, fits={})])]
    ['a', 'b']
    """
    return sorted(places, key=lambda place: (place.asked_at // ALIKE, place.helped, place.asked_at, str(place.id)))
