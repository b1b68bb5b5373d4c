"""Notes written in the card's own words: a condition behind advice, what somebody sees now, a date that stays."""

from __future__ import annotations

from datetime import date

import pytest

from quarterhour.engines.takeaway import Card, prefill

MONDAY = date(2026, 11, 23)


def card(*lines: str) -> Card:
    return prefill("\n".join(lines), [], held_on=MONDAY, mentor="Amara Okafor", mentee="Leila Haddad")


@pytest.mark.parametrize("says", ["It applies when", "This only applies if", "That holds when", "It works as long as"])
def test_the_next_sentence_may_say_when_advice_applies(says):
    (advice,) = card(f"Amara: name the new date first, then the reason. {says} the contract has no penalty.").advice
    assert (advice.text, advice.applies_when) == (
        "Name the new date first, then the reason",
        "the contract has no penalty",
    )


def test_a_condition_of_its_own_is_kept_and_a_lone_one_is_no_advice():
    (advice,) = card("Amara: ask first if you are new. It applies when the team is small.").advice
    assert advice.applies_when == "you are new"
    assert card("It applies when the team is small.").advice == ()


@pytest.mark.parametrize(
    "said",
    [
        "I see now that it is a trial, not a goodbye",
        "I realise now that the date was never theirs",
        "We know now that nobody reads it",
        "What I had not seen is that they asked twice",
    ],
)
def test_what_somebody_sees_now_is_the_insight(said):
    read = card("Amara: name the new date first, then the reason, because they plan around it.", f"{said}.")
    assert read.insight == said
    assert [advice.text[:8] for advice in read.advice] == ["Name the"]


def test_a_date_the_task_is_about_stays_in_it():
    (action,) = card("Leila will call Marta by Wednesday and give 15 January.").actions
    assert (action.due, action.text) == (date(2026, 11, 25), "Call Marta by Wednesday and give 15 January")


def test_the_date_it_is_due_on_is_left_out_as_before():
    (action,) = card("Leila will send the draft to Marta by Friday.").actions
    assert (action.due, action.text) == (date(2026, 11, 27), "Send the draft to Marta")
