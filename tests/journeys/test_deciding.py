"""Three mentors disagree; a decision with its reason comes of it, and a month later a look back closes the loop."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from playwright.sync_api import expect
from tests.factories import NeedFactory, PersonFactory, make_session
from tests.live_server import wait_for
from tests.notifications.reading import bodies
from tests.sessions.room_visitors import ROOT

from quarterhour.advice import boards, decisions, marking, sharing
from quarterhour.advice.decisions import DecisionWords, OptionWords
from quarterhour.advice.services import AdviceWords, CardWords, write_card
from quarterhour.core import clock, links
from quarterhour.notifications import tasks
from quarterhour.notifications.deciding import STOP
from quarterhour.notifications.models import Wishes
from quarterhour.sessions.models import Status

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]
YES, NO = "Yes, with a review after six months", "Not yet, with a date and a list"
SAID = {
    "Amara": "Say yes, with a review date in writing. A date makes it a trial.",
    "Tomasz": "Stay an engineer another year. I gave the role back, and it cost me a year.",
    "Inês": "Say yes only if your grade is kept in writing when you step back.",
}
AXE = ROOT / "node_modules/axe-core/axe.min.js"
FOUND = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
  .map((each) => `${each.id}: ${each.nodes[0].html.slice(0, 160)}`)"""


@pytest.fixture
def leila(mentors, commons):
    """Leila, who talked with three people about one question, and kept what each said."""
    person = PersonFactory(name="Leila Haddad", email="leila@town.example", org=commons)
    Wishes.objects.create(person=person, quiet_from="00:00", quiet_until="00:00")
    need, now = NeedFactory(mentee=person, org=commons), clock.now()
    for n, (name, said) in enumerate(SAID.items()):
        start = now - timedelta(days=6 - n)
        session = make_session(need, mentors[name], start, status=Status.ENDED)
        words = CardWords(advice=[AdviceWords(text=said)])
        write_card(session=session, by=person, words=words, seen=0, may_quote=False, held_on=start.date(), now=now)
    person.need = need
    return person


def as_her(screen, live_site, person, **how):
    shown = screen(0, timezone_id="Europe/Lisbon", **how)
    shown.context.add_cookies(live_site.cookies_for(person))
    return shown


def test_three_who_disagree_a_decision_and_a_look_back(screen, post, calendar, live_site, leila, commons):
    hers = as_her(screen, live_site, leila)
    page = hers.page
    hers.go(f"/decide/new/?need={leila.need.pk}")
    page.get_by_label("Option 1").fill(YES)
    page.get_by_label("Option 2").fill(NO)
    hers.press("Lay it out")
    expect(page.get_by_role("heading", name="Where does this stand?")).to_be_visible()
    for said in SAID.values():
        expect(page.locator("#laid")).to_contain_text(said)

    for name, side, text in (("Amara", "For", YES), ("Tomasz", "For", NO), ("Inês", "Against", YES)):
        piece = page.locator("[data-laid]").filter(has_text=SAID[name])
        piece.get_by_role("button", name=f"{side} {text}, {name}", exact=True).click()
        expect(page.locator(".board").locator("[data-laid]").filter(has_text=SAID[name])).to_be_visible()
    expect(page.get_by_role("heading", name="Where they contradict each other")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("contradicts Inês")

    by_key(page)
    by_hand(page)

    page.get_by_label("I choose").select_option(label=YES)
    page.get_by_label("Because").fill("A date makes it a trial, and I can go back.")
    back_on = (clock.now().astimezone(UTC) + timedelta(days=30)).date()
    page.get_by_label("Look back on").fill(back_on.isoformat())
    hers.press("Record my decision")
    expect(page.get_by_role("table")).to_contain_text("You chose this")

    page.reload()
    expect(page.locator("#yours")).to_contain_text("Look back")
    expect(page.get_by_role("heading", name="How did it turn out?")).to_have_count(0)
    calendar.go_to(datetime.combine(back_on, time(20), tzinfo=UTC))
    for _ in range(2):  # once, however often the timer goes off
        live_site.goes_off(tasks.look_back)
    letter = post.wait_for_words("leila@town.example", "Say how it went")
    assert letter["Subject"].startswith("How did it turn out? ")
    assert "A date makes it a trial" in bodies(letter)["text/plain"]
    hers.go("/decide/")
    expect(page.get_by_role("listitem").filter(has_text="How did it turn out?")).to_be_visible()
    hers.go(re.search(r"http://\S+(/decide/[\w-]+/#back-h)", bodies(letter)["text/plain"])[1])
    expect(page.get_by_role("heading", name="How did it turn out?")).to_be_visible()
    page.get_by_role("radio", name="Very well").check(force=True)
    page.get_by_label("In a sentence, if you like").fill("He kept his word.")
    hers.press("Close the loop")
    expect(page.locator("#yours")).to_contain_text("It went: very well.")
    expect(page.locator("#yours")).to_contain_text("He kept his word.")
    expect(page.get_by_role("heading", name="How did it turn out?")).to_have_count(0)
    live_site.goes_off(tasks.look_back)
    wait_for(nothing_left_to_do)
    assert [each["Subject"] for each in post.to("leila@town.example")] == [letter["Subject"]]
    assert hers.complaints == []


def nothing_left_to_do() -> bool:
    """Every timer that was set off is done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
        return cursor.fetchone()[0] == 0


def by_key(page):
    """Right turns Tomasz's advice, down and up move it; the focus stays on it."""
    piece = page.locator("[data-laid]").filter(has_text=SAID["Tomasz"])
    piece.focus()
    page.keyboard.press("ArrowLeft")
    expect(piece.locator(".stance")).to_contain_text("Depends")
    expect(piece).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(piece.locator(".stance")).to_contain_text("For")
    expect(piece).to_be_focused()
    expect(piece).to_be_in_viewport()


def by_hand(page):
    """Inês's advice is dragged to the other option and back."""
    rows = page.locator('.board [role="row"]')
    piece = page.locator("[data-laid]").filter(has_text=SAID["Inês"])
    for at in (2, 1):
        piece.drag_to(rows.nth(at).locator('[role="cell"]').last)
        expect(rows.nth(at).locator("[data-laid]").filter(has_text=SAID["Inês"])).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_each_page_reads_well_and_breaks_no_rule(screen, live_site, leila, commons, theme, width):
    ways = [OptionWords(text=YES), OptionWords(text=NO)]
    words = DecisionWords(question="Say yes now?", options=ways, criteria=["Tuesdays for code", "Money"])
    given = {"owner": leila, "org": commons, "need": leila.need, "now": clock.now(), "today": clock.now().date()}
    made = decisions.make(words=words, **given)
    first, second, third = made.laid.order_by("pk")
    for row, side in ((first, "for"), (second, "against")):
        boards.place(laid=row, by=leila, option=made.options.first().pk, side=side, now=clock.now())
    marking.mark(decision=made, by=leila, marks={made.options.first().pk: {"Money": -2}}, weights={"Money": 3})
    hers = as_her(screen, live_site, leila, viewport={"width": width, "height": 900}, color_scheme=theme)
    for path in ("", "new/", f"{made.pk}/", f"{made.pk}/change/", f"{made.pk}/advice/{third.pk}/"):
        hers.go(f"/decide/{path}")
        expect(hers.heading()).to_be_visible()
        hers.page.wait_for_load_state("networkidle")
        hers.page.evaluate(AXE.read_text())
        assert hers.page.evaluate(FOUND) == [], path
        assert hers.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert hers.complaints == []


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_what_guests_and_the_mail_open_breaks_no_rule(screen, live_site, leila, mentors, commons, width, theme):
    words = DecisionWords(question="Say yes now?", options=[OptionWords(text=YES), OptionWords(text=NO)])
    given = {"owner": leila, "org": commons, "need": leila.need, "now": clock.now(), "today": clock.now().date()}
    made = decisions.make(words=words, **given)
    row = made.laid.order_by("pk").first()
    boards.place(laid=row, by=leila, option=made.options.first().pk, side="for", now=clock.now())
    how = {"viewport": {"width": width, "height": 900}, "color_scheme": theme}
    shared = {"decision": made, "by": leila, "now": clock.now()}
    for name, others in (("Tomasz", False), ("Amara", True)):
        sharing.share(mentor=mentors[name].pk, others=others, may_comment=others, **shared)
        guest = as_her(screen, live_site, mentors[name], **how)
        guest.go(f"/decide/{made.pk}/")
        expect(guest.heading()).to_have_text("Say yes now?")
        expect(guest.page.get_by_role("button", name="Send it")).to_have_count(int(others))
        clean(guest)
    guest.press("Send it")
    expect(guest.page.get_by_text("Write a sentence.")).to_be_visible()
    clean(guest)
    guest.page.get_by_label("Leila alone reads it").fill("Ask for the date in writing.")
    guest.press("Send it")
    expect(guest.page.get_by_role("list").filter(has_text="Ask for the date in writing.")).to_be_visible()
    clean(guest)

    subject = {"decision": str(made.pk), "person": str(leila.pk)}
    secret = links.make(STOP, subject, lasts=timedelta(days=1), now=clock.now())
    mailed = screen(0, **how)
    mailed.go(f"/by-mail/{STOP}/{secret}/")
    expect(mailed.heading()).to_be_visible()
    clean(mailed)
    mailed.page.get_by_role("main").get_by_role("button").click()
    expect(mailed.page.get_by_role("main").get_by_role("button")).to_have_count(0)
    clean(mailed)
    mailed.go(f"/by-mail/{STOP}/{secret}/")
    expect(mailed.heading()).to_be_visible()
    clean(mailed)


def clean(shown) -> None:
    """Nothing that axe finds, and nothing wider than the screen."""
    shown.page.wait_for_load_state("networkidle")
    shown.page.evaluate(AXE.read_text())
    assert shown.page.evaluate(FOUND) == []
    assert shown.spills() <= 0
