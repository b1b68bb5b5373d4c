"""A mentor wants to be asked first about one topic: chosen by keyboard, seen on the card, kept by booking."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.factories import PersonFactory
from tests.journeys.screens import PHONE, ask

from quarterhour.sessions.models import MentoringSession, Status

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def leila(commons):
    return PersonFactory(name="Leila Haddad", email="leila@town.example", zone="Europe/Lisbon", org=commons)


def test_a_topic_that_is_asked_for_first(screen, worked, mentors, leila, commons):
    amaras, leilas = screen(0), screen(1, **PHONE, finger=True)
    amaras.context.add_cookies(worked.cookies_for(mentors["Amara"]))
    leilas.context.add_cookies(worked.cookies_for(leila))

    amaras.go("/me/edit/")
    amaras.page.get_by_label("Topic 1", exact=True).focus()
    amaras.page.keyboard.press("Tab")
    amaras.page.keyboard.press("Tab")
    expect(amaras.page.get_by_label("A booking for topic 1", exact=True)).to_be_focused()
    amaras.page.keyboard.type("Ask")
    amaras.page.get_by_role("button", name="Save").press("Enter")
    expect(amaras.page.get_by_role("row", name=re.compile("^moving into management"))).to_contain_text("asks me first")
    expect(amaras.page.get_by_role("row", name=re.compile("^building a team"))).to_contain_text("confirms at once")

    ask(leilas)
    card = leilas.page.get_by_role("article", name="Amara Okafor")
    expect(card).to_contain_text("Amara answers requests personally. Your requests: 0 of 3 open")
    expect(leilas.page.get_by_role("article", name="Inês Carvalho")).not_to_contain_text("answers requests personally")
    leilas.touch(card.locator("button.slot").last)
    expect(card).to_contain_text("within 48 hours")
    leilas.touch(card.get_by_role("button", name=re.compile("^Ask for ")))
    expect(leilas.heading()).to_have_text("One person has your question.")

    assert MentoringSession.objects.within(commons).get(mentor=mentors["Amara"]).status == Status.ASKED
    assert leilas.spills() <= 0
    assert amaras.complaints == leilas.complaints == []
