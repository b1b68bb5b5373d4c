"""From how well somebody fits to how likely this helps, with room for newcomers and rest for the busy."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

__all__ = ["ORDINARY", "SHIPPED", "Offer", "Placed", "Policy", "place"]

SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One mentor for one question.

    fit: how likely their advice suits it, 0 to 1. mentor_accepts, mentee_accepts: how likely each side says yes,
    0 to 1. rated, helped: sessions with an answer, and those that helped. given, budget: minutes of this week.
    shown: how often they were shown lately. needs_minutes: what this session would take.
    """

    id: Hashable
    fit: float
    mentor_accepts: float = 1.0
    mentee_accepts: float = 1.0
    rated: int = 0
    helped: int = 0
    given: int = 0
    budget: int = 10_000
    shown: float = 0.0
    needs_minutes: int = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How the market is run. Each figure: what it does at 0, and why it is what it is (docs/algorithms/market.md).

    prior_helped, prior_failed: what is believed of somebody nobody has rated; the town's average is 0.8.
    explore: how much of the doubt about somebody is drawn by lot, 0 to 1. load, exposure: prices of a full week
    and of being shown. floor: nobody below this share of the best fit is lifted into the first three.
    newcomer: a mentor with fewer rated sessions; new_place: whether one of the first three is kept for one who fits.
    """

    prior_helped: float = 4.0
    prior_failed: float = 1.0
    explore: float = 0.5
    load: float = 0.25
    exposure: float = 0.02
    floor: float = 0.7
    newcomer: int = 3
    new_place: bool = True


ORDINARY = Policy()
SHIPPED = Policy(explore=0.3)  # what places people in the product


@dataclass(frozen=True, slots=True)
class Placed:
    """An offer in its place. score: how likely it helps within 30 days, 0 to 1, after prices; drawn: the lot that was
    drawn for its quality; price: by how much the score was multiplied; lifted: placed here to be given a chance.
    """

    offer: Offer
    score: float
    drawn: float
    price: float
    lifted: bool = False


def place(offers: Sequence[Offer], *, seed: int, policy: Policy = ORDINARY) -> list[Placed]:
    """The offers in the order to show them; the same seed draws the same lots, whatever the order of `offers`.

    Score = both say yes x the advice suits x it helps as often as this mentor's quality, drawn from its posterior.
    Left out: whoever has fewer minutes left this week than the session takes, and a fit that is no number.
    Source: Thompson sampling, W. Thompson, Biometrika 25 (1933); reciprocal scores, L. Pizzato et al., RecSys 2010.
    """
    fitting = [offer for offer in offers if 0 <= offer.fit <= 1 and offer.given + offer.needs_minutes <= offer.budget]
    if not fitting:
        return []
    placed = [_placed(offer, seed, policy) for offer in sorted(fitting, key=lambda offer: str(offer.id))]
    placed.sort(key=lambda each: (-each.score, str(each.offer.id)))
    best_fit = max(each.offer.fit for each in placed)
    suited = [each for each in placed if each.offer.fit >= policy.floor * best_fit]
    rest = [each for each in placed if each.offer.fit < policy.floor * best_fit]
    return _with_a_newcomer(suited, policy) + rest


def _placed(offer: Offer, seed: int, policy: Policy) -> Placed:
    good = policy.prior_helped + offer.helped
    bad = policy.prior_failed + offer.rated - offer.helped
    mean = good / (good + bad)
    drawn = mean
    if policy.explore > 0:
        # Each mentor draws alone: who else is looked at changes nobody's lot.
        lot = np.random.default_rng([seed & 0xFFFFFFFF, _number(offer.id)])
        drawn = mean + policy.explore * (float(lot.beta(good, bad)) - mean)
    used = offer.given / offer.budget if offer.budget else 1.0
    price = exp(-policy.load * used**2 - policy.exposure * max(0.0, offer.shown))
    both = offer.mentor_accepts * offer.mentee_accepts
    return Placed(offer, both * offer.fit * drawn * price, drawn, price)


def _with_a_newcomer(suited: list[Placed], policy: Policy) -> list[Placed]:
    """The third place for the best newcomer, where nobody new is among the first three."""

    def is_new(each: Placed) -> bool:
        return each.offer.rated < policy.newcomer

    if not policy.new_place or len(suited) <= SHOWN or any(map(is_new, suited[:SHOWN])):
        return suited
    newcomer = next(filter(is_new, suited[SHOWN:]), None)
    if newcomer is None:
        return suited
    lifted = Placed(newcomer.offer, newcomer.score, newcomer.drawn, newcomer.price, lifted=True)
    return [*suited[: SHOWN - 1], lifted, *(each for each in suited[SHOWN - 1 :] if each is not newcomer)]


def _number(of: Hashable) -> int:
    """A number that is the same in every process."""
    value = 2166136261
    for byte in str(of).encode():
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value
