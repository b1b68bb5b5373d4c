"""Two pieces of advice: what was recorded is exact, what was only read is a proposal, either way round."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterhour.engines.perspectives import Piece, Stance, compare
from quarterhour.engines.perspectives.asking import asked
from quarterhour.engines.perspectives.features import Taken, between
from quarterhour.engines.perspectives.reading import read
from quarterhour.engines.perspectives.stances import position
from quarterhour.engines.perspectives.weights import HEADS, weights

DECISION = "Should I move to Oslo for the new post?"
OPTIONS = ["Move to Oslo", "Stay in Porto"]
SAYINGS = [
    "Go, you will be glad you did.",
    "Don't move, your friends are all here.",
    "Ask who pays for the flat before you sign.",
    "Stay where you are until the children are out of school.",
    "Take the post. Chances like that come once.",
    "",
    "¿Por qué no te quedas en casa con tu familia este año?",
    "<b>Go</b> <script>alert(1)</script>",
]
words = st.one_of(st.sampled_from(SAYINGS), st.text(max_size=200))


def fake_vectors(texts):
    """Vectors that depend on nothing but the text, as a sentence model's do."""
    rows = []
    for text in texts:
        seed = sum(place * byte for place, byte in enumerate(text.encode("utf-8", "replace"), start=1))
        row = np.random.default_rng(seed).normal(size=384)
        rows.append(row / np.linalg.norm(row))
    return np.array(rows)


@given(words, words, st.sampled_from([None, fake_vectors]))
@settings(deadline=None, max_examples=60)
def test_either_way_round_it_is_the_same(a, b, vectors):
    one = compare(DECISION, a, b, options=OPTIONS, vectors=vectors)
    other = compare(DECISION, b, a, options=OPTIONS, vectors=vectors)

    assert (one.label, one.sure) == (other.label, other.sure)
    assert one.conflict == pytest.approx(other.conflict, abs=2e-4)
    assert one.words == other.words[::-1]


@given(st.text(max_size=120), words, words)
@settings(deadline=None, max_examples=60)
def test_any_text_gets_an_answer_and_a_chance(decision, a, b):
    verdict = compare(decision, a, b)

    assert verdict.label in ("conflict", "agree", "compatible", "unrelated")
    assert 0 <= verdict.conflict <= 1
    assert verdict.because.endswith((".", "?"))


@pytest.mark.parametrize("vectors", [None, fake_vectors])
def test_recorded_stances_beat_whatever_the_words_say(vectors):
    said = "Never go, it is a trap and you would regret it."
    agree = compare(
        DECISION,
        Piece("1", said, stance=Stance("Move to Oslo", in_favour=True)),
        Piece("2", "Go at once!", stance=Stance("Move to Oslo", in_favour=True)),
        options=OPTIONS,
        vectors=vectors,
    )
    conflict = compare(
        DECISION,
        Piece("1", "Go at once!", stance=Stance("Stay in Porto", in_favour=True)),
        Piece("2", "Go at once!", stance=Stance("Move to Oslo", in_favour=True)),
        options=OPTIONS,
        vectors=vectors,
    )

    assert (agree.label, agree.conflict, agree.sure) == ("agree", 0.0, True)
    assert (conflict.label, conflict.conflict, conflict.sure) == ("conflict", 1.0, True)
    assert conflict.because == "One is for “Stay in Porto”, and one is for “Move to Oslo”."


BOAT, BIKE, CAR = "A boat", "A bike", "A car"


@pytest.mark.parametrize(
    ("a", "b", "options", "label"),
    [
        ((BOAT, True), (BOAT, True), [BOAT, BIKE], "agree"),
        ((BOAT, True), (BOAT, False), [BOAT, BIKE], "conflict"),
        ((BOAT, True), (BIKE, True), [BOAT, BIKE], "conflict"),
        ((BOAT, True), (BIKE, False), [BOAT, BIKE], "agree"),
        ((BOAT, False), (BIKE, False), [BOAT, BIKE], "conflict"),
        ((BOAT, False), (BIKE, False), [BOAT, BIKE, CAR], "compatible"),
        ((BOAT, True), (BIKE, False), [BOAT, BIKE, CAR], "compatible"),
        ((BOAT, True), (BIKE, True), [BOAT, BIKE, CAR], "conflict"),
        ((BOAT, False), (BOAT, False), [BOAT, BIKE, CAR], "agree"),
        ((" a   BOAT", True), (BOAT, True), [BOAT, BIKE], "agree"),
        (("Sleep on it", True), (BOAT, True), [BOAT, BIKE], "compatible"),
        (("", True), (BOAT, False), [BOAT, BIKE], "compatible"),
        ((BOAT, True), (BIKE, True), [], "conflict"),
        ((BOAT, True), (BIKE, False), [], "compatible"),
    ],
)
def test_two_recorded_stances_follow_from_their_words(a, b, options, label):
    verdict = compare("?", Piece("1", "", stance=Stance(*a)), Piece("2", "", stance=Stance(*b)), options=options)

    assert verdict.label == label
    assert verdict.conflict == float(label == "conflict")
    assert verdict.sure


def test_two_that_speak_of_different_cases_become_a_question():
    verdict = compare(
        DECISION,
        Piece("1", "", stance=Stance("Move to Oslo", True, "if the flat is paid for")),
        Piece("2", "", stance=Stance("Stay in Porto", True, "if she keeps her job")),
        options=OPTIONS,
    )

    assert (verdict.label, verdict.conflict, verdict.sure) == ("compatible", 0.5, False)
    assert verdict.words == (("if the flat is paid for",), ("if she keeps her job",))
    assert verdict.because.endswith("?")


def test_one_condition_leaves_a_conflict_a_conflict():
    verdict = compare(
        DECISION,
        Piece("1", "", stance=Stance("Move to Oslo", True)),
        Piece("2", "", stance=Stance("Stay in Porto", True, "if she keeps her job")),
        options=OPTIONS,
    )

    assert (verdict.label, verdict.conflict) == ("conflict", 1.0)
    assert "(if she keeps her job)" in verdict.because


def test_letters_before_options_are_not_part_of_them():
    assert position(Stance("B Rent", in_favour=False), ["A Buy", "B Rent"]) == position(
        Stance("Buy", in_favour=True), ["A Buy", "B Rent"]
    )


def test_one_recorded_stance_tells_the_detector_where_that_piece_leans():
    plain = "The post is interesting."
    against = "Don't move, it would be a mistake."

    def chance(option):
        piece = Piece("1", plain, stance=Stance(option, in_favour=True))
        return compare(DECISION, piece, Piece("2", against), options=OPTIONS).conflict

    assert chance("Move to Oslo") > chance("Stay in Porto")
    assert chance("Sleep on it") < chance("Move to Oslo")


@pytest.mark.parametrize(
    ("decision", "a", "b"),
    [
        ("Should I accept the offer?", "Accept it, chances like that come once.", "Decline, you would regret it."),
        ("Should I leave the firm?", "Leave now, it only gets worse.", "Stay where you are another year."),
        ("Should we tell the customers?", "Tell them today, be open about it.", "Keep quiet, nobody needs to know."),
    ],
)
@pytest.mark.parametrize("vectors", [None, "model"])
def test_what_pulls_apart_is_proposed_as_a_conflict(decision, a, b, vectors):
    from quarterhour.matching.embedding import embed

    verdict = compare(decision, a, b, vectors=embed if vectors else None)

    assert verdict.label == "conflict"
    assert all(verdict.words)
    assert "right" not in verdict.because


def test_the_same_words_agree():
    verdict = compare(DECISION, "Go.  Now, as soon as you can.", "go. now, as soon as you can.")

    assert (verdict.label, verdict.sure) == ("agree", True)


@pytest.mark.parametrize(
    "text",
    [
        "Bleib lieber noch ein Jahr dort, wo du bist, und sieh zu, dass die Kinder ihre Schule beenden können.",
        "Reste où tu es jusqu'à ce que les enfants aient fini l'école, rien ne presse vraiment pour toi.",
        "このまま今の会社に残ったほうがいいと思います。",
        "",
        "🙂🙂🙂",
        "1234",
    ],
)
def test_what_cannot_be_read_is_never_sure(text):
    verdict = compare(DECISION, text, "Go, you will be glad you did.")

    assert not verdict.sure
    assert verdict.label == "compatible"
    assert "look at both" in verdict.because


@pytest.mark.parametrize(
    "text", ["go " * 200_000, "<a href='x'>" * 50_000, "don't\x00 go", "\ud800 go there", ",;.!?" * 9_999]
)
def test_huge_and_odd_texts_take_no_longer_than_a_page(text):
    verdict = compare(DECISION, text, "Stay where you are.", options=OPTIONS)

    assert 0 <= verdict.conflict <= 1


@given(words, words)
@settings(deadline=None, max_examples=40)
def test_comparing_two_readings_is_symmetric_to_the_last_digit(a, b):
    one, other = Taken(read(a), 1.5, 0.3, None), Taken(read(b), -0.7, 2.0, None)

    assert np.array_equal(between(one, other, None).all, between(other, one, None).all)


def test_a_question_is_read_as_two_ways():
    assert asked("Should we rent the hall or build one?").first == "Rent the hall"
    assert asked("Should I not go?").kind == "yes"
    assert asked("Cats are better than dogs").kind == "claim"
    assert asked("").kind == "claim"
    assert asked("The boat", ["Sail", "Row", "Swim"]).kind == "yes"
    assert asked("Long ago. What now? Should we stay or go? Hm.").second == "Go"


@pytest.mark.parametrize("meaning", [True, False])
def test_the_kept_weights_fit_what_is_looked_at(meaning):
    kept = weights(meaning=meaning)

    assert set(kept.heads) == set(HEADS)
    assert all(np.isfinite(head).all() for head in kept.heads.values())
    verdict = compare(DECISION, SAYINGS[0], SAYINGS[1], vectors=fake_vectors if meaning else None)
    assert 0 < verdict.conflict < 1


@pytest.mark.parametrize(("decision", "most"), [(DECISION, 80), ("Trade is better than aid", 160)])
def test_one_call_asks_for_the_vectors_of_a_pair_each_text_once_and_not_to_its_end(decision, most):
    asked = []

    def vectors(texts):
        asked.append(list(texts))
        return fake_vectors(texts)

    compare(decision, "Wait. " * 50, "Wait. " * 50, vectors=vectors)

    assert len(asked) == 1
    assert len(set(asked[0])) == len(asked[0])
    assert ("Wait. " * 50)[:most] in asked[0]
