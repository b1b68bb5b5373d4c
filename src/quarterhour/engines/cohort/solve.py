"""The pairing with the highest total, as a flow of least cost; a fair one beside it."""

import numpy as np

from quarterhour.engines.cohort.model import Cohort, Ints, Pairing, Scores, Unclear

__all__ = ["MOST_GIVEN_UP", "pair"]

MOST_GIVEN_UP = 0.003  # of the total, at fairness 1
TENTH = 0.1
STEPS = 7
STEEPEST = 64.0
# Costs are whole numbers: scores are told apart to nine places of the largest.
FINE = 10**9


def pair(cohort: Cohort, *, fairness: float = 0.0, everyone: bool = False) -> Pairing:
    """The pairing with the highest total score; nobody is paired at a score below 0.

    fairness: 0 to 1. Above 0, up to 0.3 % of the total (times fairness) is given up where that lifts the mean
        of the tenth of pairs that fit least. everyone: as many people as can be are paired first, and of these
        pairings the one with the highest total.
    Deterministic: the same cohort pairs the same way. Raises Unclear for a fairness out of range, and for a
    cohort too large to count exactly.
    Method: minimum cost flow (A. Goldberg, J. Algorithms 22, 1997; OR-tools). Fairness maximises the total plus
    the conditional value at risk of the pairs' scores (R. Rockafellar, S. Uryasev, J. Risk 2, 2000), a concave
    gain for each mentee, its weight found by bisection.
    """
    if not 0 <= fairness <= 1:
        raise Unclear(f"Fairness is {fairness}. Give a number from 0 to 1.")
    best = _pairing(cohort, _flow(cohort, cohort.score, everyone=everyone))
    if fairness == 0 or best.chosen.size == 0 or best.total <= 0:
        return best
    return _fairest(cohort, best, least=best.total * (1 - MOST_GIVEN_UP * fairness), everyone=everyone)


def _fairest(cohort: Cohort, best: Pairing, *, least: float, everyone: bool) -> Pairing:
    """Of the pairings tried whose total is at least `least`, the one whose worst tenth fits best."""
    floor = float(np.quantile(cohort.score[best.chosen], TENTH))
    fairest, low, high = best, 0.0, STEEPEST
    for step in range(STEPS):
        weight = STEEPEST if step == 0 else _between(low, high)
        gain = cohort.score + weight * np.minimum(cohort.score, floor)
        tried = _pairing(cohort, _flow(cohort, gain, everyone=everyone))
        if tried.total >= least and tried.chosen.size >= best.chosen.size:
            low = weight
            if tried.worst_tenth > fairest.worst_tenth:
                fairest = tried
            if step == 0:
                break
        else:
            high = weight
    given_up = max(0.0, 1 - fairest.total / best.total)
    return Pairing(cohort, fairest.chosen, fairest.total, fairest.worst_tenth, given_up)


def _between(low: float, high: float) -> float:
    """Halfway by ratio: weights matter by their order of magnitude."""
    return high / 8 if low == 0 else (low * high) ** 0.5


def _pairing(cohort: Cohort, chosen: Ints) -> Pairing:
    scores = np.sort(cohort.score[chosen])
    worst = float(scores[: max(1, len(scores) // 10)].mean()) if scores.size else 0.0
    return Pairing(cohort, chosen, float(scores.sum()), worst)


def _flow(cohort: Cohort, gain: Scores, *, everyone: bool) -> Ints:
    """Numbers of the edges that carry somebody, for the highest sum of gains.

    Source, mentees, mentors, sink; each mentee may also go to the sink alone, at no gain.
    """
    try:
        from ortools.graph.python import min_cost_flow
    except ImportError as error:  # a slim installation
        raise Unclear(
            "Pairing needs the package ortools: pip install -r requirements/solver.lock --no-deps."
        ) from error
    worth = np.flatnonzero(gain >= 0)
    mentees, mentors = len(cohort.mentees), len(cohort.mentors)
    if not worth.size or not cohort.places.sum():
        return np.empty(0, dtype=np.int64)
    largest = float(gain[worth].max()) or 1.0
    cost = -np.rint(gain[worth] / largest * FINE).astype(np.int64)
    cost[cost == 0] = -1  # a pair without a score is still better than nobody
    if everyone:
        # One more pair outweighs whatever all others could lose by it; coarser scores keep the sums exact.
        coarse = FINE // 1000
        cost = -np.rint(gain[worth] / largest * coarse).astype(np.int64) - coarse * (mentees + 1)
    if abs(int(cost.min())) * (mentees + mentors + 3) > 2**62:
        raise Unclear("This cohort is too large to pair exactly. Split it by site or by subject.")
    source, sink = mentees + mentors, mentees + mentors + 1
    flow = min_cost_flow.SimpleMinCostFlow()

    def arcs(tails: Ints, heads: Ints, room: Ints, price: Ints) -> Ints:
        told = (tails.astype(np.int32), heads.astype(np.int32), room.astype(np.int64), price.astype(np.int64))
        return np.asarray(flow.add_arcs_with_capacity_and_unit_cost(*told), dtype=np.int64)

    everybody, offering = np.arange(mentees), np.arange(mentors)
    one, free = np.ones(mentees, dtype=np.int64), np.zeros(mentees, dtype=np.int64)
    arcs(np.full(mentees, source), everybody, one, free)
    arcs(everybody, np.full(mentees, sink), one, free)
    arcs(mentees + offering, np.full(mentors, sink), cohort.places, np.zeros(mentors, dtype=np.int64))
    met = arcs(cohort.mentee[worth], mentees + cohort.mentor[worth], np.ones(worth.size, dtype=np.int64), cost)
    supplies = np.zeros(sink + 1, dtype=np.int64)
    supplies[source], supplies[sink] = mentees, -mentees
    flow.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supplies)
    status = flow.solve()
    if status != flow.OPTIMAL:  # everybody may stay alone, so there is always a flow
        raise Unclear(f"The solver gave up with {status}. Check the scores: they may differ by too many magnitudes.")
    return worth[np.asarray(flow.flows(met)) > 0]
