"""Who meets whom in a program: the pairing with the highest total, why somebody was left out, what changed.

    cohort = cohort_of(mentees, {mentor: places}, edges)      edges: (mentee, mentor, score)
    pairing = pair(cohort, fairness=0.5)
    for mentee, mentor in pairing.pairs: ...
    reasons(cohort, pairing)                                  {mentee: why nobody}
    changes(before, after)                                    what another rule would have done

Edges from what people say and want, hard rules applied: `possible`. The method, its figures and what it
promises: docs/algorithms/cohort.md.
"""

from quarterhour.engines.cohort.changes import Changes, changes
from quarterhour.engines.cohort.edges import Edges, Rules, Side, possible
from quarterhour.engines.cohort.model import Cohort, Pairing, Unclear, cohort_of
from quarterhour.engines.cohort.reasons import reasons
from quarterhour.engines.cohort.solve import pair

__all__ = [
    "Changes",
    "Cohort",
    "Edges",
    "Pairing",
    "Rules",
    "Side",
    "Unclear",
    "changes",
    "cohort_of",
    "pair",
    "possible",
    "reasons",
]
