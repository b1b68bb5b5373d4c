"""The marks on the page of a decision: a plain form, a sum that is the owner's, and what is taken along."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.urls import reverse
from tests.advice.deciding import NO, WORDS, YES, decide, laid, option, three_views

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(clock):
    return clock


@pytest.fixture
def decision(need):
    return decide(need, replace(WORDS, criteria=("Tuesdays", "<b>Money</b>")))


def at(decision, name="board") -> str:
    return reverse(f"decide:{name}", args=[decision.pk])


def page(client, decision, name="board") -> str:
    return " ".join(client.get(at(decision, name)).content.decode().split())


def form(decision, yes="", no="", counts="1") -> dict:
    """What the page sends: a mark of Tuesdays for each way, none of money."""
    marks = {f"mark-{option(decision, YES).pk}-0": yes, f"mark-{option(decision, NO).pk}-0": no}
    named = {"criterion-0": "Tuesdays", "criterion-1": "<b>Money</b>", "counts-0": counts, "counts-1": "1"}
    return marks | named | {f"mark-{option(decision, YES).pk}-1": ""}


def test_marks_are_kept_and_summed_as_the_owners(client, leila, decision):
    client.force_login(leila)
    before = page(client, decision)
    assert "By what matters to you" in before
    assert "By your marks" not in before
    assert "&lt;b&gt;Money&lt;/b&gt;" in before
    response = client.post(at(decision, "mark"), form(decision, yes="2", no="-1", counts="3"))
    assert response.url == at(decision) + "#marks"
    told = page(client, decision)
    sums = re.findall(r"<strong>([^<]*)</strong> <span class=\"tiny soft\">1 of 2 marked", told)
    assert sums == ["+6", "\N{MINUS SIGN}3"]
    assert told.count('<option value="2" selected>') == 1
    assert "recommend" not in told


def test_the_order_of_the_ways_stays_whatever_the_sums(client, leila, decision):
    client.force_login(leila)
    client.post(at(decision, "mark"), form(decision, yes="-2", no="2"))
    told = page(client, decision)
    marks = told[told.index('id="marks"') :]
    assert marks.index(YES) < marks.index(NO)


@pytest.mark.parametrize("wrong", [{"yes": "7"}, {"yes": "22"}, {"yes": "x"}, {"no": "-"}, {"counts": "12"}])
def test_what_is_no_mark_is_refused_and_keeps_nothing(client, leila, decision, wrong):
    client.force_login(leila)
    client.post(at(decision, "mark"), form(decision, **wrong))
    assert "Choose" in page(client, decision)
    decision.refresh_from_db()
    assert (decision.marks, decision.criterion_weights) == ({}, {})


def test_criteria_that_were_changed_meanwhile_are_told(client, leila, decision):
    client.force_login(leila)
    decision.criteria = ["Sundays"]
    decision.save()
    client.post(at(decision, "mark"), form(decision, yes="1"))
    assert "were changed meanwhile" in page(client, decision)


def test_they_are_taken_along_and_shown_to_nobody(client, leila, need, decision):
    mentors = three_views(need)
    client.force_login(leila)
    assert "By your marks" not in client.get(at(decision, "markdown")).content.decode()
    client.post(at(decision, "mark"), form(decision, yes="2", counts="3"))
    told = client.get(at(decision, "markdown")).content.decode()
    assert "## By your marks\n\n### Yes, with a review after six months: \\+6 by your marks, 1 of 2 marked" in told
    assert "- Tuesdays: \\+\\+ much better, counts 3\n- \\<b\\>Money\\</b\\>: not marked" in told
    assert client.get(at(decision, "pdf")).content.startswith(b"%PDF")
    from quarterhour.advice import boards, sharing

    boards.fill(decision, now=decision.made_at)
    assert "Amara" in laid(decision)
    given = {"others": True, "may_comment": True, "now": decision.made_at}
    sharing.share(decision=decision, by=leila, mentor=mentors["Amara"].pk, **given)
    client.force_login(mentors["Amara"])
    guests = page(client, decision)
    assert "your marks" not in guests
    assert "Tuesdays" not in guests
    assert client.post(at(decision, "mark"), form(decision)).status_code == 404


def test_without_anything_that_matters_there_is_a_way_to_say_it(client, leila, need):
    made = decide(need)
    client.force_login(leila)
    told = page(client, made)
    assert "Say what matters to you" in told
    assert 'id="marks"' not in told
