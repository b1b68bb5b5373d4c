"""Who may meet whom: rules take pairs away, wishes of both sides score the rest."""

from __future__ import annotations

import numpy as np
import pytest

from quarterhour.engines.cohort import Rules, Side, pair, possible, reasons


def side(prefix: str, wants, offers, **given) -> Side:
    n = len(wants)
    return Side(
        ids=tuple(f"{prefix}{number}" for number in range(n)),
        wants=np.array(wants, dtype=np.float32),
        offers=np.array(offers, dtype=np.float32),
        languages=given.get("languages", np.ones((n, 1), dtype=bool)),
        hours=given.get("hours", np.ones((n, 168), dtype=bool)),
        group=given.get("group", np.full(n, -1)),
        places=given.get("places", np.ones(n, dtype=np.int64)),
    )


MENTEES = side("a", [[1, 0], [0, 1]], [[0, 0], [0, 0]])
MENTORS = side("b", [[0, 0], [0, 0]], [[1, 0], [0, 1]])


def test_each_meets_who_brings_what_they_want():
    assert pair(possible(MENTEES, MENTORS).cohort).mentor_of == {"a0": "b0", "a1": "b1"}


def test_a_pair_must_suit_both_sides():
    picky = side("b", [[0, 1], [1, 0]], [[1, 1], [1, 1]])
    givers = side("a", [[1, 1], [1, 1]], [[0, 1], [1, 0]])
    found = possible(givers, picky).cohort
    score = {(int(a), int(b)): s for a, b, s in zip(found.mentee, found.mentor, found.score, strict=True)}
    assert score[0, 0] > score[0, 1]
    assert score[0, 0] == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("mentees", "mentors", "rules", "rule"),
    [
        ({"languages": [[1, 0]]}, {"languages": [[0, 1]]}, Rules(), "no shared language"),
        ({"group": [4]}, {"group": [4]}, Rules(), "the same team"),
        ({"hours": [[0] * 168]}, {}, Rules(), "too few shared hours"),
        ({}, {}, Rules(apart=frozenset({(0, 0)})), "met before, or kept apart"),
        ({}, {"places": [0]}, Rules(), "no place left"),
        ({}, {}, Rules(least=0.99), "too little in common"),
    ],
)
def test_a_rule_that_takes_a_pair_away_is_named(mentees, mentors, rules, rule):
    def array(given):
        return {
            name: np.array(rows, dtype=np.int64 if name in {"group", "places"} else bool)
            for name, rows in given.items()
        }

    found = possible(
        side("a", [[1, 0]], [[0, 0]], **array(mentees)), side("b", [[0, 0]], [[1, 0]], **array(mentors)), rules
    )

    assert found.ruled_out == {"a0": {rule: 1}}
    assert rule in reasons(found.cohort, pair(found.cohort), ruled_out=found.ruled_out)["a0"]


def test_a_rule_may_be_lifted():
    same = {"group": np.array([4])}
    sides = side("a", [[1, 0]], [[0, 0]], **same), side("b", [[0, 0]], [[1, 0]], **same)
    assert pair(possible(*sides, Rules(other_group=False)).cohort).mentor_of == {"a0": "b0"}


def test_blocks_join_without_a_seam():
    rng = np.random.default_rng(3)
    many = side("a", rng.random((1500, 4)) > 0.5, np.zeros((1500, 4)))
    few = side("b", np.zeros((30, 4)), rng.random((30, 4)) > 0.5, places=np.full(30, 60))
    found = possible(many, few, most=10).cohort
    per = np.bincount(found.mentee, minlength=1500)
    assert (per >= 10).all()
    assert per.mean() < 15
    assert int(found.mentee.max()) == 1499
    assert len(pair(found).pairs) == 1500


def test_nobody_on_one_side_is_an_empty_cohort():
    nobody = side("a", np.zeros((0, 2)), np.zeros((0, 2)))
    assert pair(possible(nobody, MENTORS).cohort).pairs == []
    found = possible(MENTEES, side("b", np.zeros((0, 2)), np.zeros((0, 2))))
    assert set(reasons(found.cohort, pair(found.cohort)).values()) == {
        "There is no mentor in this cohort. Invite some first."
    }
