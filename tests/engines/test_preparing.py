"""Three questions for a mentor, whatever the question says."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.engines.preparing import KINDS, TRIED, prepared


@given(text=st.text(max_size=200), kind=st.sampled_from([*KINDS, "", "other"]), tried=st.text(max_size=40))
def test_there_are_always_three_different_ones_and_none_is_empty(text, kind, tried):
    found = prepared(text, kind=kind, tried=tried)
    assert len({each.ask for each in found.questions}) == 3
    assert all(each.ask and each.why for each in found.questions)
    assert len(found.missing) <= 4


def test_a_day_to_keep_to_is_named():
    found = prepared("Should I go?", kind="decide", decide_by=date(2026, 12, 4))
    assert found.questions[-1].ask == "What can I still do before 4 December, and what can wait?"
    assert not any("by when" in hint for hint in found.missing)


def test_what_was_tried_is_asked_about_and_not_asked_for():
    found = prepared("My tests fail at night.", kind="unblock", tried="I ran them alone.")
    assert found.questions[-1] == TRIED
    assert not any("what you have tried" in hint for hint in found.missing)


@pytest.mark.parametrize("kind", KINDS)
def test_no_question_asks_for_a_verdict(kind):
    assert not any(each.ask.lower().startswith(("should i", "is it")) for each in prepared("x", kind=kind).questions)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Where do I find the first ten customers?", "unblock"),
        ("My cofounder and I disagree on prices.", "unblock"),
        ("Should I say yes now, or stay an engineer for another year?", "decide"),
        ("Soll ich das Angebot annehmen oder bleiben?", "decide"),
        ("", "unblock"),
    ],
)
def test_nobody_is_asked_for_the_other_way_where_nothing_is_to_be_decided(text, asked):
    assert prepared(text, kind="decide", guessed=True).questions[0] == KINDS[asked][0]
    assert prepared(text, kind="decide").questions[0] == KINDS["decide"][0], "whoever chose it has their reasons"
    assert prepared(text, kind="review", guessed=True).questions[0] == KINDS["review"][0]
