"""From a question to what came of it: Leila and Amara, each in a browser of her own."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.journeys.screens import (
    NOTES,
    QUESTION,
    ask,
    book_with,
    go_in,
    invitation,
    let_it_begin,
    say_ones_name,
    sign_in_by_mail,
)
from tests.notifications.reading import bodies

from quarterhour.advice.models import Takeaway
from quarterhour.core import clock
from quarterhour.sessions import services
from quarterhour.sessions.models import MentoringSession

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]
LEILA, AMARA = "leila@town.example", "amara@town.example"


def test_a_question_at_nine_a_conversation_at_a_quarter_past(screen, post, mentors, commons):
    leilas = screen(0, timezone_id="Europe/Lisbon")
    amaras = screen(1, timezone_id="Africa/Lagos")

    sign_in_by_mail(leilas, post, LEILA)
    say_ones_name(leilas, "Leila Haddad")
    ask(leilas)
    three_people_are_explained(leilas)
    book_with(leilas, "Amara Okafor")
    session = MentoringSession.objects.within(commons).get()
    both_are_invited(post, session)
    the_question_stands_at(leilas, "Booked", "Amara Okafor")

    sign_in_by_mail(amaras, post, AMARA)
    expect(amaras.heading()).to_contain_text("Leila, ")
    expect(amaras.page.get_by_role("main")).to_contain_text("afraid of losing it")

    let_it_begin(session)
    leilas.go(f"/sessions/{session.pk}/").press("Enter the lobby", "link")
    amaras.page.reload()
    amaras.press("Open the room", "link")
    go_in(amaras)
    expect(leilas.page.locator("#presence")).to_have_text("Amara is here.")
    go_in(leilas)
    both_see_each_other(leilas, amaras)

    amaras.page.locator("#notes").press_sequentially(NOTES)
    expect(leilas.page.locator("#notes")).to_have_value(NOTES)
    leilas.page.locator("#say").fill("Thank you, that helps me")
    leilas.page.locator("#say").press("Enter")
    expect(amaras.page.locator("#lines")).to_contain_text("Thank you, that helps me")
    leila_leaves_and_comes_back(leilas, amaras)

    services.end(session=session, now=clock.now())
    for each in (leilas, amaras):
        expect(each.page.locator("#farewell")).to_contain_text("This session is over")
    for address in (LEILA, AMARA):
        post.wait_for_words(address, f"/takeaway/{session.pk}/")

    leilas.go(f"/takeaway/{session.pk}/")
    the_card_is_filled_in(leilas)
    leilas.page.get_by_label("What I see differently now").fill("A review date makes it a trial")
    leilas.page.get_by_role("radio", name="A lot").check(force=True)
    leilas.press("Keep this")
    expect(leilas.heading()).to_contain_text("Kept")
    amaras.go(f"/takeaway/{session.pk}/")
    expect(amaras.heading()).to_have_text("Leila kept this. Is it right?")
    expect(amaras.page.get_by_role("main")).to_contain_text("A review date makes it a trial")
    amaras.press("Confirm it")
    expect(amaras.heading()).to_have_text("What Leila took away")

    assert Takeaway.objects.within(commons).get().session == session
    the_question_stands_at(leilas, "Helped", "0 of 2 done")
    leilas.go(f"/takeaway/{session.pk}/")
    leilas.press(re.compile("^Done"))
    the_question_stands_at(leilas, "Helped", "1 of 2 done")
    assert leilas.complaints == amaras.complaints == []


def three_people_are_explained(leilas):
    cards = leilas.page.locator(".mentor-card")
    expect(cards).to_have_count(3)
    for card in cards.all():
        expect(card.locator(".why")).to_have_text(re.compile(r"\w+"))
        expect(card.locator("blockquote.quote").first).to_have_text(re.compile("“.{20,}”"))
        expect(card.locator("button.slot").first).to_be_visible()
    expect(cards.first).not_to_contain_text("%")


def both_are_invited(post, session):
    hers, the_other = (post.wait_for_invitation(address) for address in (LEILA, AMARA))
    events = [invitation(letter) for letter in (hers, the_other)]
    assert events[0]["UID"] == events[1]["UID"]
    for letter, event in zip((hers, the_other), events, strict=True):
        assert (event["METHOD"], event["SEQUENCE"]) == ("REQUEST", 0)
        assert (event.start, event.end) == (session.starts_at, session.ends_at)
        assert QUESTION[:60] in bodies(letter)["text/plain"].replace("\n", " ")


def both_see_each_other(*screens):
    for each in screens:
        expect(each.page.locator("#their-picture")).to_be_visible()
    before = [each.frames(0) for each in screens]
    assert all(each.frames(seen + 10) > seen for each, seen in zip(screens, before, strict=True))


def leila_leaves_and_comes_back(leilas, amaras):
    leilas.touch(leilas.page.locator("#leave"))
    leilas.press("Leave now", "link")
    expect(amaras.page.locator("#presence")).to_contain_text("Leila has left")
    leilas.page.wait_for_url("**/takeaway/**")
    leilas.go("/sessions/")
    leilas.press(re.compile("^Enter"), "link")
    go_in(leilas)
    expect(leilas.page.locator("#notes")).to_have_value(NOTES)
    expect(leilas.page.locator("#lines")).to_contain_text("Thank you, that helps me")
    both_see_each_other(leilas, amaras)


def the_card_is_filled_in(leilas):
    values = leilas.page.locator("form[data-draft] input.input, form[data-draft] textarea").evaluate_all(
        "all => all.map((each) => each.value).join('\\n')"
    )
    assert "Ask for a review date in writing" in values
    assert "Send her old agreement" in values
    assert "Never take the role without a date" in values


def the_question_stands_at(leilas, step, detail):
    leilas.go("/ask/")
    now = leilas.page.locator(".tracker [aria-current=step]")
    expect(now).to_contain_text(step)
    expect(now).to_contain_text(detail)
