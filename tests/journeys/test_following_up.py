"""A week and a month after a conversation: one press in the mail, the mentor thanked, and a list of what is to do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.factories import NeedFactory, PersonFactory, make_session
from tests.journeys.test_every_page import AXE, FOUND
from tests.notifications.reading import bodies, links_in

from quarterhour.advice.models import Action
from quarterhour.advice.services import ActionWords, CardWords, confirm_card, write_card
from quarterhour.core import clock
from quarterhour.notifications import following_up, tasks
from quarterhour.notifications.models import Wishes
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.trust.follow_up_models import FollowUp

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]
LEILA, AMARA = "leila@town.example", "amara@town.example"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def leila(commons):
    return PersonFactory(name="Leila Haddad", email=LEILA, org=commons)


@pytest.fixture
def kept(leila, mentors, commons):
    """They talked this morning and both keep the card. Neither has quiet hours, so the hour is no matter."""
    amara, now = mentors["Amara"], clock.now()
    for person in (leila, amara):
        Wishes.objects.create(person=person, quiet_from="00:00", quiet_until="00:00")
    over = now - timedelta(minutes=5)
    session = make_session(NeedFactory(mentee=leila, org=commons), amara, over - timedelta(minutes=25), now=over)
    MentoringSession.objects.within(commons).filter(pk=session.pk).update(status=Status.ENDED, ended_at=over)
    session.refresh_from_db()
    today = timezone.localdate(now)
    words = CardWords(
        insight="A review date makes it a trial",
        actions=[
            ActionWords(text="Ask Marek for a review date", due=today + timedelta(days=5)),
            ActionWords(text="Block Tuesdays for code", due=today + timedelta(days=9)),
            ActionWords(text="Tell the team", due=None),
        ],
    )
    given = {"may_quote": False, "now": over}
    card = write_card(session=session, by=leila, words=words, seen=0, held_on=over.date(), **given)
    confirm_card(card=card, by=amara, seen=1, **given)
    return session


def open_to_everybody(window) -> None:
    """Nothing that axe finds, and nothing wider than the screen, in both themes."""
    for size in (WIDE, PHONE):
        for scheme in ("light", "dark"):
            window.page.set_viewport_size(size)
            window.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert window.page.evaluate(FOUND) == []
            assert window.spills() <= 0
    window.page.set_viewport_size(WIDE)


def test_a_week_later_a_month_later_and_thanks(screen, post, calendar, kept, leila, mentors):
    following_up.plan(kept, now=clock.now())
    assert FollowUp.objects.within(kept.org_id).filter(session=kept).count() == 2
    calendar.go_on(days=7, hours=1)
    post.site.goes_off(tasks.hand_over_follow_ups)
    first = post.wait_for_words(LEILA, "Say how it helped")
    assert first["Subject"].startswith("Did it help, a week after Amara?")

    window = screen(0, timezone_id="Europe/Lisbon")
    window.context.add_init_script(path=AXE)
    window.go(links_in(first)["followed"])
    expect(window.heading()).to_have_text("Did it help, a week later?")
    open_to_everybody(window)
    window.press("Somewhat")
    expect(window.heading()).to_have_text("Thank you.")
    expect(window.page.get_by_role("status").first).to_contain_text("You said: somewhat.")
    window.press("Done", within=window.page.get_by_role("article"))
    expect(window.page.get_by_role("status").first).to_contain_text("Done.")
    assert Action.objects.within(kept.org_id).get(text="Ask Marek for a review date").fate == "done"

    calendar.go_on(days=23)
    post.site.goes_off(tasks.hand_over_follow_ups)
    last = post.wait_for_words(LEILA, "the last time we ask")
    window.go(links_in(last)["followed"])
    window.press("It moved me on")
    expect(window.heading()).to_have_text("Thank you.")
    thanks = post.wait_for_words(AMARA, "It helped Leila.")
    assert "moved" not in bodies(thanks)["text/plain"]

    window.go(links_in(last)["stop-asking"])
    window.press("Never ask me again")
    expect(window.heading()).to_have_text("We ask no more.")
    assert Wishes.objects.get(person=leila).follow_ups == []
    assert window.complaints == []


def test_a_list_of_what_is_to_do_in_the_hand(live_site, screen, calendar, kept, leila):
    calendar.go_on(days=7)
    window = screen(0, timezone_id="Europe/Lisbon")
    window.context.add_init_script(path=AXE)
    window.context.add_cookies(live_site.cookies_for(leila))
    window.go("/actions/")
    expect(window.heading()).to_have_text("Three things to do, one of them late")
    open_to_everybody(window)

    late = window.page.get_by_role("listitem").filter(has_text="Ask Marek").first
    window.press(re.compile("^Next Friday"), within=late)
    expect(window.page.locator(".toast")).to_contain_text("Now for Friday")
    expect(window.heading()).to_have_text("Three things to do")
    window.press("Undo")
    expect(window.heading()).to_have_text("Three things to do, one of them late")

    window.press(
        re.compile("^Done"), within=window.page.get_by_role("listitem").filter(has_text="Block Tuesdays").first
    )
    row = window.page.get_by_role("listitem").filter(has_text="Did it help?")
    expect(row).to_contain_text("Block Tuesdays for code")
    open_to_everybody(window)
    window.press("A lot", within=row)
    expect(window.page.get_by_role("region", name="Done")).to_contain_text("Helped a lot")

    window.press(
        re.compile("^Dropped"), within=window.page.get_by_role("listitem").filter(has_text="Tell the team").first
    )
    row = window.page.get_by_role("listitem").filter(has_text="Why, if you like")
    open_to_everybody(window)
    row.get_by_text("It solved itself").click()
    window.press("Keep it", within=row)
    expect(window.page.get_by_role("region", name="Dropped")).to_contain_text("It solved itself")
    expect(window.heading()).to_have_text("One thing to do, late")
    assert window.complaints == []
