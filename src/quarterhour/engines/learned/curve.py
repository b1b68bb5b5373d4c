"""Logistic curves of what is only seen where somebody looked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Curve", "Fitted", "curve_of", "fitted", "logistic", "logit"]

Floats = NDArray[np.float64]
ROUNDS = 60
CLOSE = 1e-7


def logit(chance: Floats) -> Floats:
    return np.asarray(np.log(chance / (1 - chance)))


def logistic(value: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(value, -50, 50))))


@dataclass(frozen=True, slots=True)
class Curve:
    """A chance from what the default said: logistic(at_zero + by_base x logit(base)); (0, 1) leaves it as it is."""

    at_zero: float = 0.0
    by_base: float = 1.0

    def of(self, base: Floats) -> Floats:
        """In logits, so that trees can be added to it."""
        return np.asarray(self.at_zero + self.by_base * logit(base))


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """weights of the columns; looks: a share for each place, the first 1; looks_doubt: of their logarithm."""

    weights: Floats
    looks: Floats
    looks_doubt: Floats


def curve_of(base: Floats, happened: Floats, look: Floats) -> Curve:
    """The curve that makes the default's chances true, as far as what happened says so.

    Few cases leave it near the default: twice as steep or flat as the default is believed as little as four cases.
    """
    design = np.column_stack([np.ones(len(base)), logit(base)])
    found = fitted(design, happened, believed=np.array([0.0, 1.0]), firmly=np.array([0.02, 4.0]), look=look)
    return Curve(float(found.weights[0]), float(max(0.0, found.weights[1])))


def fitted(
    design: Floats,
    happened: Floats,
    *,
    believed: Floats,
    firmly: Floats,
    look: Floats | None = None,
    place: NDArray[np.int64] | None = None,
    usual: Floats | None = None,
    firmness: float = 0.0,
) -> Fitted:
    """The likeliest weights w of P(happened) = look x logistic(design w), and the looks where they are not given.

    believed, firmly: mean and inverse variance of what is believed of w beforehand. look: (n,) given; or place: (n,)
    numbers of places whose looks are to be found, with `usual` and the `firmness` of their logarithms beforehand.
    The look of place 0 is 1: only their ratios can be known. Fisher scoring with halved steps, so it always ends.
    """
    count = 0 if usual is None else len(usual) - 1
    steps = np.zeros((len(design), count)) if place is None else np.eye(count + 1)[place][:, 1:]
    before = np.concatenate([believed, np.log(usual[1:]) if usual is not None else []])
    firm = np.concatenate([firmly, np.full(count, firmness)])
    given = np.zeros(len(design)) if look is None else np.log(look)
    now = before.copy()

    def told(at: Floats) -> tuple[float, Floats, Floats]:
        good = logistic(design @ at[: len(believed)])
        chance = np.clip(np.exp(given + steps @ at[len(believed) :]) * good, 1e-12, 1 - 1e-9)
        likely = float((happened * np.log(chance) + (1 - happened) * np.log1p(-chance)).sum())
        return likely - 0.5 * float(firm @ (at - before) ** 2), good, chance

    score, good, chance = told(now)
    for _ in range(ROUNDS):
        slopes = np.column_stack([design * (1 - good)[:, None], steps])
        pull = slopes.T @ ((happened - chance) / (1 - chance)) - firm * (now - before)
        known = (slopes * (chance / (1 - chance))[:, None]).T @ slopes + np.diag(firm)
        step, gained = np.linalg.solve(known, pull), False
        for _half in range(20):
            there = now + step
            there[len(believed) :] = np.minimum(0.0, there[len(believed) :])
            then = told(there)
            if then[0] > score:
                gained = then[0] - score > CLOSE
                now, (score, good, chance) = there, then
                break
            step = step / 2
        if not gained:
            break
    slopes = np.column_stack([design * (1 - good)[:, None], steps])
    known = (slopes * (chance / (1 - chance))[:, None]).T @ slopes + np.diag(firm)
    doubt = np.sqrt(np.maximum(0.0, np.diag(np.linalg.inv(known))))[len(believed) :]
    looks = np.concatenate([[1.0], np.exp(now[len(believed) :])])
    return Fitted(now[: len(believed)], looks, np.concatenate([[0.0], doubt]))
