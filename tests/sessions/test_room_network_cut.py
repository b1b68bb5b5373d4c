"""Leila's computer has a network of its own, and its cable is pulled for ten seconds in the middle of the call.

Needs root and `ip` of a Linux that lets us make network namespaces.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import suppress

import pytest
from playwright.sync_api import expect, sync_playwright
from tests.sessions.room_server import PagesServer, RealtimeServer, free_port
from tests.sessions.room_visitors import FLAGS, Meeting

BOTH = re.compile(r"^(and at the desk\. typed in a tunnel|typed in a tunneland at the desk\. )$")
SPACE, HERE, THERE = "quarterhour-test", "qhtest0", "qhtest1"
OURS, THEIRS = "10.213.77.1", "10.213.77.2"


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=10)


def can_make_networks() -> bool:
    if not shutil.which("ip") or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    tried = subprocess.run(
        ["unshare", "-n", "ip", "link", "add", "x0", "type", "veth"], capture_output=True, check=False
    )
    return tried.returncode == 0


pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("room in browsers"),
    pytest.mark.skipif(not can_make_networks(), reason="no network namespaces can be made here"),
]


@pytest.fixture(scope="module")
def cable():
    """A network with one other computer in it; gives the command that runs something there."""
    with suppress(subprocess.CalledProcessError):
        ip("netns", "del", SPACE)
    ip("netns", "add", SPACE)
    try:
        ip("link", "add", HERE, "type", "veth", "peer", "name", THERE, "netns", SPACE)
        ip("addr", "add", f"{OURS}/24", "dev", HERE)
        ip("link", "set", HERE, "up")
        for words in (
            ["addr", "add", f"{THEIRS}/24", "dev", THERE],
            ["link", "set", THERE, "up"],
            ["link", "set", "lo", "up"],
        ):
            ip("-n", SPACE, *words)
        ip("-n", SPACE, "route", "add", "default", "via", OURS)
        yield ["ip", "netns", "exec", SPACE]
    finally:
        with suppress(subprocess.CalledProcessError):
            ip("link", "del", HERE)
        ip("netns", "del", SPACE)


@pytest.fixture
def meeting(cable, tmp_path, need, amara, django_db_setup):
    """Leila's browser stands at the other end of the cable, Amara's here."""
    pages, rooms = free_port(), free_port()
    address = f"http://{OURS}:{pages}"
    given = {"QUARTERHOUR_URL": address, "QUARTERHOUR_REALTIME_URL": f"ws://{OURS}:{rooms}", "QUARTERHOUR_TURN": ""}
    given["QUARTERHOUR_STUN"] = ""
    servers = [OnTheCable(pages, **given), RoomsOnTheCable(rooms, **given)]
    there = tmp_path / "chromium-there"
    there.write_text(f'#!/bin/sh\nexec {" ".join(cable)} {shutil.which("chromium")} "$@"\n')
    there.chmod(0o755)
    flags = [*FLAGS, f"--unsafely-treat-insecure-origin-as-secure={address}"]
    with sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # as in room_browsers
        browsers = []
        try:
            for program in (str(there), shutil.which("chromium")):
                browsers.append(playwright.chromium.launch(executable_path=program, args=flags))
            for server in servers:
                server.start()
            meeting = Meeting(address, servers[1], browsers, need, amara)
            yield meeting
            meeting.close()
        finally:
            for browser in browsers:
                browser.close()
            for server in servers:
                server.stop()
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class OnTheCable(PagesServer):
    host = "0.0.0.0"


class RoomsOnTheCable(RealtimeServer):
    host = "0.0.0.0"


def test_a_network_that_is_gone_for_ten_seconds_ends_nothing(meeting, leila, amara):
    leilas, amaras = meeting.open(leila, amara)
    for visitor in (amaras, leilas):
        visitor.lobby().go_in()
    leilas.counted("video", 5)
    amaras.counted("video", 5)
    assert leilas.page.evaluate("navigator.onLine")

    ip("link", "set", HERE, "down")
    leilas.page.locator("#notes").press_sequentially("typed in a tunnel")
    amaras.page.locator("#notes").press_sequentially("and at the desk. ")
    expect(leilas.page.locator("#told")).to_contain_text("What you type is kept on this device", timeout=10_000)
    leilas.page.wait_for_timeout(10_000)
    seen = {visitor: visitor.counted("video") for visitor in (leilas, amaras)}
    ip("link", "set", HERE, "up")
    since = leilas.page.evaluate("performance.now()")

    for visitor in (leilas, amaras):
        visitor.counted("video", seen[visitor] + 10, within=30)
    print(f"\npictures again {(leilas.page.evaluate('performance.now()') - since) / 1000:.1f} s after the network")
    for visitor in (leilas, amaras):
        # Written at the same place at the same time: either may stand first, alike on both sides.
        expect(visitor.page.locator("#notes")).to_have_value(BOTH, timeout=15_000)
        expect(visitor.page.locator("#notes-state")).to_contain_text("Saved", timeout=10_000)
        expect(visitor.page.locator("#told .note")).to_have_count(0, timeout=10_000)
    # Read out of the page itself, once both are whole: the same order of the two on either side.
    written = leilas.page.evaluate("document.querySelector('#notes').value")
    expect(amaras.page.locator("#notes")).to_have_value(written)
    assert [visitor.page.evaluate("window.made") for visitor in (leilas, amaras)] == [1, 1]
