"""From the three chances to an offer that the market places like any other."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.learned.features import Numbers
from quarterhour.engines.market.place import ORDINARY, Offer, Policy

__all__ = ["expected", "offered"]

Floats = NDArray[np.float64]


def expected(chances: Floats) -> Floats:
    """How likely each person ends with *helped at 30 days* once looked at: picked, accepted, and it helped."""
    return np.asarray(chances.prod(axis=1))


def offered(numbers: Numbers, chances: Floats, policy: Policy = ORDINARY, *, welcome: float = 1.0) -> list[Offer]:
    """The same offers with what was learned of them, in their order.

    chances: (n, 3), see HEADS. The placing multiplies with the lot it draws for a mentor's quality; what is expected of
    that lot is divided out here, so that the score is the expected help, and lots and prices act as ever.
    welcome: whoever is no newcomer is counted so many times less, see `welcomed`.
    Raises ValueError where a chance is no number between 0 and 1.
    """
    if chances.shape != (len(numbers.offers), 3) or not (np.isfinite(chances).all() and (chances >= 0).all()):
        raise ValueError("A learned chance is no number.")
    if (chances > 1).any() or not welcome >= 1:
        raise ValueError("A learned chance is above 1, or newcomers count less than others.")
    found = []
    for offer, (pick, accept, help_) in zip(numbers.offers, chances.tolist(), strict=True):
        quality = (policy.prior_helped + offer.helped) / (policy.prior_helped + policy.prior_failed + offer.rated)
        fit = min(1.0, pick * help_ / quality) / (1.0 if offer.rated < policy.newcomer else welcome)
        found.append(replace(offer, fit=fit, mentor_accepts=accept, mentee_accepts=1.0))
    return found
