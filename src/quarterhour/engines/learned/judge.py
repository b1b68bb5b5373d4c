"""What another order would have been worth, on weeks nobody learned from: estimated from what happened in the old one.

Somebody who helped from the second card would have been looked at more often on the first. Each help that came about
therefore counts look(new place) / look(old place) times; the sum over a question is what the new order would have
brought, on average, if looks depend on places alone. Both orders are valued in the same way, by the same rows. The
intervals hold both doubts: which questions came up, and how often people look where.

Sources: T. Joachims, A. Swaminathan, T. Schnabel, Unbiased Learning-to-Rank with Biased Feedback, WSDM 2017; S. Li et
al., Offline Evaluation of Ranking Policies with Click Models, KDD 2018. Weights are clipped: E. Ionides, Truncated
Importance Sampling, JCGS 17 (2008). Intervals: bootstrap over questions, B. Efron, Annals of Statistics 7 (1979).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.learned.curve import curve_of
from quarterhour.engines.learned.features import bases_of
from quarterhour.engines.learned.heads import Head, Heads
from quarterhour.engines.learned.looks import Looks
from quarterhour.engines.learned.offers import expected, offered
from quarterhour.engines.learned.shown import PLACES, Shown, place_of, value_of
from quarterhour.engines.market.place import ORDINARY, Offer, Policy, place

__all__ = ["CLIP", "Bin", "Calibration", "Estimate", "Fairness", "Judged", "judge", "plain_heads"]

Floats = NDArray[np.float64]
CLIP = 10.0  # nobody's help counts more than so many times
RESAMPLES = 2_000
BINS = 5
CARDS = 3


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, and between what 95 of 100 resampled sets of questions put it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bin:
    """So many rows were expected to be picked with this chance, and this share was."""

    rows: int
    expected: float
    happened: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """brier: mean squared difference of chance and pick, smaller is better; expected, happened: helps in all."""

    brier: float
    expected: float
    happened: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Fairness:
    """newcomers: their share of the looks at cards. coverage: share of those who were looked at closely that had a
    card at least once. gini: of looks at cards, over the same people; 0 is even.
    """

    newcomers: float
    coverage: float
    gini: float


@dataclass(frozen=True, slots=True)
class Judged:
    """Both rankers on the same questions. default, learned, difference: helps for 100 questions by weighted outcomes.
    weeks: (week, rankings, difference) one by one. clipped: share of the helps whose weight was held down.
    """

    default: Estimate
    learned: Estimate
    difference: Estimate
    weeks: tuple[tuple[int, int, float], ...]
    clipped: float
    calibration: Mapping[str, Calibration]
    fairness: Mapping[str, Fairness]


def judge(
    rankings: Sequence[Shown],
    heads: Heads,
    looks: Looks,
    *,
    plain: Heads,
    silent: float,
    seed: int,
    policy: Policy = ORDINARY,
) -> Judged:
    """Value both orders of the same rankings. Raises ValueError where there are none.

    plain: the default's chances made true on earlier weeks, see `plain_heads`. silent: what a session without an answer
    counts, from earlier weeks as well. The same rankings and seed give the same figures.
    """
    if not rankings:
        raise ValueError("There is nothing to judge by.")
    orders = [orders_of(each, heads, policy) for each in rankings]
    moved = np.stack([_moved(each, both, silent) for each, both in zip(rankings, orders, strict=True)])
    ratios = looks.share[None, :] / looks.share[:, None]
    figures = _counted(moved, ratios)
    random = np.random.default_rng(seed)
    means = _resampled(moved, rankings, looks, random)
    weeks = sorted({each.week for each in rankings})
    of_week = np.array([each.week for each in rankings])
    difference = figures[:, 1] - figures[:, 0]
    came = moved[:, 1].sum(axis=0)
    return Judged(
        default=_estimate(figures[:, 0], means[:, 0]),
        learned=_estimate(figures[:, 1], means[:, 1]),
        difference=_estimate(difference, means[:, 1] - means[:, 0]),
        weeks=tuple(
            (week, int((of_week == week).sum()), float(100 * difference[of_week == week].mean())) for week in weeks
        ),
        clipped=float(came[ratios > CLIP].sum() / came.sum()) if came.sum() else 0.0,
        calibration={
            name: _calibrated(rankings, which, looks, silent, policy)
            for name, which in (("default", plain), ("learned", heads))
        },
        fairness={
            name: fairness_of(rankings, [both[at] for both in orders], looks, policy)
            for at, name in enumerate(("default", "learned"))
        },
    )


def plain_heads(rankings: Sequence[Shown], looks: Looks, policy: Policy = ORDINARY) -> Heads:
    """The default's own chance to be picked, made true by a curve: what the learned one is held against."""
    base = np.concatenate([bases_of(each.numbers, policy)[:, 0] for each in rankings])
    picked = np.concatenate([each.picked for each in rankings]).astype(np.float64)
    look = np.concatenate([looks.at(each.at) for each in rankings])
    return Heads({"pick": Head(curve_of(base, picked, look))})


def orders_of(shown: Shown, heads: Heads, policy: Policy) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The place of each person by the default, and by what was learned, with the same lots."""
    numbers = shown.numbers
    learned = offered(numbers, heads.chances(numbers, policy), policy, welcome=heads.welcome)
    return (
        order_of(numbers.offers, seed=shown.seed, policy=policy),
        order_of(learned, seed=shown.seed, policy=policy),
    )


def order_of(offers: Sequence[Offer], *, seed: int, policy: Policy) -> NDArray[np.int64]:
    """The place of each offer, from 1, in the order given; who cannot be placed stands at the end."""
    placed = {each.offer.id: at for at, each in enumerate(place(offers, seed=seed, policy=policy), start=1)}
    return np.array([placed.get(offer.id, len(offers)) for offer in offers], dtype=np.int64)


def _moved(shown: Shown, orders: Sequence[NDArray[np.int64]], silent: float) -> Floats:
    """The help that came, by the place it came from and the place it would have had: (ranker, old, new)."""
    came, old = value_of(shown, silent=silent), place_of(shown.at)
    found = np.zeros((len(orders), len(PLACES), len(PLACES)))
    for at, order in enumerate(orders):
        np.add.at(found[at], (old, place_of(order)), came)
    return found


def _counted(moved: Floats, ratios: Floats) -> Floats:
    return np.asarray(np.einsum("...on,on->...", moved, np.minimum(CLIP, ratios)))


def _resampled(moved: Floats, rankings: Sequence[Shown], looks: Looks, random: np.random.Generator) -> Floats:
    """Means of both rankers, each of another set of questions and other looks; shape (RESAMPLES, 2)."""
    number = {need: at for at, need in enumerate(dict.fromkeys(each.need for each in rankings))}
    of = np.array([number[each.need] for each in rankings])
    sums = np.zeros((len(number), *moved.shape[1:]))
    np.add.at(sums, of, moved)
    sizes = np.bincount(of, minlength=len(number))
    flat, means = sums.reshape(len(sums), -1), []
    for doubt in random.standard_normal((RESAMPLES, len(PLACES))):
        share = np.minimum(1.0, looks.share * np.exp(doubt * looks.doubt))
        times = random.multinomial(len(sums), np.full(len(sums), 1 / len(sums)))
        whole: Floats = np.asarray(times @ flat, dtype=np.float64).reshape(moved.shape[1:])
        means.append(_counted(whole, share[None, :] / share[:, None]) / (times @ sizes))
    return np.array(means)


def _estimate(figures: Floats, means: Floats) -> Estimate:
    low, high = np.quantile(means, [0.025, 0.975])
    return Estimate(float(100 * figures.mean()), float(100 * low), float(100 * high))


def _calibrated(rankings: Sequence[Shown], heads: Heads, looks: Looks, silent: float, policy: Policy) -> Calibration:
    chances = [heads.chances(each.numbers, policy) for each in rankings]
    seen = [looks.at(each.at) for each in rankings]
    told = np.concatenate([look * one[:, 0] for look, one in zip(seen, chances, strict=True)])
    picked = np.concatenate([each.picked for each in rankings]).astype(np.float64)
    cuts = np.array_split(np.argsort(told, kind="stable"), BINS)
    return Calibration(
        brier=float(((told - picked) ** 2).mean()),
        expected=float(sum(look @ expected(one) for look, one in zip(seen, chances, strict=True))),
        happened=float(sum(value_of(each, silent=silent).sum() for each in rankings)),
        bins=tuple(Bin(len(cut), float(told[cut].mean()), float(picked[cut].mean())) for cut in cuts if len(cut)),
    )


def fairness_of(
    rankings: Sequence[Shown], orders: Sequence[NDArray[np.int64]], looks: Looks, policy: Policy
) -> Fairness:
    """How the looks at cards are spread over those who were looked at closely."""
    seen: dict[object, float] = {}
    new = whole = 0.0
    for each, order in zip(rankings, orders, strict=True):
        look = np.where(order <= CARDS, looks.at(order), 0.0)
        for offer, much in zip(each.numbers.offers, look.tolist(), strict=True):
            seen[offer.id] = seen.get(offer.id, 0.0) + much
            whole += much
            new += much if offer.rated < policy.newcomer else 0.0
    amounts = np.sort(np.array(list(seen.values())))
    count = len(amounts)
    even = (2 * np.arange(1, count + 1) - count - 1) @ amounts
    return Fairness(
        newcomers=new / whole if whole else 0.0,
        coverage=float((amounts > 0).mean()) if count else 0.0,
        gini=float(even / (count * amounts.sum())) if amounts.sum() else 0.0,
    )
