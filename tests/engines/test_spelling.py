"""Typing errors are read as they were meant, and everything that is none is left alone."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.config.cli.labelled_needs import TOWN, needs_of
from quarterhour.engines.understand import Speller
from quarterhour.engines.words import tokens
from quarterhour.matching.dictionary import speller

SMALL = {"negotiate": 9000, "career": 9000, "carrier": 5000, "manage": 9000, "black": 9000, "board": 9000, "rumor": 500}


def near(word: str) -> set[str]:
    """Those of the small dictionary that lie one letter away."""
    return {known for known in SMALL if abs(len(known) - len(word)) <= 1 and len(set(known) ^ set(word)) <= 1}


@pytest.fixture
def small() -> Speller:
    return Speller(SMALL, near, ["salary", "visa", "figma", "interview"])


def read(speller: Speller, text: str) -> str:
    return speller.mend(text, speller.unknown(text)).text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("How do I negotate it?", "How do I negotiate it?"),
        ("My salery is low", "My salary is low"),
        ("Salery talks", "Salary talks"),  # at the beginning
        ("It is so. Salery is low.", "It is so. Salary is low."),
        ("a viza", "a visa"),  # short, and one of ours
        ("the intervue", "the interview"),  # two errors in a long word of ours
        ("my carrer", "my career"),
    ],
)
def test_a_typing_error_is_read_as_it_was_meant(small, typed, meant):
    assert read(small, typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "the blackboard",  # made of two
        "managed by managers",  # endings
        "a rumour",  # as in Britain
        "we met Salerie",  # a name
        "the SALERY",  # an abbreviation, for all we know
        "figma, vizas4 and s4lery",
        "a vizo",  # not near enough, too short for more
        "sa lery",
        "",
    ],
)
def test_whatever_is_no_typing_error_stays(small, text):
    assert read(small, text) == text


def test_what_was_changed_is_told_once_in_reading_order(small):
    mended = small.mend("salery and carrer, salery", ["carrer", "salery"])
    assert mended.words == (("salery", "salary"), ("carrer", "career"))
    assert small.mend("salery and carrer", ["carrer"]).text == "salery and career"


def test_a_text_full_of_strange_words_is_another_language(small):
    assert small.unknown("Quiero cambiar salery carrer pronto tambien") == []


@given(st.text(max_size=300))
def test_any_text_comes_back_with_the_same_words_but_those(text):
    small = Speller(SMALL, near, ["salary"])
    mended = small.mend(text, small.unknown(text))
    changed = dict(mended.words)
    assert len(tokens(mended.text)) == len(tokens(text))
    assert all(text.count(typed) for typed in changed)
    assert mended.text == text or changed


def test_no_word_of_the_towns_questions_is_taken_for_an_error():
    """Beside what the mentors of the town say themselves, which the product leaves alone."""
    said = set(json.dumps((TOWN / "mentors.jsonl").read_text()).lower().replace("\\", " ").split())
    for need in needs_of(TOWN):
        if need.language == "en":
            odd = [word for word in speller().unknown(need.whole) if word not in said]
            assert speller().mend(need.whole, odd).words == ()


def test_walls_of_letters_are_left_alone(small):
    many = " ".join(f"zq{chr(97 + n // 26)}{chr(97 + n % 26)}rst known" for n in range(300))
    for text in ("q" * 10_000, " ".join(["zqzq" * 8] * 300), f"manage board {many} " + "manage " * 2_000):
        assert small.unknown(text) == []


def test_ten_thousand_letters_cost_no_more_than_forty_words():
    text = " ".join(["question"] * 130 + [f"vqxz{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(40)])
    words = speller().unknown(f"{text} {'question ' * 900}")
    asked = []
    counting = Speller(speller().known, lambda word: asked.append(word) or (), speller().ours.words)

    counting.mend(f"{text} {text}", words)

    assert len(words) == 40
    assert len(asked) <= 40
