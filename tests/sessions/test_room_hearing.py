"""Where a browser cannot write down, a server the operator named does: only while both want it, and told to both."""

from __future__ import annotations

import time

import pytest
from django.test import override_settings
from playwright.sync_api import expect
from tests.sessions.room_server import PagesServer, RealtimeServer, Tab, free_port
from tests.sessions.speech_server import SpeechServer

from quarterhour.config import env
from quarterhour.core.errors import QuarterhourError
from quarterhour.sessions.models import SpokenLine
from quarterhour.sessions.room import hearing

pytest_plugins = ["tests.sessions.room_browsers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room in browsers")]

NO_SPEECH = "window.SpeechRecognition = window.webkitSpeechRecognition = undefined;"
WEBM = b"Sw" + b"\x1aE\xdf\xa3sound"


@pytest.fixture(scope="module")
def speech():
    server = SpeechServer()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def quiet(speech):
    speech.heard.clear()
    speech.says[:] = []
    speech.waits.set()


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, speech):
    """The pages and the room, told of a server on this machine that writes down."""
    pages, rooms = free_port(), free_port()
    address = f"http://localhost:{pages}"
    given = {"QUARTERHOUR_URL": address, "QUARTERHOUR_REALTIME_URL": f"ws://localhost:{rooms}"}
    given |= {"QUARTERHOUR_CAPTIONS_URL": speech.address, "QUARTERHOUR_CAPTIONS_KEY": "k"}
    given |= {"QUARTERHOUR_FETCH_ALLOWED": "127.0.0.0/8"}
    servers = [PagesServer(pages, **given), RealtimeServer(rooms, **given)]
    with django_db_blocker.unblock():
        try:
            for server in servers:
                server.start()
            yield address, servers[1]
        finally:
            for server in servers:
                server.stop()


@pytest.fixture
def two(site, meeting, leila, amara):
    address, rooms = site
    tabs = [Tab(rooms, meeting.session, person, origin=address).enter() for person in (leila, amara)]
    yield tabs
    for tab in tabs:
        tab.close()
    rooms.wait_until_quiet()


def agree(leilas, amaras) -> None:
    leilas.say(t="captions", answer="ask")
    amaras.hear_until(lambda m: m["t"] == "captions" and m["state"] == "asked")
    amaras.say(t="captions", answer="yes")
    leilas.hear_until(lambda m: m["t"] == "captions" and m["state"] == "on")


def until(speech, pieces: int) -> None:
    give_up = time.monotonic() + 5
    while len(speech.heard) < pieces:
        assert time.monotonic() < give_up, f"{len(speech.heard)} of {pieces} pieces of sound"
        time.sleep(0.01)


def answered(tab) -> None:
    """Whatever this tab said before has been dealt with."""
    tab.say(t="ping", asked=1)
    tab.hear("pong")


def spoken(session) -> list[str]:
    rows = SpokenLine.objects.within(session.org_id).filter(session=session).order_by("at", "pk")
    return list(rows.values_list("text", flat=True))


def test_no_sound_leaves_the_room_before_both_agreed_and_none_after_either_stopped(two, speech, meeting):
    leilas, amaras = two
    speech.says[:] = ["Ask for a review date."]
    leilas.socket.send(WEBM)
    leilas.say(t="captions", answer="ask")
    leilas.socket.send(WEBM)
    answered(leilas)
    assert speech.heard == []

    leilas.say(t="captions", answer="off")
    amaras.hear_until(lambda m: m["t"] == "captions" and m["state"] == "off" and m["by"])
    agree(leilas, amaras)
    leilas.socket.send(WEBM)
    assert amaras.hear("said")["text"] == "Ask for a review date."
    assert [(each["kind"], each["name"], each["sound"], each["key"], each["model"]) for each in speech.heard] == [
        ("audio/webm", "speech.webm", WEBM[2:], "Bearer k", "whisper-1")
    ]
    amaras.say(t="captions", answer="off")
    leilas.hear_until(lambda m: m["t"] == "captions" and m["state"] == "off")
    leilas.socket.send(WEBM)
    answered(leilas)
    assert len(speech.heard) == 1
    assert spoken(meeting.session) == ["Ask for a review date."]


def test_what_is_answered_after_the_stop_is_thrown_away_even_if_both_agree_anew(two, speech, meeting):
    leilas, amaras = two
    speech.says[:] = ["never kept", "kept"]
    agree(leilas, amaras)
    speech.waits.clear()
    leilas.socket.send(WEBM)
    until(speech, 1)
    amaras.say(t="captions", answer="off")
    leilas.hear_until(lambda m: m["t"] == "captions" and m["state"] == "off")
    agree(leilas, amaras)
    speech.waits.set()
    leilas.socket.send(WEBM)
    assert amaras.hear("said")["text"] == "kept"
    assert spoken(meeting.session) == ["kept"]


def test_nobody_is_written_down_alone_and_a_server_that_fails_is_told_of(two, speech):
    leilas, amaras = two
    speech.says[:] = [503]
    agree(leilas, amaras)
    leilas.socket.send(WEBM)
    leilas.hear_until(lambda m: m["t"] == "captions" and m["state"] == "unheard")
    amaras.say(t="leave")
    leilas.hear_until(lambda m: m["t"] == "presence" and m["left"])
    leilas.socket.send(WEBM)
    answered(leilas)
    assert len(speech.heard) == 1


@pytest.mark.parametrize(("frame", "code"), [(b"Sx1", 4400), (b"Sw", 4400), (b"Sw" + b"0" * 200_001, 4413)])
def test_what_is_no_sound_ends_that_tab_alone(two, frame, code):
    leilas, amaras = two
    leilas.socket.send(frame)
    assert leilas.goodbye()["closed_with"] == code
    answered(amaras)


def test_both_read_where_the_sound_goes_before_they_agree(meeting, speech, leila, amara):
    speech.says[:] = ["I hear a tone."] * 50
    leilas, amaras = meeting.open(leila, amara, script=NO_SPEECH)
    for visitor in (leilas, amaras):
        visitor.lobby("audio")
        expect(visitor.page.locator(".side")).to_contain_text("or else what you say passes our server to 127.0.0.1")
        visitor.go_in()
    leilas.page.get_by_role("button", name="Captions").click()
    for visitor in (leilas, amaras):
        expect(visitor.page.locator("#told")).to_contain_text("it sends the sound through our server to 127.0.0.1")
    assert speech.heard == []
    amaras.page.get_by_role("button", name="Yes, write it down").click()
    expect(leilas.page.locator("#told")).to_contain_text("What you say is sent to 127.0.0.1 as sound")
    expect(amaras.page.locator("#said div")).to_contain_text("I hear a tone.", timeout=15_000)
    assert speech.heard[0]["sound"].startswith(b"\x1aE\xdf\xa3")  # a whole file of its own: Matroska's first bytes

    leilas.page.locator("#told").get_by_role("button", name="Stop", exact=True).click()
    expect(amaras.page.locator("#told")).to_contain_text("Leila ended the captions.")
    expect(amaras.page.locator("#captions")).to_have_attribute("aria-pressed", "false")
    sent = len(speech.heard)
    leilas.page.wait_for_timeout(2_000)
    assert len(speech.heard) == sent
    assert meeting.complaints == []


# --- without a room ------------------------------------------------------------------------------------


def test_an_address_on_this_machine_wants_the_operator_s_word(speech):
    with override_settings(CAPTIONS_URL=speech.address, FETCH_ALLOWED=()), pytest.raises(QuarterhourError):
        hearing.words_of(b"sound", ("audio/webm", "webm"))
    assert speech.heard == []


def test_it_is_off_unless_somebody_is_named():
    assert env.read_settings({})["QUARTERHOUR_CAPTIONS_URL"] == ""
    with override_settings(CAPTIONS_URL=""):
        assert hearing.host() == ""
