"""Who helped with needs like this one: similar past needs vote for those who met them."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import NamedTuple

__all__ = ["PastHelp", "votes"]

# Below this cosine two needs share a language, not a subject.
ALIKE = 0.35
HALF_LIFE = 365.0  # days
# What a vote counts by how it helped, 0 to 4 quarters; nobody said counts as a middling answer.
WORTH = (0.0, 0.2, 0.6, 1.0, 1.2)
UNSAID = 0.6


class PastHelp(NamedTuple):
    """One past need. similarity: cosine with the question. helped: quarters of the session that helped, or None."""

    mentor_id: Hashable
    similarity: float
    met_at: datetime
    helped: int | None


def votes(past: Iterable[PastHelp], *, now: datetime) -> dict[Hashable, float]:
    """The sum of votes of each mentor, 0 or more; those without a vote are left out.

    A vote counts by how much alike the needs are, how long ago it was (half after a year) and how it helped.
    Further votes for the same mentor count 0.7 of the one before, so that nobody wins by numbers alone.
    Source of the idea: expert finding through similar documents, K. Balog et al., SIGIR 2006 (their model 2).
    """
    of_mentor: dict[Hashable, list[float]] = defaultdict(list)
    for each in past:
        alike = (each.similarity - ALIKE) / (1 - ALIKE)
        if not alike > 0:  # a similarity that is no number votes for nobody
            continue
        age = max(0.0, (now - each.met_at).total_seconds() / 86_400)
        worth = UNSAID if each.helped is None else WORTH[min(4, max(0, each.helped))]
        of_mentor[each.mentor_id].append(alike * 0.5 ** (age / HALF_LIFE) * worth)
    counted = {
        mentor_id: sum(vote * 0.7**place for place, vote in enumerate(sorted(each, reverse=True)))
        for mentor_id, each in of_mentor.items()
    }
    return {mentor_id: total for mentor_id, total in counted.items() if total > 0}
