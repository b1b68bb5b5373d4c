"""Marks of each option by what matters: kept, summed, carried over when words are corrected, and nobody else's."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from tests.advice.deciding import NO, TODAY, WORDS, YES, decide, option

from quarterhour.advice import decisions, marking
from quarterhour.advice.decisions import OptionWords
from quarterhour.core.errors import Changed, Invalid, NotFound

pytestmark = pytest.mark.django_db
CRITERIA = ("Tuesdays for code", "Money", "What my family says")
TUESDAYS, MONEY, FAMILY = CRITERIA


@pytest.fixture
def decision(need):
    return decide(need, replace(WORDS, criteria=CRITERIA))


def mark(decision, yes=None, no=None, **more):
    marks = {option(decision, text).pk: given for text, given in ((YES, yes), (NO, no)) if given is not None}
    return marking.mark(decision=decision, by=decision.owner, marks=marks, **({"weights": {}} | more))


def told(decision) -> list[tuple[int, int]]:
    decision.refresh_from_db()
    return [(each.total, each.marked) for each in marking.sums(decision, list(decision.options.all()))]


def change(decision, *criteria, options=None):
    decision.refresh_from_db()
    rows = options or [OptionWords(text=each.text, known=each.pk) for each in decision.options.all()]
    words = replace(WORDS, options=rows, criteria=criteria)
    given = {"by": decision.owner, "seen": decision.version, "today": TODAY, "now": decision.made_at}
    return decisions.change(decision=decision, words=words, **given)


def test_nothing_is_marked_until_somebody_does(decision):
    assert told(decision) == [(0, 0), (0, 0)]


def test_a_sum_is_what_each_mark_counts_and_stands_in_the_order_of_the_options(decision):
    mark(decision, yes={TUESDAYS: -2, MONEY: 1}, no={TUESDAYS: 2, MONEY: 0, FAMILY: 1}, weights={TUESDAYS: 3, MONEY: 1})
    assert told(decision) == [(-5, 2), (7, 3)]
    assert decision.criterion_weights == {TUESDAYS: 3}, "what counts as usual is not written down"


def test_what_counts_nothing_adds_nothing_and_is_still_marked(decision):
    mark(decision, yes={MONEY: 2}, weights={MONEY: 0})
    assert told(decision)[0] == (0, 1)


def test_marks_are_taken_back_by_leaving_them_out(decision):
    mark(decision, yes={MONEY: 2}, no={MONEY: 1})
    mark(decision, no={MONEY: 1})
    assert told(decision) == [(0, 0), (1, 1)]


@pytest.mark.parametrize(
    "given", [{"yes": {MONEY: 3}}, {"yes": {MONEY: -3}}, {"weights": {MONEY: 4}}, {"weights": {MONEY: -1}}]
)
def test_a_number_that_is_none_is_refused_and_the_others_stay(decision, given):
    mark(decision, yes={MONEY: 1})
    with pytest.raises(Invalid):
        mark(decision, **given)
    assert told(decision)[0] == (1, 1)


def test_a_form_of_before_the_criteria_were_changed_is_told(decision):
    with pytest.raises(Changed):
        mark(decision, yes={"Fame": 1})
    with pytest.raises(Changed):
        mark(decision, weights={"Fame": 1})
    with pytest.raises(Changed):
        marking.mark(decision=decision, by=decision.owner, marks={uuid4(): {MONEY: 1}}, weights={})


def test_a_stranger_marks_nothing(decision, amara):
    with pytest.raises(NotFound):
        marking.mark(decision=decision, by=amara, marks={}, weights={})


def test_a_corrected_criterion_keeps_its_marks_and_another_one_begins_without(decision):
    mark(decision, yes={TUESDAYS: 2, MONEY: 1, FAMILY: -1}, weights={TUESDAYS: 2, MONEY: 3})
    change(decision, "Tuesdays for coding", "Fame", FAMILY)
    decision.refresh_from_db()
    key = str(option(decision, YES).pk)
    assert decision.marks == {key: {"Tuesdays for coding": 2, FAMILY: -1}}
    assert decision.criterion_weights == {"Tuesdays for coding": 2}


def test_criteria_in_another_order_keep_their_own_marks(decision):
    mark(decision, yes={TUESDAYS: 2, MONEY: 1, FAMILY: -1})
    change(decision, FAMILY, TUESDAYS, MONEY)
    decision.refresh_from_db()
    assert marking.sums(decision, list(decision.options.all()))[0].marks == (-1, 2, 1)


def test_an_option_that_goes_takes_its_marks_along(decision):
    mark(decision, yes={MONEY: 2}, no={MONEY: 1})
    yes = option(decision, YES)
    change(decision, *CRITERIA, options=[OptionWords(text=YES, known=yes.pk), OptionWords(text="Leave")])
    assert told(decision) == [(2, 1), (0, 0)]
    assert set(decision.marks) == {str(yes.pk)}


def test_rows_of_the_previous_release_have_no_marks(decision):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE advice_decision SET marks = DEFAULT, criterion_weights = DEFAULT")
    assert told(decision) == [(0, 0), (0, 0)]
