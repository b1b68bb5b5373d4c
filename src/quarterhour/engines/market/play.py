"""A seeded market, played week by week through the same placing that people see."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.market.place import ORDINARY, SHOWN, Offer, Policy, place

__all__ = ["Report", "Town", "play"]

Floats = NDArray[np.float64]
MINUTES = 25
CONSIDERED = 20
# How often people look at the first, second and third card, and at the rest: position bias.
LOOKS = (1.0, 0.75, 0.6)
BUSY_EVERY, TWICE = 5, 2  # every fifth week twice as many people ask
ANSWERS = 0.8  # so many say afterwards how it was
SOON = 6  # weeks within which a newcomer hopes to have begun
STAYS = 0.55  # how likely whoever found no time this week asks again in the next one
ASKED_FIRST_DAYS = 1.5  # a mentor who answers by hand takes about so long


@dataclass(frozen=True, slots=True)
class Town:
    """Needs and mentors. fit, helps: (needs, mentors), what the ranker believes and how likely it truly helps.

    budget: minutes a week of each mentor; accepts: how likely they say yes; joins: the week they begin in;
    asked: how often each need comes up, relative; arrivals: needs in an ordinary week.
    """

    fit: Floats
    helps: Floats
    budget: NDArray[np.int64]
    accepts: Floats
    joins: NDArray[np.int64]
    asked: Floats
    arrivals: float


class Report(NamedTuple):
    """What a policy did. days: p50 and p90 of the time from asking to meeting, of those who met. unmet: share who met
    nobody. helped: share of all needs that ended with help. gini: of minutes given, over those who offer. unseen:
    share of mentors never shown. first_weeks: weeks to a newcomer's first session, p50 of those who had one; started:
    share of newcomers who had one within six weeks. over: minutes given beyond a budget, which must be 0.
    """

    days_50: float
    days_90: float
    unmet: float
    helped: float
    gini: float
    unseen: float
    first_weeks: float
    started: float
    over: int
    by_week: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class _State:
    given: NDArray[np.int64]
    all_given: NDArray[np.int64]
    shown: Floats
    ever_shown: NDArray[np.bool_]
    rated: NDArray[np.int64]
    helped: NDArray[np.int64]
    first: Floats
    days: list[float] = field(default_factory=list)
    asked: int = 0
    met: int = 0
    good: int = 0
    over: int = 0
    by_week: list[tuple[int, int]] = field(default_factory=list)


def play(town: Town, *, weeks: int, seed: int, policy: Policy = ORDINARY, by_lot: bool = False) -> Report:
    """Play so many weeks. The same town, seed and policy give the same report.

    Arrivals are Poisson, every fifth week twice as many; people who found nobody may ask again. by_lot: places by
    lot among the fitting instead of by policy, to compare with.
    """
    mentors = town.fit.shape[1]
    none = np.zeros(mentors, dtype=np.int64)
    state = _State(
        given=none.copy(),
        all_given=none.copy(),
        shown=np.zeros(mentors),
        ever_shown=np.zeros(mentors, dtype=bool),
        rated=none.copy(),
        helped=none.copy(),
        first=np.full(mentors, np.nan),
    )
    # One stream for what happens to people, another for lots: policies meet the same weeks.
    chance = np.random.default_rng(seed)
    waiting: list[tuple[int, int]] = []
    for week in range(weeks):
        state.given[:] = 0
        state.shown *= 0.5
        many = int(chance.poisson(town.arrivals * (TWICE if week % BUSY_EVERY == BUSY_EVERY - 1 else 1)))
        drawn = chance.choice(len(town.asked), many, p=town.asked / town.asked.sum())
        now = [(int(need), week) for need in drawn]
        state.asked += len(now)
        here, waiting = [*waiting, *now], []
        met_before = state.met
        for number, (need, since) in enumerate(here):
            luck = np.random.default_rng([seed, week, number])
            asked = _Asked(need, since, week, luck)
            if not _one(town, state, asked, policy, by_lot=by_lot) and luck.random() < STAYS:
                waiting.append((need, since))
        state.by_week.append((len(now), state.met - met_before))
    return _report(town, state, weeks)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A need, since which week it is asked, this week, and this person's luck."""

    need: int
    since: int
    week: int
    luck: np.random.Generator


def _one(town: Town, state: _State, asked: _Asked, policy: Policy, *, by_lot: bool) -> bool:
    """One person looks, chooses, and perhaps meets. Whether they met."""
    need, week, luck = asked.need, asked.week, asked.luck
    likely = np.argsort(-town.fit[need], kind="stable")[: 3 * CONSIDERED]
    open_ = [int(m) for m in likely if town.joins[m] <= week and state.given[m] + MINUTES <= town.budget[m]][
        :CONSIDERED
    ]
    offers = [
        Offer(
            id=m, fit=float(town.fit[need, m]), mentor_accepts=float(town.accepts[m]), rated=int(state.rated[m]),
            helped=int(state.helped[m]), given=int(state.given[m]), budget=int(town.budget[m]),
            shown=float(state.shown[m]), needs_minutes=MINUTES,
        )
        for m in open_
    ]  # fmt: skip
    if by_lot:
        three = [offers[at].id for at in luck.permutation(len(offers))[:SHOWN]]
    else:
        three = [placed.offer.id for placed in place(offers, seed=int(luck.integers(2**31)), policy=policy)[:SHOWN]]
    state.shown[three] += 1
    state.ever_shown[three] = True
    for at, mentor in enumerate(three):
        attracted = LOOKS[at] * (0.35 + 0.65 * town.fit[need, mentor])
        if luck.random() > attracted or luck.random() > town.accepts[mentor]:
            continue
        _meet(town, state, asked, int(mentor))
        return True
    return False


def _meet(town: Town, state: _State, asked: _Asked, mentor: int) -> None:
    need, luck, week = asked.need, asked.luck, asked.week
    used = state.given[mentor] / town.budget[mentor]
    # The fuller the week, the later the time that is left.
    days = (
        7 * (week - asked.since)
        + 0.3
        + 5.5 * float(luck.beta(1 + 2 * used, 3))
        + (ASKED_FIRST_DAYS if town.accepts[mentor] < 1 else 0.0)
    )
    state.days.append(days)
    state.given[mentor] += MINUTES
    state.all_given[mentor] += MINUTES
    state.over += max(0, int(state.given[mentor] - town.budget[mentor]))
    good = bool(luck.random() < town.helps[need, mentor])
    state.met += 1
    state.good += good
    if luck.random() < ANSWERS:
        state.rated[mentor] += 1
        state.helped[mentor] += good
    if np.isnan(state.first[mentor]):
        state.first[mentor] = week - town.joins[mentor]


def _report(town: Town, state: _State, weeks: int) -> Report:
    days = state.days or [float("nan")]
    new = (town.joins > 0) & (town.joins <= weeks - SOON)
    first = state.first[new]
    begun = first[~np.isnan(first)]
    here = town.joins < weeks
    return Report(
        days_50=float(np.quantile(days, 0.5)),
        days_90=float(np.quantile(days, 0.9)),
        unmet=1 - state.met / state.asked if state.asked else 0.0,
        helped=state.good / state.asked if state.asked else 0.0,
        gini=_gini(state.all_given[here]),
        unseen=float((~state.ever_shown[here]).mean()) if here.any() else 0.0,
        first_weeks=float(np.median(begun)) if begun.size else float("nan"),
        started=float((begun <= SOON).sum() / len(first)) if len(first) else float("nan"),
        over=state.over,
        by_week=tuple(state.by_week),
    )


def _gini(amounts: Sequence[float] | NDArray[np.int64]) -> float:
    """How unevenly something is spread, 0 if all have the same, towards 1 if one has everything."""
    ordered = np.sort(np.asarray(amounts, dtype=np.float64))
    if not ordered.sum():
        return 0.0
    count = len(ordered)
    return float((2 * np.arange(1, count + 1) - count - 1) @ ordered / (count * ordered.sum()))
