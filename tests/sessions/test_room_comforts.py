"""A small window, a speaker of one's choice, and a blurred background, where the browser has them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytest_plugins = ["tests.sessions.room_browsers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room in browsers")]

# What a browser with two speakers and an able camera would say; the room's own part is real.
# A Chromium without a screen ends its page where a small window is asked for beside a call.
SMALL_WINDOW = """
let out = null;
Object.defineProperty(document, "pictureInPictureEnabled", { get: () => true });
Object.defineProperty(document, "pictureInPictureElement", { get: () => out });
HTMLVideoElement.prototype.requestPictureInPicture = async function () { out = this; };
document.exitPictureInPicture = async () => { out = null; };
"""
SPEAKERS = """
const all = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
navigator.mediaDevices.enumerateDevices = async () => [
  ...(await all()).filter(({ kind }) => kind !== "audiooutput"),
  { kind: "audiooutput", deviceId: "desk", label: "On the desk" },
];
window.heardBy = [];
HTMLMediaElement.prototype.setSinkId = AudioContext.prototype.setSinkId = async (id) => { window.heardBy.push(id); };
"""
BLUR = """
window.blurred = [];
MediaStreamTrack.prototype.getCapabilities = () => ({ backgroundBlur: [false, true] });
MediaStreamTrack.prototype.applyConstraints = async ({ backgroundBlur }) => { window.blurred.push(backgroundBlur); };
"""


def test_the_others_picture_floats_while_there_is_one(meeting, leila, amara):
    leilas, amaras = meeting.open(leila, amara, script=SMALL_WINDOW)
    amaras.lobby().go_in()
    leilas.lobby()
    leilas.go_in()
    leilas.counted("video", 3)
    small = leilas.page.get_by_role("button", name="Small window")
    small.click()
    expect(small).to_have_attribute("aria-pressed", "true")
    small.click()
    expect(small).to_have_attribute("aria-pressed", "false")

    small.click()
    amaras.page.locator("#hide").click()

    button = leilas.page.locator("#float")
    expect(button).to_be_hidden()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert meeting.complaints == []


def test_a_speaker_is_chosen_in_the_lobby_and_heard_in_the_room(meeting, leila, amara):
    leilas, amaras = meeting.open(leila, amara, script=SPEAKERS)
    amaras.lobby().go_in()
    leilas.lobby()
    leilas.page.get_by_label("Speaker").select_option("desk")
    expect(leilas.page.get_by_label("Speaker")).to_have_value("desk")
    leilas.page.wait_for_function("window.heardBy.length === 1")

    leilas.go_in()
    leilas.counted("video", 3)
    heard_by = leilas.page.evaluate("window.heardBy")
    assert len(heard_by) > 1
    assert set(heard_by) == {"desk"}


def test_what_is_behind_somebody_is_blurred_where_the_camera_can(meeting, leila):
    (leilas,) = meeting.open(leila, script=BLUR)
    leilas.lobby()
    box = leilas.page.get_by_label("Blur what is behind me")
    box.check()
    leilas.page.wait_for_function("window.blurred.at(-1) === true")
    leilas.page.reload()

    expect(box).to_be_checked()
    leilas.page.wait_for_function("window.blurred.at(-1) === true")
    box.uncheck()
    leilas.page.wait_for_function("window.blurred.at(-1) === false")


def test_what_a_browser_cannot_do_is_not_offered(meeting, leila, amara):
    script = "Object.defineProperty(document, 'pictureInPictureEnabled', { get: () => false });"
    script += "delete HTMLMediaElement.prototype.setSinkId; MediaStreamTrack.prototype.getCapabilities = () => ({});"
    leilas, amaras = meeting.open(leila, amara, script=script)
    amaras.lobby().go_in()
    leilas.lobby()
    expect(leilas.page.locator("#network")).to_contain_text("Your network", timeout=15_000)
    expect(leilas.page.get_by_label("Speaker")).to_be_hidden()
    expect(leilas.page.get_by_label("Blur what is behind me")).to_be_hidden()

    leilas.go_in()
    leilas.counted("video", 3)
    expect(leilas.page.get_by_role("button", name="Small window")).to_be_hidden()


def test_the_mark_asks_before_it_leaves_a_session(meeting, leila):
    mine = meeting.open(leila)[0].lobby("chat").go_in()
    mark = mine.page.get_by_role("link", name="leave the room to my sessions")
    asks = mine.page.get_by_role("dialog", name="Leave the room?")
    mark.click()
    expect(asks).to_be_visible()
    asks.get_by_role("button", name="Stay").click()
    expect(asks).to_be_hidden()
    expect(mark).to_be_focused()
    expect(mine.page).to_have_url(re.compile(r"/in/$"))
