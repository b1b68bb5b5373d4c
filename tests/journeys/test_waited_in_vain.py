"""Somebody waits ten minutes alone: one press, the next times, and the other side hears what happened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.sessions.room_visitors import ROOT

from quarterhour.core import clock, outbox
from quarterhour.core.ids import uuid7
from quarterhour.notifications.models import SentMail
from quarterhour.sessions.models import AttendanceEvent, MentoringSession, Status

pytest_plugins = ["tests.sessions.room_browsers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room in browsers")]

AXE = ROOT / "node_modules/axe-core/axe.min.js"
FOUND = "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map((each) => each.id)"


def waiting(meeting, person, **how):
    """Twelve minutes into their session, somebody opens its lobby again, where they have been since the start."""
    session = meeting.starts(minutes=-12).session
    tab, start = uuid7(), session.starts_at
    for kind, minute in (("waiting", 0), ("joined", 0), ("heartbeat", 6), ("left", 11.5)):
        at = start + timedelta(minutes=minute)
        AttendanceEvent.objects.create(
            org=session.org, session=session, person=person, kind=kind, connection=tab, at=at
        )
    came = f"sessionStorage.setItem('quarterhour-came-{session.pk}', {start.timestamp() * 1000});"
    return meeting.open(person, script=came, **how)[0]


def quiet(page) -> list[str]:
    """What axe finds on this page."""
    page.add_script_tag(path=AXE) if not page.evaluate("Boolean(window.axe)") else None
    return page.evaluate(FOUND)


def test_a_mentee_finds_another_time_with_one_press_and_the_mentor_hears_of_it(meeting, leila, amara):
    mine = waiting(meeting, leila, bypass_csp=True).lobby("chat").go_in()
    session, note = meeting.session, mine.page.locator("#told")
    expect(note).to_contain_text("Amara did not come.")
    assert quiet(mine.page) == []

    theirs = meeting.open(amara)[0].lobby("chat")
    expect(note).not_to_contain_text("Amara did not come.")
    theirs.page.goto("about:blank")
    expect(note).to_contain_text("Amara did not come.")

    mine.page.get_by_role("button", name="Find another time").click()

    expect(mine.page).to_have_url(f"{meeting.address}/kept/{session.pk}/")
    expect(mine.page.get_by_role("heading", name="Amara did not come.")).to_be_visible()
    expect(mine.page.locator('form [name="start"]').first).to_be_visible()
    assert quiet(mine.page) == []
    theirs.page.goto(f"{meeting.address}/room/{session.pk}/in/")
    expect(theirs.page.get_by_role("heading", name="This session is over.")).to_be_visible()
    theirs.page.get_by_role("link", name="How it was kept").click()
    expect(theirs.page.get_by_role("heading", name="You did not come.")).to_be_visible()

    theirs.page.get_by_label("That is not how it was?").fill("My line was down, I telephoned.")
    theirs.page.get_by_role("button", name="Say how it was").click()

    expect(theirs.page.get_by_text("It is being looked into.")).to_be_visible()
    outbox.drain(now=clock.now())
    missed = SentMail.objects.within(session.org_id).filter(reason__startswith=f"missed {session.pk}")
    assert {mail.person_id for mail in missed} == {leila.pk, amara.pk}


def test_a_mentor_has_the_rest_of_the_time_again(meeting, leila, amara):
    mine = waiting(meeting, amara).lobby("chat")
    expect(mine.page.locator("#told")).to_contain_text("Leila did not come.")
    mine.page.get_by_role("button", name="Free the rest of the time").click()
    expect(mine.page.get_by_role("heading", name="Leila did not come.")).to_be_visible()
    session = MentoringSession.objects.within(meeting.session.org_id).get(pk=meeting.session.pk)
    assert session.status == Status.ENDED
    assert max(claim.during.upper for claim in session.claims.all()) < session.ends_at


def test_whoever_keeps_waiting_is_left_alone_and_goes_in_with_the_late_one(meeting, leila, amara):
    mine = waiting(meeting, leila).lobby("chat").go_in()
    mine.page.get_by_role("button", name="Keep waiting").click()
    expect(mine.page.locator("#told")).not_to_contain_text("did not come")
    late = meeting.open(amara)[0].lobby("chat").go_in()
    expect(mine.page.locator("#presence")).to_contain_text("Amara is here")
    expect(late.page.locator("#presence")).to_contain_text("Leila is here")


def test_a_press_is_refused_while_the_other_one_comes_in(meeting, leila, amara):
    mine = waiting(meeting, leila).lobby("chat").go_in()
    button = mine.page.get_by_role("button", name="Find another time")
    expect(button).to_be_visible()
    session = meeting.session
    AttendanceEvent.objects.create(
        org=session.org, session=session, person=amara, kind="joined", connection=uuid7(), at=clock.now()
    )  # their entry is written, and has not been told yet
    button.click()
    expect(mine.page.locator("#told")).to_contain_text("Amara has just come.")
    assert MentoringSession.objects.within(session.org_id).get(pk=session.pk).status == Status.CONFIRMED
