"""Reporting and blocking from inside a call, at a phone's width and by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.factories import PersonFactory
from tests.sessions.room_visitors import ROOT

from quarterhour.core import clock
from quarterhour.people.queries import is_blocked
from quarterhour.sessions.models import Companion
from quarterhour.trust.report_models import Report

pytest_plugins = ["tests.sessions.room_browsers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room in browsers")]

AXE = ROOT / "node_modules/axe-core/axe.min.js"
PHONE = {"viewport": {"width": 390, "height": 844}}


def test_the_call_goes_on_after_a_report_and_ends_for_both_with_a_block(meeting, leila, amara):
    leilas, amaras = meeting.open(leila, amara, **PHONE)
    for visitor in (amaras, leilas):
        visitor.lobby().go_in()
    leilas.counted("video", 5)
    amaras.page.locator('[name="tab"][value="chat"]').check(force=True)
    amaras.page.locator("#say").fill("Pay me first")
    amaras.page.keyboard.press("Enter")
    page = leilas.page
    expect(page.locator("#lines")).to_contain_text("Pay me first")
    page.locator('[name="tab"][value="agenda"]').check(force=True)
    page.get_by_role("link", name="Report Amara").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Report Amara")
    expect(dialog).to_be_visible()
    page.evaluate(AXE.read_text())
    assert page.evaluate("async () => (await axe.run()).violations.map((each) => each.id)") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.get_by_role("radio", name="Something else").focus()
    page.keyboard.press("Space")
    dialog.get_by_role("button", name="Report it").click()
    expect(dialog.get_by_role("alert")).to_have_text("Say in a sentence what happened.")
    dialog.get_by_label("What happened").fill("He asks for money.")
    dialog.get_by_role("button", name="Report it").click()
    expect(dialog).to_contain_text("Reported, with what there was to see.")
    dialog.get_by_role("button", name="Stay in the room").click()
    leilas.counted("video", leilas.counted("video") + 10)
    kept = Report.objects.visible_to(leila).get()
    assert [line["text"] for line in kept.evidence["chat"]] == ["Pay me first"]
    expect(amaras.page.locator("#told")).to_be_empty()

    page.get_by_role("link", name="Report Amara").click()
    page.get_by_role("radio", name="Selling something").check()
    page.get_by_role("checkbox", name="And block Amara").check()
    page.get_by_role("dialog", name="Report Amara").get_by_role("button", name="Report it").click()
    expect(amaras.page.locator("#farewell")).to_contain_text("This session is over", timeout=1_500)
    expect(page.get_by_role("status").get_by_text("You and Amara do not meet here any more.")).to_be_visible()
    assert is_blocked(leila, amara)
    assert not [told for told in meeting.complaints if "422" not in told]


def test_who_came_along_since_the_page_was_made_can_be_chosen_and_is_taken_out_by_a_block(meeting, leila, amara):
    (leilas,) = meeting.open(leila, **PHONE)
    leilas.lobby("audio").go_in()
    page, session = leilas.page, meeting.session
    page.locator('[name="tab"][value="agenda"]').check(force=True)
    expect(page.get_by_role("link", name="Report Amara")).to_be_visible()
    kofi, now = PersonFactory(name="Kofi Mensah", org=session.org), clock.now()
    given = {"brought_by": amara, "email": kofi.email, "person": kofi, "asked_at": now, "accepted_at": now}
    Companion.objects.create(org=session.org, session=session, **given)
    (kofis,) = meeting.open(kofi, **PHONE)
    kofis.lobby("audio").go_in()

    page.get_by_role("link", name="Report somebody").click()
    dialog = page.get_by_role("dialog", name="Report somebody")
    page.evaluate(AXE.read_text())
    assert page.evaluate("async () => (await axe.run()).violations.map((each) => each.id)") == []
    assert dialog.locator('[name="about"]:checked').count() == 0
    dialog.get_by_role("radio", name="Kofi Mensah, who came along").check()
    dialog.get_by_role("radio", name="Insulting or threatening").check()
    dialog.get_by_role("checkbox", name="And block them").check()
    dialog.get_by_role("button", name="Report it").click()
    expect(dialog).to_contain_text("You and Kofi do not meet here any more.")
    expect(kofis.page.locator("#farewell")).to_contain_text("You do not come along", timeout=2_000)
    dialog.get_by_role("button", name="Stay in the room").click()
    expect(page.locator("#say")).to_be_attached()
    assert Report.objects.visible_to(leila).get().about == kofi
    assert is_blocked(leila, kofi)
