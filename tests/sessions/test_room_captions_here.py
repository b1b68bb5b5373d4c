"""This machine writes down itself: two people speak into their browsers, and each reads what the other one said."""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import wave
from contextlib import suppress

import pytest
from django.test import override_settings
from playwright.sync_api import expect, sync_playwright
from tests.sessions.room_server import END_WITH_PARENT, PagesServer, RealtimeServer, free_port
from tests.sessions.room_visitors import FLAGS
from tests.speech import as_opus, spoken

from quarterhour.advice import queries
from quarterhour.config import captions
from quarterhour.core.errors import QuarterhourError
from quarterhour.sessions.room import hearing
from quarterhour.web.operate.checks import checks

pytest_plugins = ["tests.sessions.room_browsers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room in browsers")]

NO_SPEECH = "window.SpeechRecognition = window.webkitSpeechRecognition = undefined;"
ASKS, ADVISES = "How do I get my deposit back?", "I would write to the landlord before Friday."


def two_free_ports() -> int:
    """A port for pages, with the one for captions, two further on, free as well."""
    while True:
        pages = free_port()
        with socket.socket() as probe, suppress(OSError):
            probe.bind((captions.HOST, captions.port_beside(pages)))
            return pages


def with_pauses(wav: bytes) -> bytes:
    """Two seconds of silence behind it: the browser's fake microphone begins it again and again."""
    out = io.BytesIO()
    with wave.open(io.BytesIO(wav)) as given, wave.open(out, "wb") as file:
        file.setparams(given.getparams())
        file.writeframes(given.readframes(1_000_000) + bytes(2 * given.getframerate() * given.getsampwidth()))
    return out.getvalue()


def wait_until_ready(port: int) -> None:
    give_up = time.monotonic() + 30
    while True:
        with suppress(OSError), urllib.request.urlopen(f"http://{captions.HOST}:{port}/", timeout=2):
            return
        assert time.monotonic() < give_up, "the captions are not ready after 30 s"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def pages_port():
    return two_free_ports()


@pytest.fixture(scope="module")
def writer(pages_port):
    """The process that writes down, as it is served."""
    port = captions.port_beside(pages_port)
    command = [sys.executable, "-c", END_WITH_PARENT, *captions.command(port)]
    with subprocess.Popen(command) as process:  # `site` waits for it, while the others start
        try:
            yield port
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, pages_port, writer):
    rooms = free_port()
    address = f"http://localhost:{pages_port}"
    given = {"QUARTERHOUR_URL": address, "QUARTERHOUR_REALTIME_URL": f"ws://localhost:{rooms}"}
    given |= {"QUARTERHOUR_CAPTIONS_URL": "local", "QUARTERHOUR_FETCH_ALLOWED": ""}
    servers = [PagesServer(pages_port, **given), RealtimeServer(rooms, **given)]
    with django_db_blocker.unblock():
        try:
            for server in servers:
                server.start()
            wait_until_ready(writer)
            yield address, servers[1]
        finally:
            for server in servers:
                server.stop()


@pytest.fixture(scope="module")
def chromiums(tmp_path_factory):
    """Two browsers, each with somebody who says one sentence into its microphone."""
    folder = tmp_path_factory.mktemp("voices")
    with sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # as in room_browsers.py
        browsers = []
        for name, words in (("asks", ASKS), ("advises", ADVISES)):
            voice = folder / f"{name}.wav"
            voice.write_bytes(with_pauses(spoken(words)))
            flags = [*FLAGS, f"--use-file-for-fake-audio-capture={voice}"]
            browsers.append(playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags))
        yield browsers
        for browser in browsers:
            browser.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def test_two_who_agree_read_what_the_other_one_says_and_find_it_for_their_card(meeting, leila, amara):
    leilas, amaras = meeting.open(leila, amara, script=NO_SPEECH)
    for visitor in (leilas, amaras):
        visitor.lobby("audio")
        expect(visitor.page.locator(".side")).to_contain_text("by this service itself, on its own machine, in English")
        visitor.go_in()
    leilas.page.get_by_role("button", name="Captions").click()
    for visitor in (leilas, amaras):
        expect(visitor.page.locator("#told")).to_contain_text("this service, which writes it down itself")
    amaras.page.get_by_role("button", name="Yes, write it down").click()
    expect(leilas.page.locator("#told")).to_contain_text("What you say is sent to this service as sound")

    expect(leilas.page.locator("#said div")).to_contain_text("landlord", timeout=40_000)
    expect(amaras.page.locator("#said div")).to_contain_text("deposit", timeout=40_000)

    leilas.page.locator("#told").get_by_role("button", name="Stop", exact=True).click()
    expect(amaras.page.locator("#told")).to_contain_text("Leila ended the captions.")
    written = queries.written_in(meeting.session, visible_to=amara)
    assert any(said.who == "mentor" and "landlord" in said.text for said in written.spoken)
    assert any(said.who == "mentee" and "deposit" in said.text for said in written.spoken)
    assert meeting.complaints == []


# --- without a room ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("languages", "offered"), [(["en", "de"], True), (["de"], False)])
def test_it_is_offered_to_whoever_may_talk_in_english(client, meeting, leila, languages, offered):
    meeting.need.languages = languages
    meeting.need.save()
    client.force_login(leila)
    with override_settings(CAPTIONS_LOCAL=True, CAPTIONS_URL=captions.address(captions.PORT)):
        page = client.get(f"/room/{meeting.session.pk}/").content.decode()
    assert ("by this service itself" in page) is offered
    assert f'"hearsHere": {"true" if offered else "false"}' in page


def own(port: int) -> override_settings:
    return override_settings(CAPTIONS_LOCAL=True, CAPTIONS_URL=captions.address(port), FETCH_ALLOWED=())


def of_captions() -> tuple[bool, str]:
    (found,) = [check for check in checks() if check.name == "captions"]
    return found.well, found.told


def test_the_process_of_this_machine_needs_no_other_word_of_the_operator(writer):
    sound = as_opus(spoken(ADVISES)), ("audio/webm", "webm")
    with own(writer):
        assert hearing.host() == ""
        assert "landlord" in hearing.words_of(*sound)
    with override_settings(CAPTIONS_URL=captions.address(writer), FETCH_ALLOWED=()), pytest.raises(QuarterhourError):
        hearing.words_of(*sound)
    with own(writer), override_settings(CAPTIONS_URL="http://127.0.0.2:8102/"), pytest.raises(QuarterhourError):
        hearing.words_of(*sound)


def test_the_health_page_says_whether_it_answers(writer):
    with own(writer):
        assert of_captions() == (True, "this machine writes them down, in English")
    with own(free_port()):
        assert of_captions() == (False, "the process that writes down does not answer on this machine")
    with override_settings(CAPTIONS_LOCAL=False, CAPTIONS_URL="https://x.example/v1/audio/transcriptions"):
        assert of_captions() == (True, "on people's devices, or by x.example")


def test_what_dies_inside_ends_the_process_so_that_it_is_started_again():
    port = free_port()
    with subprocess.Popen([sys.executable, "-c", END_WITH_PARENT, *captions.command(port)]) as process:
        try:
            wait_until_ready(port)
            children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True)
            for child in children.stdout.split():
                os.kill(int(child), 9)
            assert process.wait(20) is not None
        finally:
            process.kill()
