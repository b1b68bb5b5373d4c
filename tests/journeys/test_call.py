"""Leila and Amara meet: two browsers, one lobby each, a call, notes, chat, a reload, and a way out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.live_server import wait_for
from tests.sessions.room_visitors import COUNT

from quarterhour.core import clock
from quarterhour.sessions import services
from quarterhour.sessions.models import AttendanceEvent, ChatLine, Notes

# What goes first where the line is narrow.
FIRST = """() => Object.fromEntries(
  window.pc.getSenders().map((sender) => [sender.track.kind, sender.getParameters().encodings[0].priority])
)"""

pytest_plugins = ["tests.sessions.room_browsers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room in browsers")]


def test_two_browsers_see_hear_write_and_survive_a_reload(meeting, leila, amara):
    leilas, amaras = meeting.open(leila, amara)
    leilas.lobby()
    expect(leilas.page.locator("#preview")).to_be_visible()
    expect(leilas.page.locator("#presence")).to_have_text("Amara is not here yet.")
    amaras.lobby().go_in()
    expect(leilas.page.locator("#presence")).to_have_text("Amara is here.")

    leilas.go_in()

    for visitor in (leilas, amaras):
        visitor.counted("video", 5)
        visitor.counted("audio", 5)
        expect(visitor.page.locator("#their-picture")).to_be_visible()
        expect(visitor.page.locator("#theirs[data-speaks]")).to_have_count(1, timeout=10_000)  # the device beeps
        assert visitor.page.evaluate(FIRST) == {"audio": "high", "video": "low"}
    assert leilas.page.url.endswith("/in/")
    figures = [v.page.locator("#left").inner_text() for v in (leilas, amaras)]
    seconds = [int(m) * 60 + int(s) for m, s in (f.split(":") for f in figures)]
    assert abs(seconds[0] - seconds[1]) <= 1
    expect(leilas.page.locator("#agenda [aria-current]")).to_contain_text("Dig")

    leilas.page.locator("#notes").press_sequentially("Fear is losing Tuesdays")
    expect(amaras.page.locator("#notes")).to_have_value("Fear is losing Tuesdays")
    amaras.page.locator("#notes").press("End")
    amaras.page.locator("#notes").press_sequentially(" & naïve 🙂 plans")
    expect(leilas.page.locator("#notes")).to_have_value("Fear is losing Tuesdays & naïve 🙂 plans")
    amaras.page.locator("#say").fill("The letter: https://town.example/lead.pdf. Read it!")
    amaras.page.locator("#say").press("Enter")
    expect(leilas.page.locator("#lines a")).to_have_attribute("href", "https://town.example/lead.pdf")

    leilas.page.reload()

    expect(leilas.page.locator("#notes")).to_have_value("Fear is losing Tuesdays & naïve 🙂 plans")
    expect(leilas.page.locator("#lines")).to_contain_text("The letter")
    leilas.counted("video", 5)
    seen = amaras.counted("video", 0)
    amaras.counted("video", seen + 5)

    leilas.page.locator("h1").click()
    leilas.page.keyboard.press("m")
    leilas.page.keyboard.press("v")
    expect(leilas.page.locator("#mute")).to_have_attribute("aria-pressed", "true")
    expect(amaras.page.locator("#their-picture")).to_be_hidden()
    leilas.page.keyboard.press("v")
    expect(amaras.page.locator("#their-picture")).to_be_visible()

    leilas.page.get_by_role("link", name="Leave", exact=True).click()
    leilas.page.get_by_role("link", name="Leave now").click()

    expect(amaras.page.locator("#presence")).to_contain_text("Leila has left")
    session = meeting.session
    assert ChatLine.objects.within(session.org_id).filter(session=session).count() == 1
    assert Notes.objects.within(session.org_id).get(session=session).text == "Fear is losing Tuesdays & naïve 🙂 plans"
    log = AttendanceEvent.objects.within(session.org_id).filter(session=session, person=leila).order_by("at", "pk")
    once = ["waiting", "joined", "media_connected", "left"]
    # The other side hears of it before it is written down.
    wait_for(lambda: list(log.values_list("kind", flat=True)) == once * 2, lambda: str(log.values_list("kind")))
    assert meeting.complaints == []


def test_sound_only_and_writing_need_no_camera(meeting, leila, amara):
    leilas, amaras = meeting.open(leila, amara, viewport={"width": 390, "height": 844})
    amaras.lobby().go_in()
    leilas.lobby("audio")
    expect(leilas.page.locator("#camera-field")).to_be_hidden()

    leilas.go_in()

    leilas.counted("audio", 5)
    amaras.counted("audio", 5)
    assert leilas.page.evaluate(COUNT, "video") == 0
    expect(amaras.page.locator("#presence")).to_have_text("Leila is here by sound only.")
    expect(leilas.page.locator("#theirs .avatar")).to_be_visible()

    leilas.lobby("chat").go_in()

    expect(amaras.page.locator("#presence")).to_have_text("Leila is here in writing.")
    expect(leilas.page.locator("#mute")).to_be_hidden()
    leilas.page.get_by_text("Chat", exact=False).locator("visible=true").first.click()
    leilas.page.locator("#say").fill("I can read, not talk, on this train")
    leilas.page.get_by_role("button", name="Send").click()
    expect(amaras.page.locator("#unread")).to_contain_text("1")
    assert leilas.page.evaluate("document.documentElement.scrollWidth") == 390
    assert meeting.complaints == []


def test_releasing_it_ends_the_call_in_words(meeting, leila, amara):
    leilas, amaras = meeting.open(leila, amara)
    leilas.lobby("chat").go_in()
    amaras.lobby("chat").go_in()

    services.cancel(session=meeting.session, by=leila, now=clock.now())

    for visitor in (leilas, amaras):
        expect(visitor.page.locator("#farewell")).to_contain_text("This session was released", timeout=1500)
        expect(visitor.page.locator("#farewell")).to_be_focused()
    leilas.page.get_by_role("link", name="See what happened").click()
    expect(leilas.page.get_by_role("heading", level=1)).to_have_text("This session was released.")
    assert meeting.complaints == []
