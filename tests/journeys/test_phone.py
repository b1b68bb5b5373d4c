"""The same loop on a phone: one thumb, 390 pixels, from the question to the card."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.journeys.screens import PHONE, Screen, ask, book_with, go_in, let_it_begin, say_ones_name, sign_in_by_mail

from quarterhour.advice.models import Takeaway
from quarterhour.core import clock
from quarterhour.sessions import services
from quarterhour.sessions.models import MentoringSession

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]


def test_the_loop_with_one_thumb(screen, worked, post, mentors, commons):
    leilas = screen(0, finger=True, timezone_id="Europe/Lisbon", **PHONE)
    amaras = screen(1, timezone_id="Africa/Lagos")
    amaras.context.add_cookies(worked.cookies_for(mentors["Amara"]))

    sign_in_by_mail(leilas, post, "leila@town.example")
    say_ones_name(leilas, "Leila Haddad")
    the_four_words_are_at_the_bottom(leilas)
    ask(leilas)
    it_fits(leilas)
    book_with(leilas, "Amara Okafor")
    it_fits(leilas)

    session = MentoringSession.objects.within(commons).get()
    let_it_begin(session)
    leilas.go("/sessions/")
    it_fits(leilas)
    leilas.press(re.compile("^Enter"), "link")
    amaras.go(f"/room/{session.pk}/")
    go_in(amaras)
    expect(leilas.page.locator("#presence")).to_have_text("Amara is here.")
    it_fits(leilas)
    go_in(leilas)
    it_fits(leilas)
    for each in (leilas, amaras):
        each.frames(each.frames(0) + 5)

    leilas.page.locator("#notes").fill("Leila to ask for a review date by Friday")
    expect(amaras.page.locator("#notes")).to_have_value("Leila to ask for a review date by Friday")
    leilas.touch(leilas.page.locator(".tabs label", has_text="Chat"))
    leilas.page.locator("#say").fill("I am on a train")
    leilas.press("Send")
    expect(amaras.page.locator("#lines")).to_contain_text("I am on a train")
    leilas.touch(leilas.page.locator("#leave"))
    leilas.press("Leave now", "link")
    leilas.page.wait_for_url("**/takeaway/**")
    services.end(session=session, now=clock.now())

    leilas.go(f"/takeaway/{session.pk}/")
    it_fits(leilas)
    expect(leilas.page.get_by_label("Action 1", exact=True)).to_have_value("Ask for a review date")
    leilas.page.get_by_label("What I see differently now").fill("A review date makes it a trial")
    leilas.touch(leilas.page.locator(".helpful label").last)
    leilas.press("Keep this")
    expect(leilas.heading()).to_contain_text("Kept")
    it_fits(leilas)
    assert Takeaway.objects.within(commons).get().insight == "A review date makes it a trial"
    assert leilas.complaints == amaras.complaints == []


def it_fits(screen: Screen) -> None:
    """Nothing is wider than the screen, and what is to be pressed is large enough for a finger."""
    assert screen.spills() <= 0
    assert screen.page.evaluate("window.innerWidth") == PHONE["viewport"]["width"]
    small = screen.page.locator("main .button:visible, main button.slot:visible").evaluate_all(
        """all => all.map((each) => [each.textContent.trim(), each.getBoundingClientRect().height])
                 .filter(([, height]) => height < 44)"""
    )
    assert small == []


def the_four_words_are_at_the_bottom(leilas) -> None:
    box = leilas.page.get_by_role("navigation", name="Main").bounding_box()
    assert box["y"] + box["height"] == pytest.approx(PHONE["viewport"]["height"], abs=1)
