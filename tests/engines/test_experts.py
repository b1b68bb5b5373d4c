"""Ranking experts: the past votes, fades, learns meanings, and never knows what came later."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.engines.experts import TABLE, Ask, History, Past, Reply, Signals, candidates_of, names_of, plain_score
from quarterhour.engines.experts.meaning import Meaning
from quarterhour.engines.experts.table import GROUPS
from quarterhour.engines.experts.votes import Expectation, Votes, fade, hours_apart, summed, top
from quarterhour.engines.experts.words import WordIndex
from quarterhour.engines.matching import WordScores, terms_of

DAY = 86_400
NOW = 1_000 * DAY


def asked(name, text, *, days_ago=10.0, area="cheese", asker="zoe", hour=0.0):
    return Ask(name, area, "", text, NOW - days_ago * DAY + hour * 3600, asker)


def past(name, text, *people, **known):
    return Past(asked(name, text, **known), [Reply(person, 30.0, f"about {text}") for person in people])


GOATS, TAXES = "my goat gives little milk for cheese", "which tax form for a small dairy company"


@pytest.fixture
def town():
    goats = [past(f"g{n}", f"{GOATS} again", "ana", days_ago=3 + n, area="animals") for n in range(8)]
    taxes = [past(f"t{n}", f"{TAXES} again", "bo", days_ago=3 + n, area="money") for n in range(8)]
    return History(
        [*goats, *taxes, past("once", GOATS, "cy", days_ago=5, area="animals")], ["ana", "bo", "cy"], until=NOW
    )


def best(history, ask):
    scores = plain_score(Signals(history).of(ask))
    return history.pool[int(np.argmax(scores))]


def test_who_answered_such_questions_before_comes_first(town):
    assert best(town, asked("q", "no milk from the goat", days_ago=-1, area="animals")) == "ana"
    assert best(town, asked("q", "a form for the tax office", days_ago=-1, area="money")) == "bo"


@pytest.mark.parametrize("text", ["", "?", "🐐🐐🐐", "山羊の乳が出ません", "milk " * 2000, "\x00\ud800"])
def test_odd_questions_are_ranked_all_the_same(town, text):
    signals = Signals(town)
    found = signals.of(asked("q", text, days_ago=-1, area="nowhere"))

    assert np.isfinite(signals.rows(found)).all()
    assert np.isfinite(plain_score(found)).all()


def test_an_empty_past_ranks_everybody_alike():
    history = History([], ["ana", "bo"], until=NOW)
    signals = Signals(history)
    found = signals.of(asked("q", GOATS, days_ago=-1))

    assert np.isfinite(signals.rows(found)).all()
    assert np.ptp(plain_score(found)) == pytest.approx(0)


def test_what_happened_later_has_no_influence(town):
    late = past("late", GOATS, "cy", days_ago=-2, area="animals")
    late_reply = Past(asked("half", TAXES, days_ago=0.01, area="money"), [Reply("cy", 60.0, TAXES)])
    again = History([*town.pasts, late, late_reply], town.pool, until=NOW)
    ask = asked("q", TAXES, days_ago=-3, area="money")

    assert again.earlier_helps == town.earlier_helps
    assert "late" not in [each.ask.id for each in again.pasts]
    assert len(again.of) == len(town.of)
    assert best(again, ask) == "bo"


def test_replies_of_the_asker_and_late_replies_are_no_help():
    thread = Past(asked("one", GOATS), [Reply("zoe", 5, "me"), Reply("ana", 72 * 60 + 1, "late"), Reply("bo", 4, "hm")])
    history = History([thread], ["ana", "bo", "zoe"], until=NOW)

    assert [history.pool[who] for who in history.who] == ["bo"]
    assert history.earlier_helps == {"ana": 1, "bo": 1}


def test_the_pool_are_those_who_helped_others_twice():
    pasts = [past("a", GOATS, "ana", "bo"), past("b", GOATS, "ana", "zoe"), past("c", GOATS, "ana", asker="bo")]
    assert candidates_of(pasts) == ["ana"]


def test_every_feature_is_in_the_table_and_within_its_range(town):
    vectors = np.eye(len(town.pasts), 20, dtype=np.float32)
    signals = Signals(town, vectors=vectors)
    found = signals.of(asked("q", "goat milk", days_ago=-1, hour=5), np.ones(20, np.float32) / np.sqrt(20))

    assert set(found) == set(TABLE)
    for name, values in found.items():
        low, high = TABLE[name].low, TABLE[name].high
        assert low is None or values.min() >= low - 0.1, name
        assert high is None or values.max() <= high + 1e-9, name
    assert signals.rows(found).shape == (3, len(names_of(vectors=True)))


def test_features_of_the_sentence_model_are_left_out_without_one(town):
    signals = Signals(town)
    assert signals.names == names_of(vectors=False)
    assert set(signals.of(asked("q", "goat", days_ago=-1))) < set(TABLE)


def test_features_do_not_depend_on_who_answered(town):
    """A question that stands in the past under its own name is no secret way to its answer."""
    signals = Signals(town)
    ask = asked("q", GOATS, days_ago=-1)
    told = History([*town.pasts, Past(ask, [Reply("cy", 1.0, "I know!")])], town.pool, until=NOW)

    before, after = signals.of(ask), Signals(told).of(ask)
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_votes_of_the_past_fade_and_add_up(town):
    votes = Votes(town)
    slowly = [sum(1 for of, who in zip(town.of, town.who, strict=True) if who == place) for place in range(3)]
    assert votes.tally(np.ones(len(town.pasts))).tolist() == slowly == [8, 8, 1]
    assert votes.share(np.zeros(len(town.pasts))).tolist() == [0, 0, 0]
    assert fade(np.array([0.0, 10.0, 20.0]), 10).tolist() == [1.0, 0.5, 0.25]


def test_a_day_is_a_circle():
    assert hours_apart(np.array([NOW + 23 * 3600.0]), NOW + 3600.0).tolist() == [2.0]


def test_only_the_nearest_vote():
    assert top(np.array([0.1, 0.9, 0.5, 0.9]), 2).tolist() == [0.0, 0.9, 0.0, 0.9]


@given(st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.9]), max_size=12), st.integers(1, 6))
def test_the_nearest_votes_against_a_slow_rival(weights, many):
    kept = sorted(range(len(weights)), key=lambda at: (-weights[at], at))[:many]
    slowly = [weight if at in kept else 0.0 for at, weight in enumerate(weights)]
    assert top(np.array(weights, dtype=float), many).tolist() == slowly


def test_sums_of_groups_against_a_slow_rival():
    random = np.random.default_rng(0)
    groups, rows = random.integers(0, 7, 100), random.standard_normal((100, 3))
    slowly = [sum((rows[at] for at in range(100) if groups[at] == group), np.zeros(3)) for group in range(8)]
    assert np.allclose(summed(groups, rows, 8), slowly)


def test_expectation_is_the_ridge_solution(town):
    vectors = np.random.default_rng(1).standard_normal((len(town.pasts), 4)).astype(np.float32)
    expected = Expectation(town, vectors, half_life=30, strength=2.0)
    rows = expected._rows(vectors, town.area, town.opened)
    helped = np.zeros((len(town.pasts), 3))
    helped[town.of, town.who] = 1
    weight = np.sqrt(fade(town.age, 30))[:, None]
    stacked = np.vstack([rows * weight, np.sqrt(2.0) * np.eye(rows.shape[1])])
    target = np.vstack([helped * weight, np.zeros((rows.shape[1], 3))])
    slowly = np.linalg.lstsq(stacked, target, rcond=None)[0]

    ask = town.pasts[3].ask
    by_hand = expected._rows(vectors[3:4], np.array([town.area_of(ask)]), np.array([ask.opened])) @ slowly
    assert np.allclose(expected.of(ask, vectors[3]), by_hand[0], atol=1e-6)


def test_an_index_of_words_agrees_with_the_small_one():
    texts = [terms_of(text) for text in (GOATS, TAXES, "cheese cheese cheese", "")]
    slow = WordScores(texts).scores(terms_of("goat cheese tax moon"))
    found = WordIndex(texts).likeness(terms_of("goat cheese tax moon"))
    assert np.allclose(found, slow, atol=1e-5)


def test_meaning_is_learned_from_company():
    """Nanny and kid never meet, but both keep company with goats."""
    texts = [["goat", "nanny", "milk"]] * 6 + [["goat", "kid", "milk"]] * 6 + [["tax", "form", "office"]] * 6
    meaning = Meaning(texts, dimensions=2)
    nanny, kid, tax, unknown = meaning.of([["nanny"], ["kid"], ["form"], ["moon"]])

    assert nanny @ kid > 0.9
    assert abs(nanny @ tax) < 0.1
    assert not unknown.any()
    assert np.array_equal(nanny, Meaning(texts, dimensions=2).of([["nanny"]])[0])


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_any_group_can_be_left_out(town, group):
    ask = asked("q", "no milk from the goat", days_ago=-1, area="animals")
    signals = Signals(town, without=[group])
    found = signals.of(ask)

    assert not GROUPS[group] & set(found)
    assert signals.rows(found).shape == (3, len(names_of(vectors=False, without=[group])))
    assert plain_score(found).argmax() == 0


def test_every_feature_belongs_to_one_group():
    assert sorted(name for group in GROUPS.values() for name in group) == sorted(TABLE)
