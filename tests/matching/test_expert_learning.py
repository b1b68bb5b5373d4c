"""Learning from a site's own past: what is learned, that it is no way to the answers, what is said without."""

import sys

import numpy as np
import pytest

from quarterhour.engines.experts import Ask, History, Past, Policy, Reply, Signals
from quarterhour.matching import expert_booster, experts
from quarterhour.matching.expert_booster import BoosterMissing
from quarterhour.matching.expert_lessons import consider, lesson_of, questions_of, stretches, taught
from quarterhour.matching.experts import (
    TooLittlePast,
    arranged,
    key_of,
    score_learned,
    score_plainly,
    until_of,
    vectors_of,
)

DAY = 86_400
SUBJECTS = [
    "goats and milk",
    "taxes of a shop",
    "an old van",
    "bread and sourdough",
    "choir and voice",
    "bees and honey",
]
KNOWS = {f"p{number:02}": SUBJECTS[number % len(SUBJECTS)] for number in range(24)}


def past(number, random):
    person = list(KNOWS)[int(random.integers(len(KNOWS)))]
    text = f"What would you do about {KNOWS[person]} in a case such as number {number}?"
    ask = Ask(f"t{number}", "help", KNOWS[person], text, (100 + number / 4) * DAY, f"asker{number % 40}")
    return Past(ask, [Reply(person, float(random.integers(1, 500)), f"of {KNOWS[person]} I know much")])


@pytest.fixture(autouse=True)
def _few_trees(monkeypatch):
    monkeypatch.setattr(expert_booster, "TREES", 12)


@pytest.fixture(scope="module")
def pasts():
    random = np.random.default_rng(5)
    return [past(number, random) for number in range(700)]


@pytest.fixture
def asks(pasts):
    after = pasts[-1].ask.opened + DAY
    return [
        Ask(f"q{n}", "help", said, f"Who knows about {said}?", after + 40 * n * DAY, "new")
        for n, said in enumerate(SUBJECTS)
    ]


def test_the_learned_ranker_finds_those_who_know(pasts, asks):
    history, scored = score_learned(pasts, asks, list(KNOWS), seed=1)
    shown = arranged(history, scored, Policy())

    for ask in asks:
        first = [person for person, _score in shown[ask.id][:4]]
        assert [KNOWS[person] for person in first].count(ask.title) >= 3, ask.title


def test_the_same_seed_gives_the_same_ranking_and_another_another(pasts, asks):
    one, same, other = (
        arranged(*score_learned(pasts, asks, list(KNOWS), seed=seed), Policy(4, 0.1)) for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other


def test_lessons_look_at_the_past_only_and_never_reach_the_questions(pasts, asks):
    until = until_of(pasts, asks)
    found = stretches(pasts, asks, until=until)

    assert found
    assert all(since < end <= until for since, end in found)
    since, end = found[0]
    pool, questions = taught(pasts, since, end)
    assert all(since <= ask.opened < end for ask, _helped in questions)
    assert set(pool) <= set(KNOWS)


def test_candidates_do_not_change_with_who_answered(pasts):
    """The same questions, answered by other people: the same are considered, with the same features."""
    since = pasts[600].ask.opened
    turned = [Past(one.ask, [Reply("p00", 1.0, "me again")]) if one.ask.opened >= since else one for one in pasts]
    pool = list(KNOWS)
    one, other = (
        [consider(signals, each.ask, None) for each in pasts[600:620]]
        for signals in (Signals(History(each, pool, until=since)) for each in (pasts, turned))
    )
    for a, b in zip(one, other, strict=True):
        assert np.array_equal(a.places, b.places)
        assert np.array_equal(a.rows, b.rows)
    lessons = [
        lesson_of(
            Signals(History(each, pool, until=since)), questions_of(each, pool, since, 9e9), None, lambda *_: None
        )
        for each in (pasts, turned)
    ]
    assert np.array_equal(lessons[0].rows, lessons[1].rows)
    assert not np.array_equal(lessons[0].helped, lessons[1].helped)


def test_too_short_a_past_is_said_in_a_sentence(pasts, asks):
    with pytest.raises(TooLittlePast, match="--mode default"):
        score_learned(pasts[:60], asks, list(KNOWS))


def test_a_missing_library_is_said_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    with pytest.raises(BoosterMissing, match="--mode default"):
        expert_booster.library()


def test_the_asker_is_never_shown(pasts, asks):
    mine = [ask._replace(asker="p00") for ask in asks]
    history, scored = score_plainly(pasts, mine, list(KNOWS))
    shown = arranged(history, scored, Policy(10, 1.0))
    assert all("p00" not in dict(people) for people in shown.values())
    assert all(len(people) == len(KNOWS) - 1 for people in shown.values())


def test_scores_fall_from_place_to_place_also_where_somebody_had_their_turn(pasts, asks):
    history, scored = score_plainly(pasts, asks, [*KNOWS, "n1", "n2"])
    plain, turned = (arranged(history, scored, policy) for policy in (Policy(), Policy(99, 1.0, 3)))

    assert plain != turned
    for people in turned.values():
        scores = [score for _person, score in people]
        assert scores == sorted(scores, reverse=True)


def test_vectors_are_read_once(monkeypatch, pasts):
    read = []
    monkeypatch.setattr(experts, "embed", lambda texts: read.extend(texts) or np.ones((1, 3), np.float32))
    asks = [each.ask for each in pasts[:3]]
    known = {key_of(asks[0]): np.zeros(3, np.float32)}

    found = vectors_of(asks, known=known)
    assert read == [asks[1].read, asks[2].read]
    assert not found["t0"].any()


def test_without_a_model_there_are_no_vectors(monkeypatch, pasts):
    monkeypatch.setattr(experts, "embed", lambda _texts: None)
    assert vectors_of([pasts[0].ask], known={}) is None
