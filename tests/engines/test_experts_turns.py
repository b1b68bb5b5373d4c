"""The open place: newcomers get their turn, and what is promised about it holds for any ranking."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.engines.experts import Policy, Turns, plain_chance

PEOPLE = 14
FALLING = np.linspace(0.4, 0.01, PEOPLE)


def turns(policy, new=()):
    return Turns(np.isin(np.arange(PEOPLE), list(new)), policy)


def arranged(which, order=range(PEOPLE), chance=FALLING):
    return which.arranged(np.array(order), np.asarray(chance)).tolist()


def test_a_closed_policy_changes_nothing():
    which = turns(Policy(), new=[12])
    assert arranged(which) == list(range(PEOPLE))
    assert which.shown.tolist() == [1] * 10 + [0] * 4


def test_a_newcomer_takes_the_tenth_place_where_their_help_counts_often_enough():
    assert arranged(turns(Policy(newcomer=10), new=[12]))[8:] == [8, 12, 9, 10, 11, 13]
    assert arranged(turns(Policy(newcomer=2), new=[12]))[8:] == [8, 9, 10, 11, 12, 13]


def test_everybody_has_their_turn_and_it_grows_dearer():
    which = turns(Policy(turn=5.0))
    tenth = [arranged(which)[9] for _ in range(5)]
    assert tenth == [9, 10, 11, 12, 13]
    assert arranged(turns(Policy(turn=0.001)))[9] == 9


def test_short_lists_have_no_open_place():
    assert arranged(turns(Policy(newcomer=99), new=[2]), order=range(3), chance=FALLING[:3]) == [0, 1, 2]


@given(
    st.permutations(range(PEOPLE)),
    st.lists(st.floats(0, 1), min_size=PEOPLE, max_size=PEOPLE),
    st.sets(st.integers(0, PEOPLE - 1)),
    st.floats(1, 50),
    st.floats(0, 1),
)
def test_what_is_promised_holds_for_any_ranking(order, chance, new, newcomer, turn):
    which = turns(Policy(newcomer, turn), new)
    found = arranged(which, order, chance)

    assert found[:9] == list(order[:9])
    assert sorted(found) == list(range(PEOPLE))
    rest = [person for person in found[10:] if person != order[9]]
    assert rest == [person for person in order[10:] if person != found[9]]
    if found[9] != order[9]:
        chance_of = dict(zip(order, chance, strict=True))
        worth = chance_of[found[9]] * (newcomer if found[9] in new else 1)
        assert chance_of[order[9]] <= worth + turn + 1e-12


def test_later_questions_have_no_influence_on_earlier_ones():
    short, long = turns(Policy(turn=1.0)), turns(Policy(turn=1.0))
    assert [arranged(short) for _ in range(3)] == [arranged(long) for _ in range(6)][:3]


@pytest.mark.parametrize("scores", [[], [1.0], [3.0, -2.0, 0.0], [1e9, -1e9]])
def test_chances_are_chances(scores):
    found = plain_chance(np.array(scores))
    assert ((found >= 0) & (found <= 1)).all()
    assert found.sum() <= 2 + 1e-9
    assert np.argsort(-found, kind="stable").tolist() == np.argsort(-np.array(scores), kind="stable").tolist()
