"""Two minutes are left and they are not done: one offers ten more, the other agrees, or somebody is taken."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.factories import NeedFactory, PersonFactory, make_session
from tests.journeys.test_waited_in_vain import quiet

from quarterhour.core import clock, outbox
from quarterhour.notifications.models import SentMail
from quarterhour.sessions.models import MentoringSession

pytest_plugins = ["tests.sessions.room_browsers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room in browsers")]

TEN = timedelta(minutes=10)
OFFER, YES = "Offer 10 more minutes", re.compile(r"Yes, until \d\d:\d\d")


def both_inside(meeting, leila, amara, **how):
    """Twenty-two of their twenty-five minutes and a half are over."""
    meeting.starts(minutes=-22.5)
    leilas, amaras = meeting.open(leila, amara, **how)
    leilas.lobby("chat").go_in()
    amaras.lobby("chat").go_in()
    return leilas.page, amaras.page


def now_in(session) -> MentoringSession:
    return MentoringSession.objects.within(session.org_id).get(pk=session.pk)


def test_one_offers_the_other_agrees_and_both_clocks_follow(meeting, leila, amara):
    hers, theirs = both_inside(meeting, leila, amara, bypass_csp=True)
    before = meeting.session
    hers.get_by_role("button", name=OFFER).click()
    expect(hers.locator("#told")).to_contain_text("Amara decides.")
    expect(theirs.locator("#told")).to_contain_text("Leila offers 10 more minutes.")
    assert quiet(theirs) == []

    theirs.get_by_role("button", name=YES).click()

    for page in (hers, theirs):
        expect(page.locator("#told")).to_contain_text("More time.")
        expect(page.locator("#left")).to_have_text(re.compile(r"1[0-2]:\d\d"))
        expect(page.get_by_role("button", name=OFFER)).to_have_count(0)
    after = now_in(before)
    assert (after.ends_at, after.sequence) == (before.ends_at + TEN, 1)
    outbox.drain(now=clock.now())
    told = SentMail.objects.within(before.org_id).filter(reason=f"longer {before.pk} 1")
    assert {mail.person_id for mail in told} == {leila.pk, amara.pk}


def test_a_no_ends_it_in_time_and_nothing_is_told_to_calendars(meeting, leila, amara):
    hers, theirs = both_inside(meeting, leila, amara)
    theirs.get_by_role("button", name=OFFER).click()
    hers.get_by_role("button", name=re.compile("No, we end at")).click()
    expect(theirs.locator("#told")).to_contain_text("Leila ends in time.")
    expect(hers.get_by_role("button", name=OFFER)).to_have_count(0)
    assert now_in(meeting.session).sequence == 0


def test_somebody_is_taken_right_after_and_the_offer_says_so(meeting, leila, amara, commons):
    hers, theirs = both_inside(meeting, leila, amara)
    session = meeting.session
    make_session(NeedFactory(mentee=PersonFactory(org=commons), org=commons), amara, session.ends_at)
    hers.get_by_role("button", name=OFFER).click()
    expect(hers.locator("#told")).to_contain_text("Amara has something else right after")
    expect(theirs.locator("#told")).not_to_contain_text("Leila offers")
    assert now_in(session).sequence == 0


def test_what_is_taken_between_offer_and_yes_is_refused_to_both(meeting, leila, amara, commons):
    hers, theirs = both_inside(meeting, leila, amara)
    session = meeting.session
    hers.get_by_role("button", name=OFFER).click()
    yes = theirs.get_by_role("button", name=YES)
    expect(yes).to_be_visible()
    make_session(NeedFactory(mentee=PersonFactory(org=commons), org=commons), amara, session.ends_at)
    yes.click()
    for page in (hers, theirs):
        expect(page.locator("#told")).to_contain_text("Amara has something else right after")
    assert now_in(session).sequence == 0
