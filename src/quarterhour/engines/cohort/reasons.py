"""Why somebody was left out, in words that name the next step."""

from collections.abc import Hashable, Mapping

import numpy as np

from quarterhour.engines.cohort.model import Cohort, Ints, Pairing, Scores

__all__ = ["reasons"]


def reasons(
    cohort: Cohort, pairing: Pairing, *, ruled_out: Mapping[Hashable, Mapping[str, int]] | None = None
) -> dict[Hashable, str]:
    """Why nobody, for every mentee without a pair.

    ruled_out: for a mentee, how many mentors each hard rule took away, as `Edges.ruled_out` counts them.
    """
    paired = np.zeros(len(cohort.mentees), dtype=bool)
    paired[cohort.mentee[pairing.chosen]] = True
    alone = np.flatnonzero(~paired)
    if not alone.size:
        return {}
    order = np.argsort(cohort.mentee, kind="stable")
    begins = np.searchsorted(cohort.mentee[order], np.arange(len(cohort.mentees) + 1))
    weakest = _weakest(cohort, pairing)
    return {
        cohort.mentees[number]: _why(
            cohort, order[begins[number] : begins[number + 1]], weakest, (ruled_out or {}).get(cohort.mentees[number])
        )
        for number in alone.tolist()
    }


def _why(cohort: Cohort, edges: Ints, weakest: Scores, ruled: Mapping[str, int] | None) -> str:
    if not len(cohort.mentors):
        return "There is no mentor in this cohort. Invite some first."
    if not edges.size:
        if ruled:
            told = ", ".join(f"{rule} ({count})" for rule, count in sorted(ruled.items(), key=lambda x: (-x[1], x[0])))
            return f"The rules leave no mentor: {told}. Relax one of them, or invite a mentor who meets them."
        return "No mentor is possible under the rules. Relax one, or invite a mentor who meets them."
    possible = edges[cohort.score[edges] >= 0]
    if not possible.size:
        return f"All {edges.size} possible mentors score below 0. Check what both sides wish for."
    seated = possible[cohort.places[cohort.mentor[possible]] > 0]
    if not seated.size:
        return f"All {possible.size} possible mentors have no place. Ask one of them for another place."
    # The mentor whose least fitting pair is beaten by the least.
    lack = weakest[cohort.mentor[seated]] - cohort.score[seated]
    nearest = seated[int(np.argmin(lack))]
    who, own = cohort.mentors[int(cohort.mentor[nearest])], float(cohort.score[nearest])
    few = "The one possible mentor is" if seated.size == 1 else f"All {seated.size} possible mentors are"
    return (
        f"{few} taken by people whose pairs add up to more. Nearest: {who} at {own:.2f}, whose places went to pairs "
        f"from {weakest[int(cohort.mentor[nearest])]:.2f} on. One more place there would do."
    )


def _weakest(cohort: Cohort, pairing: Pairing) -> Scores:
    """The score of each mentor's least fitting pair; infinite where there is none."""
    least = np.full(len(cohort.mentors), np.inf)
    np.minimum.at(least, cohort.mentor[pairing.chosen], cohort.score[pairing.chosen])
    return least
