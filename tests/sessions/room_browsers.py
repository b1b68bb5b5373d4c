"""Fixtures for two people at two browsers, with the pages and the room served as in production.

PYTEST_DONT_REWRITE: there is nothing to assert here, and two test modules load it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.chromium import quick
from tests.sessions.room_server import PagesServer, RealtimeServer, free_port
from tests.sessions.room_visitors import BUILT, DEVICES, RELAY_SECRET, ROOT, Meeting, coturn


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """The pages and the room on free ports, with the scripts built."""
    if not BUILT.exists():
        subprocess.run(["node", "frontend/build.mjs"], cwd=ROOT, check=True)
    pages, rooms, relay = free_port(), free_port(), free_port()
    address = f"http://localhost:{pages}"
    given = {"QUARTERHOUR_URL": address, "QUARTERHOUR_REALTIME_URL": f"ws://localhost:{rooms}"}
    given |= {"QUARTERHOUR_TURN": f"turn:127.0.0.1:{relay}", "QUARTERHOUR_TURN_SECRET": RELAY_SECRET}
    servers = [PagesServer(pages, **given), RealtimeServer(rooms, **given)]
    with django_db_blocker.unblock(), coturn(relay):
        try:
            for server in servers:
                server.start()
            yield address, servers[1]
        finally:
            for server in servers:
                server.stop()


@contextmanager
def opened(number: int, how: dict) -> Iterator[list[Browser]]:
    """So many browsers with made-up cameras, opened as tests.chromium says."""
    with sync_playwright() as playwright:
        # Playwright's loop runs in this thread; Django is told that nobody awaits it here.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        how = how | {"args": [*how["args"], *DEVICES]}
        browsers = [playwright.chromium.launch(**how) for _ in range(number)]
        yield browsers
        for browser in browsers:
            browser.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def chromiums():
    """Two browsers, as two people have them."""
    with opened(2, quick()) as browsers:
        yield browsers


@pytest.fixture
def meeting(site, chromiums, need, amara):
    """Leila's session with Amara."""
    address, rooms = site
    meeting = Meeting(address, rooms, chromiums, need, amara)
    yield meeting
    meeting.close()
