"""People at their browsers, and a relay for those whose networks are strict."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from datetime import timedelta
from itertools import cycle
from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from tests.chromium import WITHOUT_NOISE
from tests.factories import make_session
from tests.sessions.room_server import RealtimeServer

from quarterhour.core import clock

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "src/quarterhour/web/static/built/room.js"
DEVICES = [
    "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
    "--auto-select-desktop-capture-source=Entire screen",
]  # fmt: skip
FLAGS = [*WITHOUT_NOISE, *DEVICES]
RELAY_SECRET = "north of the river"

# What the browser counts, of the peer connection the page made last.
WATCH = """
const Real = RTCPeerConnection;
window.made = 0;
window.RTCPeerConnection = class extends Real {
  constructor(given) {
    super(window.onlyByRelay ? { ...given, iceTransportPolicy: "relay" } : given);
  }
  setRemoteDescription(...given) {  // the lobby's own, which only looks for a way, never hears of another side
    if (window.pc !== this) window.made += 1;
    window.pc = this;
    return super.setRemoteDescription(...given);
  }
};
"""
COUNT = """async (kind) => {
  if (!window.pc) return 0;
  const all = [...(await window.pc.getStats()).values()];
  const incoming = all.filter((each) => each.type === "inbound-rtp" && each.kind === kind);
  const counted = kind === "video" ? "framesDecoded" : "packetsReceived";
  return incoming.reduce((sum, each) => sum + (each[counted] ?? 0), 0);
}"""


@contextmanager
def coturn(port: int):
    """A relay on this machine, where coturn is installed."""
    if not shutil.which("turnserver"):
        yield
        return
    where = ["--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1", "-p", str(port), "--allow-loopback-peers"]
    how = [
        "-n",
        "--no-tls",
        "--no-dtls",
        "--no-cli",
        "--realm",
        "town",
        "--log-file",
        "stdout",
        "--pidfile",
        "/dev/null",
    ]
    secret = ["--use-auth-secret", f"--static-auth-secret={RELAY_SECRET}"]
    process = subprocess.Popen(
        ["turnserver", *how, *where, *secret], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    yield
    process.terminate()
    process.wait(10)


class Visitor:
    """One person at their browser, who notes every complaint of the console."""

    def __init__(self, browser, address: str, session, person, *, script: str = "", **how) -> None:
        self.address, self.session, self.person, self.complaints = address, session, person, []
        self.context = browser.new_context(**how)
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": "session", "value": cookie, "url": address}])
        self.context.add_init_script(WATCH + script)
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


class Meeting:
    """One session, and the browsers that were opened for it."""

    def __init__(self, address: str, rooms: RealtimeServer, browsers, need, mentor) -> None:
        self.address, self.rooms, self.browsers, self.need, self.mentor = address, rooms, browsers, need, mentor
        self.visitors: list[Visitor] = []
        self._session = None

    @property
    def session(self):
        """Five minutes old, unless a test has said otherwise."""
        if self._session is None:
            self.starts(minutes=-5)
        return self._session

    def starts(self, **away: float) -> Meeting:
        """The session begins that far from now."""
        start = clock.now().replace(microsecond=0) + timedelta(**away)
        self._session = make_session(self.need, self.mentor, start)
        return self

    def open(self, *people, **how) -> list[Visitor]:
        opened = [
            Visitor(browser, self.address, self.session, person, **how)
            for browser, person in zip(cycle(self.browsers), people, strict=False)
        ]
        self.visitors += opened
        return opened

    def close(self) -> None:
        for visitor in self.visitors:
            visitor.context.close()
        self.rooms.wait_until_quiet()

    @property
    def complaints(self) -> list[str]:
        """What the consoles of all browsers said."""
        return [told for visitor in self.visitors for told in visitor.complaints]
