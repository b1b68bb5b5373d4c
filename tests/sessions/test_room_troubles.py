"""What can go wrong in a room, in real browsers: lost servers, strict networks, blocked devices, second tabs."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session as Login
from playwright.sync_api import expect
from tests.sessions.room_visitors import ROOT

from quarterhour.sessions.models import ChatLine, Notes

pytest_plugins = ["tests.sessions.room_browsers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room in browsers")]

AXE = Path(ROOT) / "node_modules/axe-core/axe.min.js"
BLOCKED = """
navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("no", "NotAllowedError"); };
"""


def test_the_call_goes_on_and_words_are_kept_while_the_realtime_process_dies(meeting, leila, amara):
    leilas, amaras = meeting.open(leila, amara)
    for visitor in (amaras, leilas):
        visitor.lobby().go_in()
    amaras.counted("video", 5)

    meeting.rooms.kill()

    expect(leilas.page.locator("#told")).to_contain_text("The line to our server is interrupted.")
    leilas.page.locator("#notes").press_sequentially("typed meanwhile")
    leilas.page.locator("#say").fill("said meanwhile")
    leilas.page.locator("#say").press("Enter")
    expect(leilas.page.locator("#notes-state")).to_have_text("Kept on this device until you are back.")
    amaras.counted("video", amaras.counted("video") + 10)

    meeting.rooms.start()

    expect(amaras.page.locator("#notes")).to_have_value("typed meanwhile", timeout=10_000)
    expect(amaras.page.locator("#lines")).to_contain_text("said meanwhile", timeout=10_000)
    expect(leilas.page.locator("#told .note")).to_have_count(0)
    assert [v.page.evaluate("window.made") for v in (leilas, amaras)] == [1, 1]
    amaras.counted("video", amaras.counted("video") + 10)
    expect(leilas.page.locator("#notes-state")).to_contain_text("Saved")
    session = meeting.session
    assert Notes.objects.within(session.org_id).get(session=session).text == "typed meanwhile"
    assert ChatLine.objects.within(session.org_id).filter(session=session).count() == 1


def test_notes_survive_a_reload_while_there_is_no_server_to_keep_them(meeting, leila):
    (leilas,) = meeting.open(leila)
    leilas.lobby("chat").go_in()
    meeting.rooms.kill()
    leilas.page.locator("#notes").press_sequentially("not lost")
    expect(leilas.page.locator("#notes-state")).to_have_text("Kept on this device until you are back.")
    leilas.page.wait_for_function("Object.keys(localStorage).some((key) => key.startsWith('quarterhour-notes'))")

    leilas.page.reload()

    expect(leilas.page.locator("#notes")).to_have_value("not lost")
    meeting.rooms.start()
    expect(leilas.page.locator("#notes-state")).to_contain_text("Saved", timeout=10_000)
    assert not leilas.page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('quarterhour-notes'))")


def test_where_networks_allow_no_direct_way_the_relay_carries_the_call_and_the_page_says_so(meeting, leila, amara):
    leilas, amaras = meeting.open(leila, amara, script="window.onlyByRelay = true;")
    for visitor in (leilas, amaras):
        visitor.lobby().go_in()

    leilas.counted("video", 5)
    amaras.counted("audio", 5)

    expect(leilas.page.locator("#quality")).to_contain_text("by our relay", timeout=15_000)


def test_a_blocked_camera_is_told_in_words_and_a_picture_and_one_can_still_look_and_listen(meeting, leila, amara):
    (leilas,) = meeting.open(leila, script=BLOCKED)
    amaras = meeting.open(leila, amara)[1]
    amaras.lobby().go_in()
    leilas.lobby()
    told = leilas.page.locator("#told")
    expect(told).to_contain_text("We cannot hear or see you. The browser blocks microphone and camera.")
    expect(told).to_contain_text("Press the lock beside the address, choose Microphone and Camera, Allow")
    expect(told.locator("svg.address-bar")).to_be_visible()
    expect(leilas.page.locator("#preview-words")).to_have_text("There is no picture of you.")

    leilas.go_in()

    leilas.counted("video", 5)
    leilas.counted("audio", 5)
    expect(leilas.page.locator("#their-picture")).to_be_visible()
    expect(amaras.page.locator("#their-picture")).to_be_hidden()
    leilas.page.locator("#told").get_by_role("button", name="Leave it").click()
    expect(told.locator(".note")).to_have_count(0)


def test_a_shared_screen_takes_the_place_of_the_picture_and_gives_it_back(meeting, leila, amara):
    leilas, amaras = meeting.open(leila, amara)
    for visitor in (leilas, amaras):
        visitor.lobby("audio" if visitor is leilas else "").go_in()
    amaras.counted("audio", 5)
    expect(amaras.page.locator("#their-picture")).to_be_hidden()

    leilas.page.locator("#share").click()

    expect(amaras.page.locator("#their-picture")).to_be_visible()
    expect(amaras.page.locator("#their-picture")).to_have_attribute("data-whole", "")
    amaras.counted("video", 2)
    leilas.page.locator("#share").click()
    expect(amaras.page.locator("#their-picture")).to_be_hidden()


def test_a_second_tab_takes_the_call_and_the_first_says_so_and_stays_away(meeting, leila):
    (leilas,) = meeting.open(leila)
    leilas.lobby("chat").go_in()
    first = leilas.page

    leilas.page = leilas.context.new_page()
    leilas.lobby("chat").go_in()

    expect(first.locator("#farewell")).to_contain_text("The call goes on elsewhere")
    first.wait_for_timeout(1500)
    expect(leilas.page.locator("#farewell")).to_be_hidden()
    clock = first.locator("#left").text_content()
    expect(first.locator("#left")).not_to_have_text(clock)
    first.get_by_role("link", name="Bring the call here").click()
    expect(leilas.page.locator("#farewell")).to_contain_text("The call goes on elsewhere")


def test_once_the_tab_that_took_the_call_is_closed_the_first_says_so(meeting, leila):
    (leilas,) = meeting.open(leila)
    first = leilas.lobby("chat").go_in().page
    leilas.page = leilas.context.new_page()
    leilas.lobby("chat").go_in()
    expect(first.locator("#farewell")).to_contain_text("The call goes on elsewhere")

    leilas.page.close(run_before_unload=True)

    expect(first.locator("#farewell")).to_contain_text("The call waits for you")
    expect(first.locator("#farewell")).not_to_contain_text("goes on")
    first.get_by_role("link", name="Bring the call here").click()
    expect(first.locator("#notes")).to_be_enabled()


def test_three_minutes_before_the_end_both_are_told(meeting, leila, amara):
    leilas, amaras = meeting.starts(minutes=-22, seconds=4).open(leila, amara)
    for visitor in (leilas, amaras):
        visitor.lobby("chat").go_in()

    for visitor in (leilas, amaras):
        expect(visitor.page.locator("#until")).to_have_text("3 minutes: time to commit", timeout=10_000)
        expect(visitor.page.locator("#until")).to_have_attribute("role", "status")
    with leilas.context.expect_page() as opened:
        leilas.page.get_by_role("link", name="Open the card").click()
    expect(opened.value.locator("#insight")).to_be_visible()
    expect(leilas.page.locator("#notes")).to_be_enabled()


def test_when_the_room_closes_the_takeaway_card_opens(meeting, leila):
    (leilas,) = meeting.starts(minutes=-40, seconds=6).open(leila)
    leilas.lobby("chat").go_in()

    expect(leilas.page.locator("#farewell")).to_contain_text("The room has closed", timeout=10_000)

    leilas.page.wait_for_url(re.compile(f"/takeaway/{meeting.session.pk}/"), timeout=6_000)


def test_who_comes_early_is_told_when_and_let_in_without_a_reload(meeting, leila):
    (leilas,) = meeting.starts(minutes=10, seconds=4).open(leila)
    leilas.page.goto(f"{meeting.address}/room/{meeting.session.pk}/")
    expect(leilas.page.get_by_role("main")).to_contain_text("The doors open at")

    leilas.page.get_by_role("link", name="Enter the lobby").click(timeout=8_000)

    expect(leilas.page.get_by_role("link", name="Go in")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_lobby_and_room_are_open_to_everybody(meeting, leila, width, scheme):
    (leilas,) = meeting.open(leila, viewport={"width": width, "height": 800}, color_scheme=scheme)
    leilas.context.add_init_script(path=AXE)
    page = leilas.lobby().page
    found = [page.evaluate("axe.run().then((found) => found.violations.map((each) => each.id))")]

    leilas.go_in()
    found.append(page.evaluate("axe.run().then((found) => found.violations.map((each) => each.id))"))

    assert found == [[], []]
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_whole_way_works_by_keyboard_alone(meeting, leila, amara):
    leilas, amaras = meeting.open(leila, amara)
    amaras.lobby("chat").go_in()
    page = leilas.lobby().page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#enter")).to_be_focused()

    page.keyboard.press("Enter")

    expect(page.locator("#notes")).to_be_enabled()
    expect(page.locator("h1")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "mute"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#hide")).to_have_attribute("aria-pressed", "true")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "notes":
            break
    page.keyboard.type("by keyboard")
    expect(amaras.page.locator("#notes")).to_have_value("by keyboard")
    since = time.monotonic()
    page.keyboard.press("Control+z")
    expect(amaras.page.locator("#notes")).to_have_value("")
    assert time.monotonic() - since < 5


def test_a_long_chat_scrolls_in_its_panel_and_leaves_the_page_as_high_as_the_screen(meeting, leila):
    (leilas,) = meeting.open(leila, viewport={"width": 1280, "height": 900})
    page = leilas.lobby("chat").go_in().page

    for n in range(8):
        page.locator("#say").fill(f"line {n}")
        page.keyboard.press("Enter")
    expect(page.locator("#lines > div")).to_have_count(8)

    assert page.evaluate("[document.documentElement.scrollHeight, document.body.scrollHeight]") == [900, 900]


def test_one_sees_that_the_other_is_muted_and_hears_at_once_that_they_left(meeting, leila, amara):
    leilas, amaras = meeting.open(leila, amara)
    for visitor in (amaras, leilas):
        visitor.lobby().go_in()
    amaras.counted("video", 5)
    expect(amaras.page.locator("#their-mic")).to_be_hidden()

    leilas.page.locator("#mute").click()
    leilas.page.locator("#hide").click()

    expect(amaras.page.locator("#presence")).to_have_text("Leila is here, muted, camera off.")
    expect(amaras.page.locator("#their-mic")).to_be_visible()
    expect(amaras.page.locator("#their-camera")).to_be_visible()
    leilas.page.get_by_role("link", name="Leave", exact=True).click()
    leilas.page.get_by_role("link", name="Leave now").click()
    expect(amaras.page.locator("#presence")).to_contain_text("Leila has left", timeout=1_000)
    amaras.page.wait_for_timeout(6_000)
    expect(amaras.page.locator("#told")).to_be_empty()
    expect(amaras.page.locator("#their-mic")).to_be_hidden()


def test_whoever_signs_out_in_another_tab_leaves_no_words_behind_and_finds_the_way_back(meeting, leila):
    (leilas,) = meeting.open(leila)
    page = leilas.lobby("chat").go_in().page
    page.locator("#notes").press_sequentially("between us two")
    page.locator("#say").fill("only for you")
    page.locator("#say").press("Enter")
    expect(page.locator("#lines")).to_contain_text("only for you")
    expect(page.locator("#notes-state")).to_contain_text("Saved")

    leilas.context.clear_cookies()
    Login.objects.all().delete()

    expect(page.locator("#farewell")).to_contain_text("You are signed out", timeout=10_000)
    held = page.evaluate("document.body.textContent + [...document.querySelectorAll('textarea')].map((a) => a.value)")
    assert "between us two" not in held
    assert "only for you" not in held
    page.get_by_role("link", name="Sign in and come back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("So that they know who is asking")
    expect(page.locator('[name="next"]').first).to_have_value(f"/room/{meeting.session.pk}/")


def test_a_card_that_was_sent_after_signing_out_waits_until_one_is_back(meeting, leila):
    (leilas,) = meeting.open(leila)
    page = leilas.page
    card = f"{meeting.address}/takeaway/{meeting.session.pk}/"
    page.goto(card)
    page.locator("#insight").fill("A lead role can be a trial")
    known = leilas.context.cookies()
    leilas.context.clear_cookies(name="session")

    page.get_by_role("button", name="Keep this").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("So that they know who is asking")
    page.goto(meeting.address)  # whatever lies on the way back
    leilas.context.add_cookies([each for each in known if each["name"] == "session"])
    page.goto(card)
    expect(page.locator("#insight")).to_have_value("A lead role can be a trial")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kept")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('draft'))") == []
