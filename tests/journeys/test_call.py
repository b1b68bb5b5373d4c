"""Leila and Amara meet: two browsers, one lobby each, a call, notes, chat, a reload, and a way out."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright
from tests.factories import make_session
from tests.sessions.room_server import PagesServer, RealtimeServer, free_port

from quarterhour.core import clock
from quarterhour.sessions import services
from quarterhour.sessions.models import AttendanceEvent, ChatLine, Notes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("chromium"), reason="needs Chromium"),
]

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "src/quarterhour/web/static/built/room.js"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
DEVICES = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]

# What the browser counts, of the peer connection the page made last.
WATCH = """
const Real = RTCPeerConnection;
window.RTCPeerConnection = class extends Real { constructor(...given) { super(...given); window.pc = this; window.made = (window.made ?? 0) + 1; } };
"""
COUNT = """async (kind) => {
  if (!window.pc) return 0;
  const all = [...(await window.pc.getStats()).values()].filter((each) => each.type === "inbound-rtp" && each.kind === kind);
  return all.reduce((sum, each) => sum + (kind === "video" ? each.framesDecoded ?? 0 : each.packetsReceived ?? 0), 0);
}"""


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """The pages and the room on free ports, with the scripts built."""
    if not BUILT.exists():
        subprocess.run(["node", "frontend/build.mjs"], cwd=ROOT, check=True)
    pages, rooms = free_port(), free_port()
    address = f"http://localhost:{pages}"
    given = {"QUARTERHOUR_URL": address, "QUARTERHOUR_REALTIME_URL": f"ws://localhost:{rooms}"}
    with django_db_blocker.unblock():
        servers = [PagesServer(pages, **given).start(), RealtimeServer(rooms, **given).start()]
    yield address, servers[1]
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def chromiums():
    """Two browsers, as two people have them."""
    with sync_playwright() as playwright:
        # Playwright's loop runs in this thread; Django is told that nobody awaits it here.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        launch = lambda: playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET + DEVICES)  # noqa: E731
        browsers = [launch(), launch()]
        yield browsers
        for browser in browsers:
            browser.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Visitor:
    """One person at their browser, who notes every complaint of the console."""

    def __init__(self, browser, address: str, session, person, **how) -> None:
        self.address, self.session, self.person, self.complaints = address, session, person, []
        self.context = browser.new_context(**how)
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": "session", "value": cookie, "url": address}])
        self.context.add_init_script(WATCH)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda m: m.type in {"error", "warning"} and self.complaints.append(m.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def lobby(self, mode: str = "") -> Visitor:
        self.page.goto(f"{self.address}/room/{self.session.pk}/")
        if mode:
            self.page.locator(f'[name="mode"][value="{mode}"]').check(force=True)
        return self

    def go_in(self) -> Visitor:
        self.page.get_by_role("link", name="Go in").click()
        expect(self.page.locator("#notes")).to_be_enabled()
        return self

    def counted(self, kind: str, more_than: int = 0, within: float = 15) -> int:
        give_up = clock.now() + timedelta(seconds=within)
        while (found := self.page.evaluate(COUNT, kind)) <= more_than:
            assert clock.now() < give_up, f"{self.person.called} has {found} of {kind}"
            self.page.wait_for_timeout(100)
        return found


@pytest.fixture
def meeting(site, chromiums, need, amara):
    """Opens people's browsers at the session that began five minutes ago."""
    address, rooms = site
    start = clock.now().replace(second=0, microsecond=0) - timedelta(minutes=5)
    session = make_session(need, amara, start)
    visitors = []

    def open_browsers(*people, **how):
        for browser, person in zip(chromiums, people, strict=False):
            visitors.append(Visitor(browser, address, session, person, **how))
        return visitors[-len(people) :]

    open_browsers.session = session
    yield open_browsers
    for visitor in visitors:
        visitor.context.close()
    rooms.wait_until_quiet()


def test_two_browsers_see_hear_write_and_survive_a_reload(meeting, leila, amara):
    leilas, amaras = meeting(leila, amara)
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

    expect(amaras.page.locator("#presence")).to_contain_text("Leila has left")
    session = meeting.session
    assert ChatLine.objects.within(session.org_id).filter(session=session).count() == 1
    assert Notes.objects.within(session.org_id).get(session=session).text == "Fear is losing Tuesdays & naïve 🙂 plans"
    kinds = AttendanceEvent.objects.within(session.org_id).filter(session=session, person=leila).order_by("at", "pk")
    assert list(kinds.values_list("kind", flat=True)) == [
        "joined", "media_connected", "left", "joined", "media_connected", "left",
    ]  # fmt: skip
    assert leilas.complaints + amaras.complaints == []


def test_sound_only_and_writing_need_no_camera(meeting, leila, amara):
    leilas, amaras = meeting(leila, amara, viewport={"width": 390, "height": 844})
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
    assert leilas.complaints + amaras.complaints == []


def test_releasing_it_ends_the_call_in_words(meeting, leila, amara):
    leilas, amaras = meeting(leila, amara)
    leilas.lobby("chat").go_in()
    amaras.lobby("chat").go_in()

    services.cancel(session=meeting.session, by=leila, now=clock.now())

    for visitor in (leilas, amaras):
        expect(visitor.page.locator("#farewell")).to_contain_text("This session was released", timeout=1500)
        expect(visitor.page.locator("#farewell")).to_be_focused()
    leilas.page.get_by_role("link", name="See what happened").click()
    expect(leilas.page.get_by_role("heading", level=1)).to_have_text("This session was released.")
    assert leilas.complaints + amaras.complaints == []
