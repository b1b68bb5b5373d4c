"""Leila and Amara sit in a café: the room lies on the table between them, with its timer, notes and card."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.sessions.room_visitors import ROOT

from quarterhour.sessions.models import Notes

pytest_plugins = ["tests.sessions.room_browsers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room in browsers")]

AXE = ROOT / "node_modules/axe-core/axe.min.js"
CAFE = "Café Luso, the table by the door"
ASKED = "window.asked = 0; navigator.mediaDevices.getUserMedia = async () => { window.asked += 1; throw new Error(); };"


def axe(page) -> list[str]:
    page.evaluate(AXE.read_text())
    return page.evaluate("async () => (await axe.run()).violations.map((each) => each.id)")


def test_they_agree_on_a_place_and_the_room_works_beside_it(meeting, leila, amara):
    leilas, amaras = meeting.starts(minutes=4).open(leila, amara, viewport={"width": 390, "height": 844}, script=ASKED)
    page = leilas.page
    page.goto(f"{meeting.address}/sessions/{meeting.session.pk}/")
    page.get_by_role("link", name="Meet in person, or by another link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where do you meet?")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_label("In person").check()
    page.get_by_role("button", name=re.compile("Meet there, and tell Amara")).click()
    expect(page.locator("#place-error")).to_have_text("Say where: a street and a house, or how to find each other.")
    page.get_by_label("The place, and how to find each other").fill(CAFE)
    page.get_by_role("button", name=re.compile("Meet there, and tell Amara")).click()
    expect(page.locator("main")).to_contain_text(f"You meet in person: {CAFE}")

    for visitor in (leilas, amaras):
        visitor.page.goto(f"{meeting.address}/room/{meeting.session.pk}/")
        expect(visitor.page.get_by_role("heading", name="Where you meet")).to_be_visible()
        expect(visitor.page.locator("#mode")).to_be_hidden()
        expect(visitor.page.locator("#preview-words")).to_have_text("You meet elsewhere, so nobody sees you here.")
    assert axe(page) == []
    for visitor in (leilas, amaras):
        visitor.go_in()
        expect(visitor.page.locator("#their-place")).to_contain_text(CAFE)

    page.locator("#notes").press_sequentially("Ask Jonas by Friday")
    expect(amaras.page.locator("#notes")).to_have_value("Ask Jonas by Friday")
    expect(page.locator("#left")).to_have_text(re.compile(r"^[0-4]:\d\d$"))
    expect(page.locator("#mute")).to_be_hidden()
    expect(page.locator("#notes-state")).to_contain_text("Saved")
    assert axe(page) == []
    assert page.evaluate("window.asked") == 0
    assert page.evaluate("localStorage.getItem('quarterhour-devices')") is None
    assert Notes.objects.within(meeting.session.org_id).get(session=meeting.session).text == "Ask Jonas by Friday"
    assert [told for told in meeting.complaints if "422" not in told] == []  # the place that was left out
