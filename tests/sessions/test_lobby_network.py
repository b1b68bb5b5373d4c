"""What the lobby finds out about the way of picture and sound, in a real browser, beside a real coturn."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import expect

pytest_plugins = ["tests.sessions.room_browsers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room in browsers")]
coturn_here = pytest.mark.skipif(not shutil.which("turnserver"), reason="coturn is not installed")


@coturn_here
def test_the_lobby_says_whether_the_network_lets_picture_and_sound_through(meeting, leila, amara):
    (leilas,) = meeting.open(leila)
    leilas.lobby()
    expect(leilas.page.locator("#network")).to_have_text("Your network lets picture and sound through.", timeout=15_000)

    strict = meeting.open(leila, script="window.onlyByRelay = true;")[-1]
    strict.lobby()
    expect(strict.page.locator("#network")).to_contain_text("take our relay, and it answers", timeout=15_000)
    assert meeting.complaints == []


def test_a_browser_that_makes_no_calls_is_told_so(meeting, leila):
    (leilas,) = meeting.open(leila, script="delete window.RTCPeerConnection;")
    leilas.lobby()
    expect(leilas.page.locator("#network")).to_contain_text("finds no way", timeout=15_000)
