"""People at their screens, the post they get, and the steps of the loop, each as a person would say it."""

from __future__ import annotations

import email
import email.policy
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.utils import parseaddr

import icalendar
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from playwright.sync_api import Locator, Page, expect
from tests.live_server import LiveSite, wait_for
from tests.notifications.reading import bodies
from tests.sessions.room_visitors import COUNT, WATCH

from quarterhour.core import clock
from quarterhour.matching.models import OnCall, Place, Ring
from quarterhour.sessions.models import MentoringSession, TimeClaim

TIDY = "the test tidies up"
PATIENCE = 20_000  # milliseconds, on a machine that is busy with other things
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
QUESTION = (
    "I have been offered the team lead role. I like building, and I am afraid of losing it. "
    "Should I say yes now, or stay an engineer for another year?"
)
NOTES = (
    "Leila to ask for a review date in writing by Friday\n"
    "Amara sends her old agreement tomorrow\n"
    "Never take the role without a date on which you may go back\n"
)


def _said(message) -> str:
    """What a console says, and about which address."""
    return f"{message.text} {message.location.get('url', '')}".strip()


@contextmanager
def nobody_left_in_line() -> Iterator[None]:
    """Afterwards nobody is on call or waits, so that the site leaves tables alone while they are emptied."""
    yield
    OnCall.objects.of_every_tenant(because=TIDY).delete()
    Place.objects.of_every_tenant(because=TIDY).update(state=Place.State.LEFT)
    time.sleep(0.5)  # a round of the timer that had begun
    for model in (Ring, Place):
        model.objects.of_every_tenant(because=TIDY).delete()


class Screen:
    """One person's browser. Every complaint of its console is kept."""

    def __init__(self, browser, site: LiveSite, *, finger: bool = False, **how) -> None:
        self.site, self.finger, self.complaints = site, finger, []
        self.context = browser.new_context(base_url=site.url, **how)
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(WATCH)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda m: m.type in {"error", "warning"} and self.complaints.append(_said(m)))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, path: str) -> Screen:
        self.page.goto(path)
        return self

    def press(self, name: str | re.Pattern, role: str = "button", within: Locator | None = None) -> None:
        """Press what has this name, with the mouse or a finger."""
        self.touch((within or self.page).get_by_role(role, name=name).first)

    def touch(self, thing: Locator) -> None:
        if self.finger:
            thing.tap()
        else:
            thing.click()

    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    def frames(self, more_than: int) -> int:
        """How many pictures of the other one were decoded, once there are more than that."""
        give_up = time.monotonic() + PATIENCE / 1000
        while (found := self.page.evaluate(COUNT, "video")) <= more_than:
            assert time.monotonic() < give_up, f"only {found} pictures came, not more than {more_than}"
            self.page.wait_for_timeout(100)
        return found

    def spills(self) -> int:
        """Pixels by which the page is wider than the screen."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    def close(self) -> None:
        self.context.close()


class Post:
    """The letters the job worker has written into the mail folder."""

    def __init__(self, site: LiveSite) -> None:
        self.folder, self.site = site.mail, site

    def to(self, address: str) -> list[EmailMessage]:
        """All letters to this address, oldest first."""
        return [letter for letter in self._all() if parseaddr(letter["To"])[1] == address]

    def wait(self, address: str, number: int) -> EmailMessage:
        """The letter of that number, the first is 1, as soon as it has come."""
        wait_for(lambda: len(self.to(address)) >= number, lambda: f"{address} has {len(self.to(address))} letters")
        return self.to(address)[number - 1]

    def wait_for_invitation(self, address: str) -> EmailMessage:
        """The first letter with a calendar in it. Mail comes at least once, so numbers may be off by a repeat."""
        return self._first(address, lambda letter: any(p.get_content_type() == "text/calendar" for p in letter.walk()))

    def wait_for_words(self, address: str, words: str) -> EmailMessage:
        """The first letter that says this."""
        return self._first(address, lambda letter: words in bodies(letter)["text/plain"])

    def _first(self, address: str, is_it: Callable[[EmailMessage], bool]) -> EmailMessage:
        wait_for(lambda: any(map(is_it, self.to(address))), lambda: f"none of {len(self.to(address))} letters is it")
        return next(filter(is_it, self.to(address)))

    def _all(self) -> list[EmailMessage]:
        files = sorted(self.folder.glob("*.eml"))
        return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def invitation(letter: EmailMessage) -> icalendar.Event:
    """The one event of the letter's calendar part; its calendar's METHOD is kept beside it."""
    (part,) = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_param("method") == calendar["METHOD"]
    (event,) = calendar.walk("VEVENT")
    event["METHOD"] = calendar["METHOD"]
    return event


def sign_in_by_mail(screen: Screen, post: Post, address: str) -> None:
    """Write the address, open the link that comes, press the button behind it."""
    come = len(post.to(address))
    screen.go("/sign-in/")
    screen.page.get_by_label("mail").fill(address)
    screen.press("Send me a link")
    expect(screen.page.get_by_role("heading", name="Look in your mail")).to_be_visible()
    letter = post.wait(address, come + 1)
    screen.go(re.search(r"http://\S+(/sign-in/[\w-]+/)", bodies(letter)["text/plain"])[1])
    screen.press(f"Sign in as {address}")


def say_ones_name(screen: Screen, name: str) -> None:
    expect(screen.heading()).to_have_text("Welcome")
    screen.page.get_by_role("main").get_by_role("textbox").fill(name)
    screen.press("Go on")


def ask(screen: Screen, text: str = QUESTION) -> None:
    """One field, one press."""
    screen.go("/ask/")
    screen.page.get_by_label("Your question, in your own words").fill(text)
    expect(screen.page.locator("#reading .sentence")).to_be_visible()
    screen.press("Find people")
    expect(screen.page.get_by_role("heading", name=re.compile("^Three"))).to_be_visible()


def book_with(screen: Screen, name: str) -> None:
    """Two presses: a time on the card, and the button that says it again."""
    card = screen.page.get_by_role("article", name=name)
    with screen.page.expect_response("**/here/"):  # the page says that somebody is there; nobody presses sooner
        screen.touch(card.locator("button.slot").last)
    expect(card.get_by_text("Held for you")).to_be_visible()
    book = card.get_by_role("button", name=re.compile("^Book "))
    expect(book).to_be_focused()
    screen.touch(book)
    expect(screen.page.locator(".toast")).to_contain_text("Booked: ")


def let_it_begin(session: MentoringSession) -> None:
    """Set the booked time to now: slots stand on a grid of a quarter of an hour, and a test cannot wait for it."""
    start = clock.now().replace(microsecond=0) - timedelta(seconds=30)
    span = DateTimeTZRange(start, start + timedelta(minutes=session.minutes))
    MentoringSession.objects.within(session.org_id).filter(pk=session.pk).update(span=span)
    TimeClaim.objects.filter(session=session).update(during=span)
    session.refresh_from_db()


def go_in(screen: Screen) -> None:
    """Through the lobby into the room."""
    screen.press("Go in", "link")
    expect(screen.page.locator("#notes")).to_be_enabled()
