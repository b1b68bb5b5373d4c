"""Weights are solved so that the helpers of the past were as likely as can be, and nothing else."""

import numpy as np
import pytest

from quarterhour.engines.experts import Weights, weights
from quarterhour.engines.experts.table import TABLE

QUESTIONS, PEOPLE = 600, 12
TRUE = np.array([1.5, -0.7, 0.0])
NAMES = ("votes_meaning", "answers", "hour_now")


def community(*, names=NAMES, true=TRUE, seed=0):
    """Rows, who helped and sizes, of people who help as `true` says."""
    random = np.random.default_rng(seed)
    rows = random.standard_normal((QUESTIONS, PEOPLE, len(names))).astype(np.float32)
    likely = np.exp(rows @ true)
    likely /= likely.sum(axis=1, keepdims=True)
    helped = np.zeros((QUESTIONS, PEOPLE), dtype=np.int8)
    for question in range(QUESTIONS):
        helped[question, random.choice(PEOPLE, p=likely[question])] = 1
    return rows.reshape(-1, len(names)), helped.ravel(), np.full(QUESTIONS, PEOPLE)


@pytest.fixture
def _loose(monkeypatch):
    monkeypatch.setattr(weights, "RIDGE", 0.1)


@pytest.mark.usefixtures("_loose")
def test_true_weights_are_found_again():
    assert np.allclose(Weights(*community(), NAMES).weights[:3], TRUE, atol=0.15)


def test_slope_and_bend_against_small_steps():
    table, helped, sizes = community()
    helped[:3] = 1  # a question with several helpers
    at, small = np.array([0.3, -0.2, 0.1]), 1e-3
    _loss, slope, bend = weights._loss(table, helped.astype(np.float32), sizes, at)

    for place in range(3):
        step = np.eye(3)[place] * small
        up, down = (weights._loss(table, helped.astype(np.float32), sizes, at + one) for one in (step, -step))
        assert slope[place] == pytest.approx((up[0] - down[0]) / (2 * small), rel=0.01, abs=1.0)
        assert np.allclose(bend[place], (up[1] - down[1]) / (2 * small), rtol=0.02, atol=1.0)


def test_questions_may_have_any_number_of_people():
    rows, helped, sizes = community()
    uneven = np.array([PEOPLE - 5, PEOPLE + 5] * (QUESTIONS // 2))
    found = Weights(rows, helped, uneven, NAMES)

    assert uneven.sum() == sizes.sum()
    assert np.isfinite(found.weights).all()
    assert found.weights[0] > 0.5


@pytest.mark.usefixtures("_loose")
def test_newcomers_have_weights_of_their_own():
    names = ("days_gone", "newcomer")
    random = np.random.default_rng(1)
    rows = np.stack([random.uniform(0, 300, QUESTIONS * PEOPLE), np.tile([0, 1], QUESTIONS * PEOPLE // 2)], axis=1)
    rows = rows.astype(np.float32).reshape(QUESTIONS, PEOPLE, 2)
    # Of the newcomers whoever was here last, of the others whoever is gone longest: one weight cannot tell both.
    helped = np.zeros((QUESTIONS, PEOPLE), dtype=np.int8)
    each = np.arange(QUESTIONS)
    helped[each, 1 + 2 * rows[:, 1::2, 0].argmin(axis=1)] = 1
    helped[each, 2 * rows[:, ::2, 0].argmax(axis=1)] = 1
    found = Weights(rows.reshape(-1, 2), helped.ravel(), np.full(QUESTIONS, PEOPLE), names)

    scores, chances = found.read(np.array([[1, 1], [200, 1], [1, 0], [200, 0]], dtype=np.float32))
    assert scores[0] > scores[1]
    assert scores[3] > scores[2]
    assert ((chances >= 0) & (chances <= 1)).all()


def test_what_never_differs_weighs_nothing_and_the_far_is_brought_near():
    rows, helped, sizes = community()
    same = np.hstack([rows, np.full((len(rows), 1), 7.0, dtype=np.float32)])
    found = Weights(same, helped, sizes, (*NAMES, "hour"))

    assert found.weights[3] == pytest.approx(0)
    extreme = np.array([[1e9, -1e9, 0, 7], [0, 0, 0, 1e30]], dtype=np.float32)
    assert np.isfinite(found.read(extreme)[0]).all()


def test_features_of_newcomers_stand_in_the_table():
    assert set(weights.OF_NEWCOMERS) <= set(TABLE)
