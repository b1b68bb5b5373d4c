"""Placing: both sides count, newcomers get a chance, nobody gives more than they have."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterhour.engines.market import Offer, Policy, Town, place, play

PLAIN = Policy(explore=0, load=0, exposure=0, new_place=False)

offers = st.lists(
    st.builds(
        Offer,
        id=st.integers(0, 30),
        fit=st.floats(0, 1) | st.just(float("nan")),
        mentor_accepts=st.floats(0, 1),
        mentee_accepts=st.floats(0, 1),
        rated=st.integers(10, 40),
        helped=st.integers(0, 10),
        given=st.integers(0, 120),
        budget=st.integers(0, 120),
        shown=st.floats(0, 500),
    ),
    max_size=12,
    unique_by=lambda offer: offer.id,
)


def order(found) -> list:
    return [each.offer.id for each in found]


@given(offers, st.integers(0, 2**40))
@settings(max_examples=120, deadline=None)
def test_nobody_gives_more_than_their_budget(some, seed):
    for each in place(some, seed=seed):
        assert each.offer.given + each.offer.needs_minutes <= each.offer.budget
        assert 0 <= each.score <= 1


@given(offers, st.integers(0, 2**40))
@settings(max_examples=60, deadline=None)
def test_the_same_seed_places_alike_in_whatever_order_they_come(some, seed):
    assert order(place(some, seed=seed)) == order(place(some[::-1], seed=seed))


def test_without_lots_and_prices_the_better_fit_comes_first():
    found = place([Offer(id="b", fit=0.6), Offer(id="a", fit=0.9), Offer(id="c", fit=0.7)], seed=1, policy=PLAIN)
    assert order(found) == ["a", "c", "b"]


def test_a_match_needs_both_sides():
    eager = Offer(id="eager", fit=0.7)
    famous = Offer(id="famous", fit=0.9, mentor_accepts=0.2)
    far = Offer(id="far", fit=0.8, mentee_accepts=0.3)
    assert order(place([famous, far, eager], seed=1, policy=PLAIN))[0] == "eager"


def test_what_helped_more_often_comes_first():
    good, poor = Offer(id="good", fit=0.8, rated=20, helped=19), Offer(id="poor", fit=0.8, rated=20, helped=8)
    assert order(place([poor, good], seed=1, policy=PLAIN)) == ["good", "poor"]


def test_a_full_week_and_much_showing_cost_places():
    policy = replace(PLAIN, load=0.25, exposure=0.02)
    rested, tired = Offer(id="rested", fit=0.8, budget=60), Offer(id="tired", fit=0.85, given=45, budget=60)
    assert order(place([tired, rested], seed=1, policy=policy)) == ["rested", "tired"]
    often = Offer(id="often", fit=0.85, shown=30)
    assert order(place([often, rested], seed=1, policy=policy)) == ["rested", "often"]


def test_somebody_unknown_is_first_now_and_then_and_somebody_known_stays():
    known = Offer(id="known", fit=0.8, rated=200, helped=170)
    new = Offer(id="new", fit=0.8)
    firsts = [order(place([known, new], seed=seed))[0] for seed in range(200)]
    assert 40 < firsts.count("new") < 160


def test_the_third_place_is_for_somebody_new_who_fits():
    old = [Offer(id=f"old{n}", fit=0.9 - n / 100, rated=50, helped=45) for n in range(5)]
    new = Offer(id="new", fit=0.75, mentor_accepts=0.5)
    found = place([*old, new], seed=3)
    assert found[2].offer.id == "new"
    assert found[2].lifted
    assert sorted(order(found)) == sorted(["new", *(each.id for each in old)])


def test_somebody_new_who_does_not_fit_is_not_lifted():
    old = [Offer(id=f"old{n}", fit=0.9, rated=50, helped=45) for n in range(5)]
    found = place([*old, Offer(id="new", fit=0.4)], seed=3)
    assert order(found)[-1] == "new"
    assert not any(each.lifted for each in found)


@pytest.mark.parametrize("fit", [float("nan"), -0.1, 1.1])
def test_a_fit_that_is_no_share_is_left_out(fit):
    assert place([Offer(id="a", fit=fit)], seed=1) == []


def town(seed=2, needs=12, mentors=30) -> Town:
    rng = np.random.default_rng(seed)
    helps = rng.beta(1, 3, (needs, mentors))
    return Town(
        fit=np.clip(helps + rng.normal(0, 0.1, helps.shape), 0, 1),
        helps=helps,
        budget=rng.choice([60, 90, 120], mentors),
        accepts=rng.choice([0.75, 1.0], mentors),
        joins=np.where(rng.random(mentors) < 0.3, 2, 0),
        asked=np.ones(needs),
        arrivals=40.0,
    )


def test_a_market_plays_the_same_twice_and_within_budgets():
    one, other = play(town(), weeks=12, seed=4), play(town(), weeks=12, seed=4)
    assert one == other
    assert one.over == 0
    assert len(one.by_week) == 12
    assert 0 < one.helped < 1
    assert one.days_50 <= one.days_90


def test_the_ranker_helps_more_than_lots_do():
    ranked = [play(town(), weeks=12, seed=seed).helped for seed in range(3)]
    drawn = [play(town(), weeks=12, seed=seed, by_lot=True).helped for seed in range(3)]
    assert sum(ranked) > sum(drawn)


def test_other_seeds_are_other_half_years():
    assert play(town(), weeks=12, seed=1) != play(town(), weeks=12, seed=2)


def test_where_nobody_offers_time_everybody_is_unmet():
    empty = replace(town(), budget=np.zeros(30, dtype=np.int64))
    report = play(empty, weeks=8, seed=1)
    assert (report.unmet, report.helped, report.gini) == (1.0, 0.0, 0.0)
