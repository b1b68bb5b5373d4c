"""Learning from what was picked where: what people like is told apart from where they look."""

from __future__ import annotations

import re
from dataclasses import replace
from math import inf
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.learned_town import LOOKS, by_topics, shown

from quarterhour.engines.learned import (
    FEATURES,
    LEAST,
    PLACES,
    Counts,
    Curve,
    Head,
    Heads,
    bases_of,
    counts_of,
    curve_of,
    decide,
    expected,
    judge,
    logistic,
    logit,
    looks_of,
    numbers_of,
    offered,
    place_of,
    plain_heads,
    rows_of,
    share_helped,
    value_of,
    welcomed,
)
from quarterhour.engines.learned.curve import fitted
from quarterhour.engines.market import SHIPPED

TOPICS = [feature.name for feature in FEATURES].index("topics")
SURE = Heads({"pick": Head(Curve(-4.0, 0.0), lambda rows: 7 * rows[:, TOPICS].astype(float))})


@pytest.fixture(scope="module")
def town():
    return shown(weeks=16, a_week=60, seed=3)


@pytest.fixture(scope="module")
def early(town):
    return [each for each in town if each.week < 12]


@pytest.fixture(scope="module")
def late(town):
    return [each for each in town if each.week >= 12]


@pytest.fixture(scope="module")
def looks(early):
    return looks_of(early, SHIPPED)


def test_how_often_places_are_looked_at_is_found_from_ordinary_use(looks):
    assert looks.share[:5] == pytest.approx(LOOKS[:5], abs=0.13)
    assert ((looks.low <= LOOKS) & (looks.high >= LOOKS)).sum() >= 5
    assert looks.share[0] == 1
    assert looks.picks.sum() > 500


def test_without_picks_the_looks_are_the_usual_ones_with_all_their_doubt(early):
    none = [replace(each, picked=np.zeros(15, dtype=bool)) for each in early[:50]]
    found = looks_of(none)
    assert found.share == pytest.approx([1.0, 0.75, 0.6, 0.25, 0.12, 0.05], abs=0.12)
    assert (found.high[1:] > 1.5 * found.share[1:]).sum() >= 3


def test_a_naive_reading_of_picks_is_biased_and_the_corrected_one_is_not(early, looks):
    """People like topics and dislike meaning; the default shows those of high meaning first, where all look."""
    rows = np.concatenate([rows_of(each.numbers)[:, :3] for each in early]).astype(float)
    picked = np.concatenate([each.picked for each in early]).astype(float)
    look = np.concatenate([looks.at(each.at) for each in early])
    design = np.column_stack([np.ones(len(rows)), rows])
    naive, corrected = (
        fitted(design, picked, believed=np.zeros(4), firmly=np.full(4, 0.01), look=weight).weights
        for weight in (np.ones(len(rows)), look)
    )
    truth = np.array([-4.0, 0.0, -2.0, 7.0])
    assert np.abs(corrected - truth).max() < 0.8
    assert np.abs(naive - truth).max() > 1.5
    assert naive[2] > corrected[2] + 1  # meaning looks better than it is, because it leads to the first card


def test_a_curve_makes_chances_true_and_few_cases_hardly_move_it():
    random = np.random.default_rng(1)
    base = random.uniform(0.05, 0.95, 4000)
    happened = (random.random(4000) < logistic(-1 + 0.5 * logit(base))).astype(float)
    found = curve_of(base, happened, np.ones(4000))
    assert (found.at_zero, found.by_base) == pytest.approx((-1, 0.5), abs=0.15)
    few = curve_of(base[:3], np.array([1.0, 0.0, 0.0]), np.ones(3))
    assert few.by_base == pytest.approx(1.0, abs=0.4)
    assert Curve().of(base) == pytest.approx(logit(base))


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_any_outcomes_give_finite_curves_and_looks(seed):
    random = np.random.default_rng(seed)
    count = int(random.integers(1, 40))
    base = random.uniform(1e-4, 1 - 1e-4, count)
    happened = (random.random(count) < random.random()).astype(float)
    found = curve_of(base, happened, random.uniform(0.01, 1.0, count))
    assert np.isfinite([found.at_zero, found.by_base]).all()
    assert found.by_base >= 0


def test_a_score_is_the_expected_help_with_lots_and_prices_as_ever(early):
    numbers = early[0].numbers
    chances = SURE.chances(numbers, SHIPPED)
    offers = offered(numbers, chances, SHIPPED)
    quality = np.array([(4 + o.helped) / (5 + o.rated) for o in offers])
    score = np.array([o.fit * o.mentor_accepts * o.mentee_accepts for o in offers]) * quality
    assert score == pytest.approx(expected(chances), rel=1e-9)
    assert [o.id for o in offers] == [o.id for o in numbers.offers]


def test_a_head_that_learned_nothing_says_what_the_default_says(early):
    numbers = early[0].numbers
    assert Heads().chances(numbers, SHIPPED) == pytest.approx(bases_of(numbers, SHIPPED))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -0.1, 1.1])
def test_what_is_no_chance_is_refused(early, bad):
    chances = Heads().chances(early[0].numbers)
    chances[3, 1] = bad
    with pytest.raises(ValueError, match="learned chance"):
        offered(early[0].numbers, chances)


def test_nobody_to_judge_is_no_trouble():
    nobody = numbers_of(np.empty((0, 7), dtype=np.float32), ())
    assert SURE.chances(nobody).shape == (0, 3)
    assert offered(nobody, SURE.chances(nobody)) == []
    with pytest.raises(ValueError, match="offers need parts"):
        numbers_of(np.empty((2, 7), dtype=np.float32), ())


def test_features_stay_in_their_ranges_and_stand_in_the_manual(early):
    rows = np.concatenate([rows_of(each.numbers, SHIPPED) for each in early[:100]])
    page = (Path(__file__).parents[2] / "docs/algorithms/learned.md").read_text()
    told = re.findall(r"^\| (\w+) \|.*\|.*\|.*\|$", page, re.MULTILINE)
    for column, feature in zip(rows.T, FEATURES, strict=True):
        least, most = (inf if end is None else end for end in (feature.least, feature.most))
        assert (column >= least - 1e-6).all(), feature.name
        assert (column <= most + 1e-6).all(), feature.name
        assert feature.name in told


def test_a_better_order_is_found_better_and_the_worth_is_about_right(early, late, looks):
    """The weighted estimate on what the default showed, against what happens when the other order is really shown."""
    silent = share_helped(early)
    judged = judge(late, SURE, looks, plain=plain_heads(early, looks, SHIPPED), silent=silent, seed=1, policy=SHIPPED)
    really = really_shown(late, SURE)
    assert judged.difference.low > 0
    assert judged.learned.low <= really <= judged.learned.high
    assert judged.learned.value == pytest.approx(really, rel=0.25)
    assert judged.difference.value == pytest.approx(judged.learned.value - judged.default.value)


def really_shown(late, heads) -> float:
    """Helps for 100 questions if this order were shown, by the town's own chances, for everybody at once."""
    from quarterhour.engines.learned.judge import order_of

    total = 0.0
    for each in late:
        numbers = each.numbers
        offers = offered(numbers, heads.chances(numbers, SHIPPED), SHIPPED, welcome=heads.welcome)
        at = order_of(offers, seed=each.seed, policy=SHIPPED)
        like = 1 / (1 + np.exp(-by_topics(*numbers.parts[:, :3].T.astype(float))))
        yes = np.array([0.6 if offer.mentor_accepts < 1 else 1.0 for offer in numbers.offers])
        total += float((LOOKS[place_of(at)] * like * yes * (0.3 + 0.6 * like)).sum())
    return 100 * total / len(late)


def test_the_same_seed_gives_the_same_figures(late, looks):
    judged = judge(late, SURE, looks, plain=Heads(), silent=0.5, seed=1, policy=SHIPPED)
    again = judge(late, SURE, looks, plain=Heads(), silent=0.5, seed=1, policy=SHIPPED)
    other = judge(late, SURE, looks, plain=Heads(), silent=0.5, seed=2, policy=SHIPPED)
    assert judged == again
    assert judged.difference.value == other.difference.value
    assert judged.difference.low != other.difference.low


def test_doubt_about_looks_widens_the_interval(late, looks):
    sure = replace(looks, doubt=np.zeros(len(PLACES)))
    unsure = replace(looks, doubt=np.array([0, 0.8, 0.8, 0.8, 0.8, 0.8]))
    narrow, wide = (
        judge(late, SURE, each, plain=Heads(), silent=0.5, seed=1, policy=SHIPPED).learned for each in (sure, unsure)
    )
    assert wide.high - wide.low > narrow.high - narrow.low


def test_questions_are_counted_together_however_often_they_were_ranked(late, looks):
    twice = [*late, *late]
    once, both = (
        judge(each, SURE, looks, plain=Heads(), silent=0.5, seed=1, policy=SHIPPED).difference for each in (late, twice)
    )
    assert both.value == pytest.approx(once.value)
    assert both.high - both.low == pytest.approx(once.high - once.low, rel=0.15)


def test_newcomers_keep_their_looks(early, late, looks):
    """Judged by what is known of somebody alone, a newcomer would wait for ever."""
    known = [feature.name for feature in FEATURES].index("doubt")
    unkind = Heads({"pick": Head(Curve(-1.0, 0.4), lambda rows: -6 * rows[:, known].astype(float))})
    kind = welcomed(unkind, early, looks, SHIPPED)
    before, after = (
        judge(late, heads, looks, plain=Heads(), silent=0.5, seed=1, policy=SHIPPED).fairness
        for heads in (unkind, kind)
    )
    assert before["learned"].newcomers < before["default"].newcomers
    assert after["learned"].newcomers >= after["default"].newcomers
    assert 1 < kind.welcome <= 2


def test_the_gate_tells_each_finding_and_what_is_needed(early, late, looks):
    plain = plain_heads(early, looks, SHIPPED)
    kind = welcomed(SURE, early, looks, SHIPPED)
    judged = judge(late, kind, looks, plain=plain, silent=0.5, seed=1, policy=SHIPPED)
    gate = decide(judged, counts_of(late))
    assert gate.open
    assert len(gate.why) == 3
    assert gate.needed == ""

    few = decide(judged, Counts(1, 20, 9, 4, 2))
    assert not few.open
    assert "1 weeks with questions of at least 2" in few.why[2]
    assert "train again" in few.needed

    worse = replace(judged, difference=replace(judged.difference, value=-3.0, low=-9.0, high=2.0))
    assert "It is not better here" in decide(worse, counts_of(late)).needed
    unsure = replace(judged, difference=replace(judged.difference, value=2.0, low=-2.0, high=6.0))
    assert decide(unsure, counts_of(late)).needed.endswith(f"about {4 * len(late)} rankings in the weeks held out.")
    fair = judged.fairness
    unkind = replace(judged, fairness=fair | {"learned": replace(fair["learned"], newcomers=0.0)})
    shut = decide(unkind, counts_of(late))
    assert not shut.open
    assert "that is less" in shut.why[1]


def test_counts_and_values_are_of_what_was_said(late):
    each = late[0]
    outcome = replace(
        each, picked=np.arange(15) < 4, held=np.arange(15) < 3,
        helped=np.array([1.0, 0.0, np.nan] + [np.nan] * 12),
    )  # fmt: skip
    assert counts_of([outcome]) == Counts(weeks=1, rankings=1, picks=4, answers=2, helps=1)
    assert value_of(outcome, silent=0.6)[:5].tolist() == [1, 0, 0.6, 0, 0]
    assert share_helped([outcome]) == 0.5
    assert share_helped([]) == 0.5
    assert LEAST.learn.picks > LEAST.judge.picks


def test_places_are_read_as_cards_and_list():
    assert place_of(np.array([1, 2, 3, 4, 9, 21, 999])).tolist() == [0, 1, 2, 3, 4, 5, 5]
