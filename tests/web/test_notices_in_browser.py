"""Push messages from the press of a button to what the screen shows, in a real browser.

Chromium has its own service worker, permission and notifications; only the push service of its maker, which no
test can reach, is a server on loopback. What arrives there is opened with the browser's keys and handed on.
"""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.chromium import whole
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session
from tests.notifications.listening import LOOPBACK, listening
from tests.notifications.push_reading import Browser
from tests.sessions.room_browsers import opened
from tests.sessions.room_visitors import ROOT

from quarterhour.core import clock
from quarterhour.notifications import delivering, reminders
from quarterhour.notifications.models import PushBrowser
from quarterhour.people.queries import commons

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys"), pytest.mark.django_db(transaction=True)]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
# The browser's own subscribing asks its maker; here it answers with an address on loopback and keys we can use.
SUBSCRIBE = """
const unpacked = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0)).buffer;
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
  if (!userVisibleOnly || new Uint8Array(applicationServerKey)[0] !== 4) throw new Error("no key of ours");
  return { endpoint: "%(endpoint)s", getKey: (name) => unpacked({ p256dh: "%(p256dh)s", auth: "%(auth)s" }[name]) };
};
"""
FOUND = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map((each) => `${each.id}: ${each.nodes[0].html.slice(0, 160)}`);
}"""
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  return (await worker.getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, url: data.url }));
}"""


@pytest.fixture(scope="module")
def chromiums():
    """The whole browser: its shell shows no notices."""
    with opened(1, whole()) as browsers:
        yield browsers


@pytest.fixture
def leila(live_site):
    return PersonFactory(name="Leila Haddad", email="leila@town.example", org=commons())


@pytest.fixture
def window(live_site, chromiums, leila):
    """A window in which Leila is signed in and notifications are allowed."""
    context = chromiums[0].new_context(base_url=live_site.url, permissions=["notifications"])
    context.add_cookies(live_site.cookies_for(leila))
    yield context
    context.close()


class Pushing:
    """Hands messages to the service worker of this page, as the browser's push service would."""

    def __init__(self, window, page, url: str) -> None:
        self.page, self.url, self.running, self.scopes = page, url, set(), {}
        self.session = window.new_cdp_session(page)
        self.session.on("ServiceWorker.workerRegistrationUpdated", self._registered)
        self.session.on("ServiceWorker.workerVersionUpdated", self._changed)
        self.session.send("ServiceWorker.enable")

    def _registered(self, event) -> None:
        for each in event["registrations"]:
            self.scopes[each["registrationId"]] = "" if each["isDeleted"] else each["scopeURL"]

    def _changed(self, event) -> None:
        self.running |= {each["registrationId"] for each in event["versions"] if each["status"] == "activated"}

    def _key(self) -> str:
        give_up = time.monotonic() + 30
        while True:
            for key, scope in self.scopes.items():
                if scope.startswith(self.url) and key in self.running:
                    return key
            assert time.monotonic() < give_up, f"no worker is active in {self.scopes}"
            self.page.wait_for_timeout(50)

    def push(self, told: dict, there) -> list[dict]:
        """The notifications on the screen once `there(them)` is true.

        Nothing says whether a message arrived, so after five seconds it is handed over again, as a push service does.
        """
        given = {"origin": self.url, "registrationId": self._key(), "data": json.dumps(told)}
        for _ in range(6):
            self.session.send("ServiceWorker.deliverPushMessage", given)
            again = time.monotonic() + 5
            while time.monotonic() < again:
                if there(shown := self.page.evaluate(SHOWN)):
                    return shown
                self.page.wait_for_timeout(100)
        raise AssertionError(f"the screen shows {shown}")


def test_a_reminder_reaches_the_screen_of_a_browser_that_agreed(window, live_site, leila, settings):
    settings.FETCH_ALLOWED = LOOPBACK
    browser, page = Browser(), window.new_page()
    with listening() as service:
        page.add_init_script(SUBSCRIBE % {"endpoint": f"{service.url}/push", **browser.keys})
        page.goto("/me/notices/")
        page.get_by_role("button", name="Let this browser hear it").click()
        expect(page.get_by_text("This browser hears your news now.")).to_be_visible()
        expect(page.get_by_role("button", name="Try it")).to_be_visible()
        assert "Chrome" in PushBrowser.objects.get().name

        now = clock.now()
        need = NeedFactory(mentee=leila, org=commons(), text="Should I say yes to the lead role?")
        session = make_session(need, MentorFactory(org=commons()), now + timedelta(minutes=14), now=now)
        reminders.plan(session, now=now - timedelta(hours=1))
        reminders.hand_over(now=now)
        assert delivering.drain(seconds=5, clock=clock.now) == 1
        told = browser.read(service.heard[0].body)

    pushing = Pushing(window, page, live_site.url)
    (shown,) = pushing.push(told, there=len)
    assert shown["title"].endswith(": Should I say yes to the lead role?")
    assert shown["tag"] == f"session-{session.pk}"
    assert shown["url"].endswith(f"/sessions/{session.pk}/")

    # The same once more, as after a crash on the way: it takes the place of the first.
    again = pushing.push(told | {"body": "again"}, there=lambda them: them and them[0]["body"] == "again")
    assert len(again) == 1


def test_without_a_network_the_app_says_so_itself(window, live_site):
    page = window.new_page()
    page.goto("/me/notices/")
    page.evaluate("navigator.serviceWorker.register('/service-worker.js').then(() => navigator.serviceWorker.ready)")
    kept = page.evaluate("async () => (await caches.match('/offline/')).text()")  # a ready worker has kept it
    assert "Leila" not in kept
    window.set_offline(True)
    page.goto("/sessions/")

    expect(page.get_by_role("heading", level=1)).to_have_text("There is no network here.")
    window.set_offline(False)
    page.goto("/sessions/")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("There is no network here.")


def test_a_refusal_of_the_browser_is_told_beside_the_button(live_site, chromiums, leila):
    context = chromiums[0].new_context(base_url=live_site.url, permissions=[])
    context.add_cookies(live_site.cookies_for(leila))
    page = context.new_page()
    page.add_init_script("Notification.requestPermission = async () => 'denied'")
    page.goto("/me/notices/")
    page.get_by_role("button", name="Let this browser hear it").click()

    expect(page.get_by_role("alert").filter(has_text="Allow notifications for this site")).to_be_visible()
    assert PushBrowser.objects.count() == 0
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_the_page_is_open_to_everybody(live_site, chromiums, leila, scheme, width):
    context = chromiums[0].new_context(
        base_url=live_site.url, color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True
    )
    context.add_cookies(live_site.cookies_for(leila))
    page = context.new_page()
    page.goto("/me/notices/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.add_script_tag(path=str(AXE))

    assert page.evaluate(FOUND) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    context.close()
