"""Learning from a site's own past: what is learned, that it is no way to the answers, what is said without."""

import sys

import numpy as np
import pytest

from quarterhour.engines.experts import Ask, History, Past, Policy, Reply, Signals
from quarterhour.matching import expert_booster, experts
from quarterhour.matching.expert_booster import BoosterMissing
from quarterhour.matching.expert_lessons import consider, heard_of, lesson_of, questions_of, stretches, taught
from quarterhour.matching.expert_reading import until_of
from quarterhour.matching.experts import (
    TooLittlePast,
    arranged,
    key_of,
    score_learned,
    score_plainly,
    score_weighed,
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


@pytest.mark.parametrize("score", [score_learned, score_weighed], ids=["learned", "weighed"])
def test_the_ranker_finds_those_who_know(pasts, asks, score):
    history, scored = score(pasts, asks, list(KNOWS), seed=1)
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


def test_weights_need_no_library_and_the_same_seed_gives_the_same(monkeypatch, pasts, asks):
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    one, same = (arranged(*score_weighed(pasts, asks, list(KNOWS), seed=1), Policy(4, 0.1)) for _ in range(2))
    assert one == same


def test_too_short_a_past_is_ranked_plainly(pasts, asks):
    weighed, plainly = (score(pasts[:60], asks, list(KNOWS))[1] for score in (score_weighed, score_plainly))
    assert all(np.array_equal(one.scores, other.scores) for one, other in zip(weighed, plainly, strict=True))


def test_a_question_knows_who_asked_before_it_and_nothing_of_later_ones(pasts, asks):
    """Somebody silent comes back: from then on, and in whatever order the file names the questions."""
    pool = [*KNOWS, "back"]
    mine = [ask._replace(asker="back") if number == 3 else ask for number, ask in enumerate(asks)]
    without, with_ = (score_weighed(pasts, each, pool)[1] for each in (asks, mine[::-1]))
    chances = [
        [dict(zip(one.places.tolist(), one.chances.tolist(), strict=True)).get(len(KNOWS)) for one in scored]
        for scored in (without, with_[::-1])
    ]
    same = [one == other for one, other in zip(*chances, strict=True)]

    assert [one.ask.id for one in with_[::-1]] == [ask.id for ask in asks]
    assert same[:3] == [True] * 3
    assert chances[1][3] is None
    assert not any(same[4:])


def test_a_lesson_hears_as_many_askers_as_the_questions_will_name(pasts, asks):
    questions = [(one.ask, {"p00"}) for one in pasts[:120]]
    heard = heard_of(questions, asks[:3], days=30, until=asks[0].opened)
    assert heard == pytest.approx(3 / 80 * 30 / 120, rel=0.01)
    assert heard_of(questions[:1], asks, days=200, until=asks[0].opened) == 1.0


def test_a_lesson_may_be_cut_by_lot(pasts):
    signals = Signals(History(pasts, list(KNOWS), until=pasts[600].ask.opened))
    questions = questions_of(pasts, list(KNOWS), pasts[600].ask.opened, 9e9)
    one, same, other = (
        lesson_of(signals, questions, None, lambda *_: None, most=20, seed=(seed,)) for seed in (1, 1, 2)
    )
    assert len(one.sizes) == 20
    assert np.array_equal(one.rows, same.rows)
    assert one.rows.shape != other.rows.shape or not np.array_equal(one.rows, other.rows)


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
