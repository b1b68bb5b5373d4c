"""Now: a button at one end, a ring at the other, and both in the lobby; on a phone by keyboard as well."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect
from tests.factories import NeedFactory, PersonFactory
from tests.journeys.screens import PHONE, QUESTION, nobody_left_in_line

from quarterhour.core import clock
from quarterhour.matching.models import Place, Ring
from quarterhour.sessions.models import MentoringSession

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def leila(commons):
    return PersonFactory(name="Leila Haddad", email="leila@town.example", zone="Europe/Lisbon", org=commons)


@pytest.fixture
def asked(live_site, leila, mentors, commons):
    with nobody_left_in_line():
        yield NeedFactory(mentee=leila, org=commons, stated_at=clock.now(), text=QUESTION)


def at_the_desk(screen, site, number, person, **how):
    here = screen(number, **how)
    here.context.add_cookies(site.cookies_for(person))
    return here


def test_from_the_button_to_the_lobby_in_seconds(screen, live_site, asked, leila, mentors, commons):
    amaras = at_the_desk(screen, live_site, 0, mentors["Amara"], timezone_id="Africa/Lagos")
    amaras.go("/mentor/")
    amaras.press("Go on call")
    expect(amaras.page.get_by_role("heading", name=re.compile("^On call until"))).to_be_visible()
    amaras.go("/sessions/")  # she rings wherever she is

    leilas = at_the_desk(screen, live_site, 1, leila, timezone_id="Europe/Lisbon")
    leilas.go(f"/match/{asked.pk}/")
    expect(leilas.page.get_by_text("Amara can answer now.")).to_be_visible()
    began = time.monotonic()
    leilas.press("Talk now")
    expect(leilas.heading()).to_have_text("You are next.")
    expect(leilas.page.locator("#told")).to_have_text("Ringing Amara Okafor")
    expect(amaras.page.locator("#notices [data-ring]")).to_contain_text("Leila Haddad")
    assert time.monotonic() - began < 15, "the ring comes by the socket, not by a later look"

    amaras.page.get_by_role("button", name="Yes, open the room").focus()
    amaras.page.keyboard.press("Enter")
    leilas.page.wait_for_url(re.compile("/room/"))
    amaras.page.wait_for_url(re.compile("/room/"))
    assert leilas.page.url == amaras.page.url
    session = MentoringSession.objects.within(commons).get()
    assert {session.mentor, session.mentee} == {mentors["Amara"], leila}
    assert not [*leilas.complaints, *amaras.complaints]


def test_passed_on_to_the_next_and_left_on_a_phone(screen, live_site, asked, leila, mentors, commons):
    desks = []
    for number, name in enumerate(("Amara", "Tomasz")):
        desk = at_the_desk(screen, live_site, number, mentors[name], timezone_id="Europe/Warsaw")
        desk.go("/mentor/")
        desk.press("Go on call")
        expect(desk.page.get_by_role("heading", name=re.compile("^On call until"))).to_be_visible()
        desks.append(desk)
    leilas = at_the_desk(screen, live_site, 1, leila, finger=True, timezone_id="Europe/Lisbon", **PHONE)
    leilas.go(f"/match/{asked.pk}/")
    leilas.press("Talk now")
    expect(leilas.page.locator("#standing")).to_contain_text("Ringing")
    first = Ring.objects.within(commons).select_related("mentor").get()
    there = desks[0] if first.mentor == mentors["Amara"] else desks[1]
    other = desks[1] if there is desks[0] else desks[0]
    expect(there.page.locator("#ring [data-ring]")).to_contain_text("Leila Haddad")
    there.press("Not this one")
    expect(other.page.locator("#ring [data-ring]")).to_contain_text("Leila Haddad")
    expect(leilas.page.locator("#standing")).to_contain_text("Cannot just now, and passed it on.")
    assert leilas.spills() <= 0

    leilas.press("Later, but keep my place")
    expect(leilas.heading()).to_have_text("Your place is kept.")
    expect(other.page.locator("[data-ring]")).to_have_count(0)
    leilas.press("I am here again")
    expect(leilas.heading()).to_have_text("You are next.")
    leilas.press("Leave the line")
    expect(leilas.page.locator(".toast")).to_contain_text("You have left the line.")
    assert Place.objects.within(commons).get().state == "left"
    assert not [each for desk in (*desks, leilas) for each in desk.complaints]
