"""What differs between two pairings: another rule, another week, another place."""

from collections.abc import Hashable
from dataclasses import dataclass

from quarterhour.engines.cohort.model import Pairing

__all__ = ["Changes", "changes"]


@dataclass(frozen=True, slots=True)
class Changes:
    """By mentee: kept with their mentor; moved (from, to); newly paired; no longer paired.

    total: by how much the sum of scores grew.
    """

    kept: dict[Hashable, Hashable]
    moved: dict[Hashable, tuple[Hashable, Hashable]]
    gained: dict[Hashable, Hashable]
    lost: dict[Hashable, Hashable]
    total: float


def changes(before: Pairing, after: Pairing) -> Changes:
    """What `after` does otherwise than `before`. The cohorts need not hold the same people."""
    was, now = before.mentor_of, after.mentor_of
    both = [mentee for mentee in was if mentee in now]
    return Changes(
        kept={mentee: now[mentee] for mentee in both if now[mentee] == was[mentee]},
        moved={mentee: (was[mentee], now[mentee]) for mentee in both if now[mentee] != was[mentee]},
        gained={mentee: mentor for mentee, mentor in now.items() if mentee not in was},
        lost={mentee: mentor for mentee, mentor in was.items() if mentee not in now},
        total=after.total - before.total,
    )
