"""Who meets whom: the highest total, found the slow way too; fairness, reasons, changes, and clear refusals."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterhour.engines.cohort import Cohort, Unclear, changes, cohort_of, pair, reasons


@st.composite
def small_cohorts(draw) -> Cohort:
    mentees = [f"a{n}" for n in range(draw(st.integers(0, 5)))]
    places = {f"b{n}": draw(st.integers(0, 2)) for n in range(draw(st.integers(0, 4)))}
    edges = [(a, b, draw(st.integers(-2, 9)) / 8) for a in mentees for b in places if draw(st.booleans())]
    return cohort_of(mentees, places, edges)


def every_total(cohort: Cohort) -> list[tuple[int, float]]:
    """(people paired, sum of scores) of each pairing there is."""
    score = {(int(a), int(b)): s for a, b, s in zip(cohort.mentee, cohort.mentor, cohort.score, strict=True)}
    found = []
    for way in product(range(-1, len(cohort.mentors)), repeat=len(cohort.mentees)):
        chosen = [(a, b) for a, b in enumerate(way) if b >= 0]
        fits = all(way.count(b) <= cohort.places[b] for b in range(len(cohort.mentors)))
        if fits and all(score.get(each, -1) >= 0 for each in chosen):
            found.append((len(chosen), sum(score[each] for each in chosen)))
    return found


@given(small_cohorts())
@settings(max_examples=150, deadline=None)
def test_the_total_is_the_highest_there_is(cohort):
    pairing = pair(cohort)

    assert pairing.total == pytest.approx(max(total for _, total in every_total(cohort)))
    seats = np.bincount(cohort.mentor[pairing.chosen], minlength=len(cohort.mentors))
    assert (seats <= cohort.places).all()
    assert len({mentee for mentee, _ in pairing.pairs}) == len(pairing.pairs)


@given(small_cohorts())
@settings(max_examples=60, deadline=None)
def test_everyone_first_pairs_as_many_as_can_be_and_these_best(cohort):
    pairing = pair(cohort, everyone=True)
    assert (len(pairing.pairs), pytest.approx(pairing.total)) == max(every_total(cohort))


@given(small_cohorts())
@settings(max_examples=60, deadline=None)
def test_everybody_left_out_is_told_why(cohort):
    pairing = pair(cohort)
    told = reasons(cohort, pairing)
    assert set(told) == set(cohort.mentees) - set(pairing.mentor_of)
    assert all(sentence.endswith(".") for sentence in told.values())


def crowd(seed: int = 5, mentees: int = 200) -> Cohort:
    rng = np.random.default_rng(seed)
    mentors = {f"b{n}": int(rng.integers(3, 7)) for n in range(mentees // 4)}
    names = list(mentors)
    edges = [
        (f"a{n}", names[m], round(float(rng.beta(2, 3)), 4))
        for n in range(mentees)
        for m in rng.choice(len(names), 12, replace=False)
    ]
    return cohort_of([f"a{n}" for n in range(mentees)], mentors, edges)


def test_fairness_lifts_the_worst_tenth_for_little():
    cohort = crowd()
    plain, fair = pair(cohort), pair(cohort, fairness=1.0)

    assert fair.worst_tenth > plain.worst_tenth * 1.02
    assert fair.total >= plain.total * 0.997
    assert fair.given_up == pytest.approx(1 - fair.total / plain.total)
    assert len(fair.pairs) >= len(plain.pairs)


def test_less_fairness_gives_up_less():
    cohort = crowd(seed=8)
    half = pair(cohort, fairness=0.5)
    assert half.given_up <= 0.0015


def test_the_same_cohort_pairs_the_same_way():
    assert pair(crowd(), fairness=0.7).pairs == pair(crowd(), fairness=0.7).pairs


def test_a_score_of_zero_is_better_than_nobody():
    assert pair(cohort_of(["a"], {"b": 1}, [("a", "b", 0.0)])).pairs == [("a", "b")]


def test_a_score_below_zero_pairs_nobody():
    cohort = cohort_of(["a"], {"b": 1}, [("a", "b", -0.2)])
    pairing = pair(cohort)
    assert pairing.pairs == []
    assert reasons(cohort, pairing) == {"a": "All 1 possible mentors score below 0. Check what both sides wish for."}


def test_the_reason_names_the_nearest_mentor():
    cohort = cohort_of(["a", "c"], {"b": 1}, [("a", "b", 0.9), ("c", "b", 0.8)])
    assert reasons(cohort, pair(cohort))["c"].startswith(
        "The one possible mentor is taken by people whose pairs add up to more. Nearest: b at 0.80"
    )


def test_a_mentor_without_places_is_told_as_such():
    cohort = cohort_of(["a"], {"b": 0}, [("a", "b", 0.9)])
    assert "have no place" in reasons(cohort, pair(cohort))["a"]


def test_the_rule_that_took_everybody_is_named():
    cohort = cohort_of(["a"], {"b": 1}, [])
    told = reasons(cohort, pair(cohort), ruled_out={"a": {"the same team": 3, "no shared language": 5}})
    assert told["a"].startswith("The rules leave no mentor: no shared language (5), the same team (3).")


def test_what_one_more_place_would_change():
    edges = [("a", "b", 0.9), ("c", "b", 0.8), ("c", "d", 0.2)]
    before = pair(cohort_of(["a", "c"], {"b": 1, "d": 1}, edges))
    after = pair(cohort_of(["a", "c", "e"], {"b": 2, "d": 1}, [*edges, ("e", "d", 0.5)]))

    differs = changes(before, after)

    assert differs.kept == {"a": "b"}
    assert differs.moved == {"c": ("d", "b")}
    assert differs.gained == {"e": "d"}
    assert differs.lost == {}
    assert differs.total == pytest.approx(1.1)


@pytest.mark.parametrize(
    ("mentees", "places", "edges", "told"),
    [
        (["a", "a"], {"b": 1}, [], "'a' stands twice"),
        (["a"], {"b": 1}, [("a", "x", 1.0)], "names 'x'"),
        (["a"], {"b": 1}, [("x", "b", 1.0)], "names 'x'"),
        (["a"], {"b": 1}, [("a", "b", float("nan"))], "is nan"),
        (["a"], {"b": 1}, [("a", "b", None)], "is nan"),
        (["a"], {"b": 1}, [("a", "b", float("inf"))], "is inf"),
        (["a"], {"b": 1}, [("a", "b", "much")], "a score that is a number"),
        (["a"], {"b": 1}, [("a", "b")], "a score that is a number"),
        (["a"], {"b": -1}, [], "-1 places"),
        (["a"], {"b": 1.5}, [], "1.5 places"),
        (["a"], {"b": True}, [], "True places"),
        (["a"], {"b": 1}, [("a", "b", 0.4), ("a", "b", 0.5)], "twice with different scores"),
    ],
)
def test_a_cohort_that_contradicts_itself_is_refused(mentees, places, edges, told):
    with pytest.raises(Unclear, match=told):
        cohort_of(mentees, places, edges)


def test_a_pair_that_stands_twice_alike_is_one():
    assert pair(cohort_of(["a"], {"b": 2}, [("a", "b", 0.4), ("a", "b", 0.4)])).total == 0.4


@pytest.mark.parametrize("fairness", [-0.1, 1.1, float("nan")])
def test_fairness_out_of_range_is_refused(fairness):
    with pytest.raises(Unclear, match="from 0 to 1"):
        pair(crowd(mentees=60), fairness=fairness)


def test_an_empty_cohort_has_an_empty_pairing():
    pairing = pair(cohort_of([], {}, []), fairness=1.0)
    assert (pairing.pairs, pairing.total) == ([], 0.0)
