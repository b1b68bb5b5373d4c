"""A browser in the room with somebody who is none: another implementation, and one who sends nonsense."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.sessions.room_server import END_WITH_PARENT, Tab

from quarterhour.core import clock
from quarterhour.sessions.room import tickets

pytest_plugins = ["tests.sessions.room_browsers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room in browsers")]

SDP = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
NONSENSE = [
    {},
    {"description": None, "candidate": None},
    {"description": {"type": "offer", "sdp": ""}},
    {"description": {"type": "offer", "sdp": "x" * 60_000}},
    {"description": {"type": "offer", "sdp": SDP + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" * 900}},
    {"description": {"type": "answer", "sdp": SDP}},
    {"description": {"type": "dance", "sdp": SDP}},
    {"description": "offer"},
    {"description": {"type": "rollback"}},
    {"candidate": {"candidate": "candidate:x", "sdpMid": "9", "sdpMLineIndex": 99}},
    {"candidate": {"candidate": "c" * 60_000, "sdpMid": "0"}},
    {"candidate": 7},
    {"again": {"again": [[[]]]}},
]  # fmt: skip


def test_another_implementation_of_webrtc_sees_hears_and_is_seen(meeting, leila, amara):
    amaras = meeting.open(amara)[0]
    amaras.lobby().go_in()
    ticket = tickets.make(person=leila, session_id=meeting.session.pk, now=clock.now())
    socket = f"ws://127.0.0.1:{meeting.rooms.port}/room/{meeting.session.pk}"
    peer = [sys.executable, str(Path(__file__).parent / "room_peer.py"), socket, ticket, meeting.address]
    with subprocess.Popen([sys.executable, "-c", END_WITH_PARENT, *peer], stdout=subprocess.PIPE, text=True) as aiortc:
        try:
            amaras.counted("video", 10)
            amaras.counted("audio", 10)
            expect(amaras.page.locator("#their-picture")).to_be_visible()
            heard = {}
            while set(heard) != {"video", "audio"}:
                told = json.loads(aiortc.stdout.readline())
                heard[told["kind"]] = told
        finally:
            aiortc.kill()

    assert heard["video"]["seen"] >= 10
    assert heard["video"]["size"][0] >= 160
    assert heard["audio"]["size"] == [48_000]
    expect(amaras.page.locator("#presence")).to_contain_text("Leila", timeout=10_000)
    assert meeting.complaints == []


def test_signals_that_make_no_sense_leave_the_room_usable_and_the_real_one_gets_through(meeting, leila, amara):
    amaras = meeting.open(amara)[0]
    amaras.lobby().go_in()
    stranger = Tab(meeting.rooms, meeting.session, leila, origin=meeting.address).enter("video")
    there = stranger.hear_until(lambda m: m["t"] == "signal")["from"]  # she offers to whoever comes
    for data in NONSENSE:
        stranger.say(t="signal", to=there, data=data)
    stranger.chat("and still we can write")

    expect(amaras.page.locator("#lines")).to_contain_text("and still we can write")
    amaras.page.locator("#notes").press_sequentially("so we do")
    assert stranger.read_until("so we do") == "so we do"
    assert meeting.complaints == []

    leilas = meeting.open(leila)[0]
    leilas.lobby().go_in()

    leilas.counted("video", 5)
    amaras.counted("audio", 5)
    expect(leilas.page.locator("#notes")).to_have_value("so we do")
    assert stranger.goodbye()["closed_with"] == 4409
    stranger.close()
