"""The lobby and the room on a phone: picture, controls, time and notes stand together, the keyboard open or not."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.sessions.room_visitors import ROOT

pytest_plugins = ["tests.sessions.room_browsers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room in browsers")]

AXE = ROOT / "node_modules/axe-core/axe.min.js"
PHONE = {"viewport": {"width": 390, "height": 667}, "has_touch": True, "is_mobile": True}
BARE = """
navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("none", "NotFoundError"); };
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) window.shifts += each.value;
}).observe({ type: "layout-shift", buffered: true });
"""
ROOM_TO_WRITE = "document.querySelector('#notes').clientHeight >= 70"
NOTHING_TO_SCROLL = "document.documentElement.scrollHeight <= innerHeight"


def in_sight(page, *selectors) -> None:
    for selector in selectors:
        expect(page.locator(selector)).to_be_in_viewport(ratio=0.99)


def test_everything_stands_together_without_a_device_and_above_a_keyboard(meeting, leila):
    leilas = meeting.open(leila, script=BARE, **PHONE)[0]
    page = leilas.lobby().page
    expect(page.locator("#told .note")).to_have_count(1)
    expect(page.locator("#told")).to_contain_text("There is no microphone and no camera connected")
    in_sight(page, "#enter")
    leilas.go_in()
    expect(page.locator("#told")).to_contain_text("We cannot hear or see you.")
    in_sight(page, "#leave", "#notes", "#timer")
    page.evaluate(AXE.read_text())
    assert page.evaluate("async () => (await axe.run()).violations.map((each) => each.id)") == []

    page.reload()
    expect(page.locator("#notes")).to_be_enabled()
    expect(page.locator("#told .note")).to_have_count(1)
    expect(page.locator("#notes-state")).to_be_empty()
    assert page.evaluate("window.shifts") < 0.02
    page.locator("#notes").fill("A")
    expect(page.locator("#notes-state")).to_contain_text("Saved")

    page.set_viewport_size({"width": 390, "height": 400})
    in_sight(page, "#leave", "#notes", "#left", "#presence")
    page.wait_for_function(ROOM_TO_WRITE)
    page.locator('[name="tab"][value="chat"]').check(force=True)
    in_sight(page, "#leave", "#say")
    page.wait_for_function(NOTHING_TO_SCROLL)
    assert meeting.complaints == []


def test_on_its_side_everything_can_be_read_and_pressed(meeting, leila):
    lying = PHONE | {"viewport": {"width": 844, "height": 390}}
    page = meeting.open(leila, script=BARE, **lying)[0].lobby().go_in().page
    expect(page.locator("#notes")).to_be_enabled()
    in_sight(page, "#mute", "#leave", ".tabs", "#timer", "#notes")
    page.wait_for_function("document.querySelector('.tabs').getBoundingClientRect().height >= 36")
    page.wait_for_function(
        "[...document.querySelectorAll('.control')].every((each) => each.scrollWidth <= each.clientWidth)"
    )
    page.locator('[name="tab"][value="chat"]').check(force=True)
    in_sight(page, "#leave", "#say")
