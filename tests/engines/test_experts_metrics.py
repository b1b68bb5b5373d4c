"""The figures of a ranking, each against a number worked out by hand."""

from math import isnan, log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.engines.experts import judge
from quarterhour.engines.experts.metrics import exposure, gini, ndcg, recall, reciprocal_rank

ORDER = ["ana", "bo", "cy", "di"]


@pytest.mark.parametrize(
    ("relevant", "depth", "share"),
    [({"ana"}, 1, 1.0), ({"ana", "di"}, 3, 0.5), ({"eve"}, 10, 0.0), ({"cy", "di"}, 4, 1.0)],
)
def test_recall_is_the_share_of_the_helpers_among_the_first(relevant, depth, share):
    assert recall(ORDER, relevant, depth) == share


def test_reciprocal_rank_looks_at_the_first_helper_alone():
    assert reciprocal_rank(ORDER, {"cy", "di"}) == pytest.approx(1 / 3)
    assert reciprocal_rank(ORDER, {"eve"}) == 0.0


def test_ndcg_by_hand():
    gained = 1 / log2(3) + 1 / log2(5)  # second and fourth place
    best = 1 + 1 / log2(3)
    assert ndcg(ORDER, {"bo", "di"}, 10) == pytest.approx(gained / best)
    assert ndcg(ORDER, {"bo", "di"}, 3) == pytest.approx((1 / log2(3)) / best)


def test_the_best_possible_ndcg_counts_no_more_people_than_are_shown():
    assert ndcg(["ana", "bo"], {"ana", "bo", "cy"}, 2) == pytest.approx(1.0)


def test_nothing_can_be_said_where_nobody_is_relevant():
    assert isnan(recall(ORDER, set(), 10))
    assert isnan(ndcg(ORDER, set(), 10))


@pytest.mark.parametrize(
    ("shares", "expected"), [([2, 2, 2], 0.0), ([0, 0, 6], 2 / 3), ([1, 3], 0.25), ([0, 0], 0.0), ([], 0.0)]
)
def test_gini_by_hand(shares, expected):
    assert gini(shares) == pytest.approx(expected)


@given(st.lists(st.integers(0, 50), min_size=2, max_size=12).filter(any))
def test_gini_is_the_mean_difference_between_people(shares):
    slowly = sum(abs(one - other) for one in shares for other in shares) / (2 * len(shares) * sum(shares))
    assert gini(shares) == pytest.approx(slowly)


def test_exposure_counts_only_who_is_shown_and_only_the_pool():
    shown = exposure([["ana", "bo", "cy"], ["ana", "eve", "bo"]], ["ana", "bo", "cy"], depth=2)
    assert shown.tolist() == [2, 1, 0]


def judged(**changed):
    given = {
        "rankings": {"q1": ["ana", "bo"], "q2": ["bo", "ana"], "q3": ["ana", "bo"]},
        "relevant": {"q1": {"ana"}, "q2": {"ana", "cy"}},
        "pool": ["ana", "bo", "cy", "di"],
        "earlier_helps": {"ana": 50, "bo": 10, "cy": 9},
    }
    given |= changed
    return judge(given.pop("rankings"), given.pop("relevant"), given.pop("pool"), **given)


def test_all_figures_of_three_questions_by_hand():
    found = judged()

    assert (found.queries, found.cold_queries) == (2, 1)
    assert found.figures["R@10"].value == pytest.approx((1 + 0.5) / 2)
    assert found.figures["MRR"].value == pytest.approx((1 + 0.5) / 2)
    assert found.figures["cold R@10"].value == 0.0
    assert found.figures["coverage@10"].value == 0.5
    assert found.figures["Gini"].value == pytest.approx(0.5)


def test_nine_earlier_helps_are_few_and_ten_are_not():
    assert judged(earlier_helps={"ana": 10, "cy": 10}).cold_queries == 0
    assert judged(earlier_helps={"ana": 9, "cy": 10}).cold_queries == 2


def test_intervals_hold_the_figure_and_come_again_with_the_same_seed():
    random = np.random.default_rng(3)
    rankings = {number: random.permutation(20).tolist() for number in range(60)}
    relevant = {number: {int(random.integers(20))} for number in range(60)}
    one, same, other = (judge(rankings, relevant, range(20), earlier_helps={}, seed=seed) for seed in (1, 1, 2))

    assert one == same
    assert one.figures["R@10"] != other.figures["R@10"]
    assert all(figure.low <= figure.value <= figure.high for figure in one.figures.values())
    assert one.figures["R@10"].high - one.figures["R@10"].low > 0.1


def test_without_answers_the_figures_say_so():
    found = judged(relevant={})
    assert found.queries == 0
    assert isnan(found.figures["R@10"].value)
