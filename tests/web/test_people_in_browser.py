"""Passkeys, the week and the profile in a real browser, against a real server on localhost."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest
from playwright.sync_api import expect
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from tests.chromium import quick

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "src" / "quarterhour" / "web" / "static" / "built"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PHONE_KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}

SEED = """
import django, json
django.setup()
from datetime import timedelta
from django.conf import settings
from quarterhour.core import clock, links
from quarterhour.people.queries import commons
from tests.factories import MentorFactory

org, now, told = commons(), clock.now(), {}
for name in ("amara", "tomasz", "ines", "jun", "sara"):
    MentorFactory(name=name.title(), email=f"{name}@town.example", zone="Africa/Lagos", org=org)
    for turn in (1, 2):
        subject = {"email": f"{name}@town.example", "next": "/me/settings/", "zone": ""}
        told[f"{name} {turn}"] = links.make("sign-in", subject, lasts=timedelta(minutes=30), now=now)
print(json.dumps(told))
"""

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages in a browser")]


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, worker_id):
    """The address of a server with five mentors, and links that sign each of them in."""
    from tests.template_database import clone, drop

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server_url = os.environ["DATABASE_URL"]
    name = clone(server_url, f"quarterhour_people_{worker_id}")
    known = conninfo_to_dict(server_url)
    url = f"postgresql://{known['user']}@/{name}?host={known['host']}"
    psycopg.connect(make_conninfo(url)).close()
    env = {**os.environ, "DATABASE_URL": url, "QUARTERHOUR_URL": f"http://localhost:{port}", "PYTHONPATH": _paths()}
    secrets = json.loads(
        subprocess.run(
            [sys.executable, "-c", SEED], env=env, check=True, capture_output=True, text=True, cwd=ROOT
        ).stdout
    )
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(
        [*command, "--no-ws", "quarterhour.config.wsgi:application"], env=env, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    address = f"http://localhost:{port}"
    try:
        _wait_for(f"{address}/sign-in/")
        yield address, {who: f"{address}/sign-in/{secret}/" for who, secret in secrets.items()}
    finally:
        server.terminate()
        server.wait(10)
        drop(server_url, name)


def _is_complaint(said) -> bool:
    """Chromium notes a form that was refused as an error; that one is meant."""
    return said.type == "error" and "status of 422" not in said.text


def _paths() -> str:
    return os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])


def _wait_for(url: str) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            urlopen(url, timeout=5).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


@pytest.fixture(scope="module")
def chromium(site):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**quick())
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, site):
    """A new browser window in which somebody has come in by their link; nothing may be said in its console."""
    address, links = site
    contexts, complaints = [], []

    def come(who: str, **given):
        context = chromium.new_context(base_url=address, timezone_id="Europe/Lisbon", **given)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(links[who])
        page.get_by_role("button", name="Sign in as").click()
        page.wait_for_url("/me/settings/")
        return page

    yield come
    for context in contexts:
        context.close()
    assert complaints == []


def test_a_passkey_is_added_signs_in_and_is_removed(visit):
    page = visit("amara 1")
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE_KEY})

    page.get_by_label("What this passkey is called").fill("Amara’s phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("Added: Amara’s phone.").wait_for()

    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_text("You are signed out").wait_for()
    page.goto("/sign-in/?next=/me/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("/me/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Amara")

    page.goto("/me/settings/")
    page.get_by_role("button", name="Remove Amara’s phone").click()
    page.wait_for_url("/me/settings/again/")  # signing in does not count as showing it again
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url("/me/settings/")
    page.get_by_role("button", name="Remove Amara’s phone").click()
    page.get_by_text("The passkey is removed.").wait_for()
    expect(page.get_by_role("button", name="Remove")).to_have_count(0)


def test_a_device_without_the_passkey_says_so_and_stays_where_it_is(visit):
    page = visit("amara 2")
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE_KEY})
    page.goto("/me/settings/")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto("/sign-in/")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("No passkey was used.").wait_for()
    assert page.url.endswith("/sign-in/")


def test_the_week_is_edited_by_keyboard_and_by_pointer_and_each_change_is_told(visit):
    page = visit("tomasz 1", viewport={"width": 1280, "height": 1000})
    page.goto("/hours/")
    told = page.locator("[data-week-told]")
    block = page.locator('.day[data-key="mon"] button.block')
    block.focus()

    page.keyboard.press("ArrowDown")
    expect(told).to_have_text("Monday 09:15 to 12:15.")
    page.keyboard.press("Shift+ArrowUp")
    expect(told).to_have_text("Monday 09:15 to 12:00.")
    page.keyboard.press("Delete")
    expect(told).to_have_text("Monday 09:15 removed.")
    expect(page.get_by_text("Not saved yet")).to_be_visible()

    column = page.locator('.day[data-key="sat"]').bounding_box()
    page.mouse.move(column["x"] + 20, column["y"] + 2)
    page.mouse.down()
    page.mouse.move(column["x"] + 20, column["y"] + 50, steps=4)
    page.mouse.up()
    expect(told).to_have_text("Saturday 08:00 to 09:00.")

    page.get_by_role("button", name="Save").first.click()
    page.get_by_text("These are your hours now.").wait_for()
    expect(page.locator('.day[data-key="mon"] button.block')).to_have_count(0)
    drawn = page.locator('.day[data-key="sat"] button.block')
    expect(drawn).to_have_text(re.compile(r"^\s*8:00\s*1\s*h\s*$"), use_inner_text=True)


def test_typed_hours_are_drawn_and_what_cannot_be_drawn_is_kept(visit):
    page = visit("tomasz 2", viewport={"width": 1280, "height": 1000})
    page.goto("/hours/")
    page.get_by_text("Type the times instead").click()
    page.get_by_label("Sunday from, 1").fill("06:00")
    page.get_by_label("Sunday to, 1").fill("07:00")
    page.get_by_label("Sunday to, 1").press("Tab")
    page.get_by_label("Sunday from, 2").fill("10:00")
    page.get_by_label("Sunday to, 2").fill("10:30")
    page.get_by_label("Sunday to, 2").press("Tab")
    block = page.locator('.day[data-key="sun"] button.block')
    expect(block).to_have_attribute("data-start", "10:00")

    block.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Sunday from, 1")).to_have_value("06:00")
    expect(page.get_by_label("Sunday from, 2")).to_have_value("10:15")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_text("These are your hours now.").wait_for()
    drawn = page.locator('.day[data-key="sun"] button.block')
    expect(drawn).to_have_count(2)
    for at, start in enumerate(("06:00", "10:15")):
        expect(drawn.nth(at)).to_have_attribute("data-start", start)


def test_typed_hours_that_were_refused_outlive_a_change_elsewhere_in_the_week(visit):
    page = visit("jun 1", viewport={"width": 1280, "height": 1000})
    page.goto("/hours/")
    page.get_by_text("Type the times instead").click()
    page.get_by_label("Monday from, 2").fill("11:00")
    page.get_by_label("Monday to, 2").fill("13:00")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_text("Monday: 09:00 to 12:00 and 11:00 to 13:00 overlap. Make them one.").wait_for()

    page.locator('.day[data-key="tue"] button.block').focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Monday from, 2")).to_have_value("11:00")
    expect(page.get_by_label("Tuesday from, 1")).to_have_value("09:15")


def test_a_phone_shows_one_day_and_adds_a_quarter_to_it(visit):
    page = visit("ines 1", viewport={"width": 390, "height": 844})
    page.goto("/hours/")
    page.locator(".days label", has_text="Wednesday").click()
    shown = page.locator(".day[data-key]").evaluate_all(
        "all => all.filter((each) => each.offsetParent).map((each) => each.dataset.key)"
    )
    assert shown == ["wed"]
    page.get_by_role("button", name="A quarter here").click()
    expect(page.locator("[data-week-told]")).to_have_text("Wednesday 12:00 to 12:15.")


def test_the_week_and_the_profile_work_without_scripts(visit):
    page = visit("ines 2", java_script_enabled=False)
    page.goto("/hours/")
    page.get_by_text("Type the times instead").click()
    page.get_by_label("Sunday from, 1").fill("9:00")
    page.get_by_label("Sunday to, 1").fill("10:00")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_text("These are your hours now.").wait_for()
    page.goto("/hours/")
    page.get_by_text("Type the times instead").click()
    expect(page.get_by_label("Sunday from, 1")).to_have_value("09:00")

    page.goto("/me/edit/")
    page.get_by_label("In one line").fill("Ask me about tides")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Ask me about tides")).to_be_visible()


def test_a_mistyped_topic_is_offered_under_its_name(visit):
    page = visit("sara 1")
    page.goto("/me/edit/")
    row = page.get_by_placeholder("Another topic")
    row.fill("postgress")
    page.get_by_role("button", name="PostgreSQL").click()
    expect(page.locator("[data-topic]").nth(2)).to_have_value("PostgreSQL")
    expect(page.locator("[data-topic]").last).to_have_value("")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_stands_in_the_way_of_anybody(visit, site, chromium, width, scheme):
    """axe finds nothing, and nothing is wider than the window."""
    context = chromium.new_context(
        base_url=site[0], viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    if not _signed_in:
        page = visit("jun 2")
        _signed_in.extend(page.context.cookies())
    context.add_cookies(_signed_in)
    page = context.new_page()
    found = {}
    for path in (
        "/me/",
        "/me/edit/",
        "/me/stories/",
        "/me/settings/",
        "/join/",
        "/hours/",
        "/welcome/",
        "/me/settings/again/",
    ):
        found[path] = _amiss(page, path)
    context.clear_cookies()
    found["/sign-in/"] = _amiss(page, "/sign-in/")
    context.close()
    assert {path: each for path, each in found.items() if each} == {}


_signed_in: list = []


def _amiss(page, path: str) -> list[str]:
    page.goto(path)
    for details in page.locator("details").all():
        details.evaluate("each => { each.open = true }")
    page.add_script_tag(path=str(AXE))
    told = page.evaluate("async () => (await axe.run()).violations.map((each) => `${each.id}: ${each.nodes[0].html}`)")
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*told, *(["wider than the window"] if wide else [])]
