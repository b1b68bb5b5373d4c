"""How often people look at a place at all: told apart from how often they like whom they find there.

A pick needs two things, that somebody is looked at and that they suit: P(pick) = look(place) x suits(numbers). Both are
estimated together. They can be told apart because the same numbers stand in different places: lots are drawn for
what is not known of a mentor, the third card is kept for somebody new, and the best of one question is the fifth of
another.

Sources: the model is the position-based one, M. Richardson et al., WWW 2007; that ranker and places can be estimated
together from ordinary use is X. Wang et al., Position Bias Estimation for Unbiased Learning to Rank in Personal Search,
WSDM 2018 (they by expectation maximisation, here by Fisher scoring of the same likelihood, which also says how sure it
is); swaps as the source of knowledge: A. Agarwal et al., Estimating Position Bias without Intrusive Interventions, WSDM
2019.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.learned.curve import fitted, logit
from quarterhour.engines.learned.features import FEATURES, bases_of, rows_of
from quarterhour.engines.learned.shown import PLACES, Shown, place_of
from quarterhour.engines.market.place import ORDINARY, Policy

__all__ = ["Looks", "looks_of"]

Floats = NDArray[np.float64]
# What is believed before anybody picked, and how firmly: a factor of two either way is no surprise.
USUAL = np.array([1.0, 0.75, 0.6, 0.25, 0.12, 0.05])
FIRMNESS = 1 / np.log(2) ** 2
# Comparisons within a ranking stand for the place itself, and would hide it.
LEFT_OUT = frozenset({"beside_best", "suits", "mentee_accepts"})


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """share: of those who look at the first card, how many look at each of PLACES; doubt: of its logarithm, as a
    standard deviation. rows, picks: how often somebody stood there, and was picked.
    """

    share: Floats
    doubt: Floats
    rows: NDArray[np.int64]
    picks: NDArray[np.int64]

    @property
    def low(self) -> Floats:
        return np.asarray(np.minimum(1.0, self.share * np.exp(-1.96 * self.doubt)))

    @property
    def high(self) -> Floats:
        return np.asarray(np.minimum(1.0, self.share * np.exp(1.96 * self.doubt)))

    def at(self, places: NDArray[np.int64]) -> Floats:
        """The share for each place from 1."""
        return np.asarray(self.share[place_of(places)])


def looks_of(rankings: Sequence[Shown], policy: Policy = ORDINARY) -> Looks:
    """Estimate the looks from what was picked where. Without picks it is what is usual, with all its doubt."""
    rows = np.concatenate([rows_of(each.numbers, policy) for each in rankings]).astype(np.float64)
    liked = np.concatenate([bases_of(each.numbers, policy)[:, 0] for each in rankings])
    place = np.concatenate([place_of(each.at) for each in rankings])
    picked = np.concatenate([each.picked for each in rankings]).astype(np.float64)
    kept = [number for number, feature in enumerate(FEATURES) if feature.name not in LEFT_OUT]
    rows = rows[:, kept]
    rows = (rows - rows.mean(axis=0)) / np.maximum(rows.std(axis=0), 1e-9)
    design = np.column_stack([np.ones(len(rows)), logit(liked), rows])
    believed = np.array([0.0, 1.0] + [0.0] * len(kept))
    firmly = np.array([0.02, 1.0] + [2.0] * len(kept))
    found = fitted(design, picked, believed=believed, firmly=firmly, place=place, usual=USUAL, firmness=FIRMNESS)
    count = len(PLACES)
    return Looks(
        share=found.looks,
        doubt=found.looks_doubt,
        rows=np.bincount(place, minlength=count),
        picks=np.bincount(place, weights=picked, minlength=count).astype(np.int64),
    )
