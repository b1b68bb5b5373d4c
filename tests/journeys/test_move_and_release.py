"""Plans change: a time is moved and released, on the page and from the mail, and both calendars follow."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.factories import NeedFactory, PersonFactory
from tests.journeys.screens import QUESTION, invitation
from tests.notifications.reading import links_in

from quarterhour.core import clock
from quarterhour.sessions import services
from quarterhour.sessions.models import Status, TimeClaim

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("journeys"),
    pytest.mark.django_db(transaction=True),
]
LEILA, AMARA = "leila@town.example", "amara@town.example"


@pytest.fixture
def leila(commons):
    return PersonFactory(name="Leila Haddad", email=LEILA, zone="Europe/Lisbon", org=commons)


@pytest.fixture
def booked(worked, leila, mentors, commons):
    """The day after tomorrow at noon, with Amara. Both are invited as soon as the worker has looked."""
    noon = clock.now().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=2)
    need = NeedFactory(mentee=leila, org=commons, stated_at=clock.now(), text=QUESTION)
    return services.book(need=need, mentor=mentors["Amara"], start=noon, minutes=25, by=leila, now=clock.now())


def test_moved_and_released_on_the_page(screen, worked, post, booked, leila):
    leilas = screen(0, timezone_id="Europe/Lisbon")
    leilas.context.add_cookies(worked.cookies_for(leila))
    first = both_get(post, 1, "REQUEST", 0)
    assert first.start == booked.starts_at

    leilas.go(f"/sessions/{booked.pk}/")
    leilas.touch(leilas.page.locator("#move button.slot").first)
    expect(leilas.page.locator(".toast")).to_contain_text("Moved to ")

    old = booked.starts_at
    booked.refresh_from_db()
    assert booked.starts_at != old
    second = both_get(post, 2, "REQUEST", 1)
    assert (second["UID"], second.start, second.end) == (first["UID"], booked.starts_at, booked.ends_at)

    leilas.press(re.compile("^Release "), "link")
    expect(leilas.page.get_by_role("button", name="Keep it")).to_be_focused()
    leilas.press(re.compile("^Release "))
    expect(leilas.page.locator(".toast")).to_contain_text("Released. Amara is told")

    third = both_get(post, 3, "CANCEL", 2)
    assert (third["UID"], third["STATUS"]) == (first["UID"], "CANCELLED")
    it_is_let_go(booked)
    assert leilas.complaints == []


def test_moved_by_one_and_released_by_the_other_from_the_mail_without_signing_in(screen, worked, post, booked):
    leilas, amaras = screen(0, timezone_id="Europe/Lisbon"), screen(1, timezone_id="Africa/Lagos")
    first = both_get(post, 1, "REQUEST", 0)
    old_way = links_in(post.to(AMARA)[0])["release"]

    leilas.go(links_in(post.to(LEILA)[0])["move"])
    expect(leilas.heading()).to_have_text("Another time with Amara?")
    leilas.page.get_by_role("radio").last.check(force=True)
    leilas.press("Move it")
    expect(leilas.page.get_by_role("status").first).to_contain_text("Amara")

    old = booked.starts_at
    booked.refresh_from_db()
    assert booked.starts_at != old
    second = both_get(post, 2, "REQUEST", 1)
    assert (second["UID"], second.start) == (first["UID"], booked.starts_at)

    amaras.go(old_way)
    expect(amaras.heading()).to_have_text("This link does not work any more")
    new_way = links_in(post.to(AMARA)[1])["release"]
    amaras.go(new_way).page.reload()
    booked.refresh_from_db()
    assert booked.status == Status.CONFIRMED, "looking, however often, changes nothing"
    amaras.page.get_by_role("textbox").fill("My daughter is ill. I am sorry.")
    amaras.press("Release it")
    expect(amaras.page.get_by_role("status").first).to_contain_text("Leila")

    third = both_get(post, 3, "CANCEL", 2)
    assert third["UID"] == first["UID"]
    assert "My daughter is ill" in post.to(LEILA)[2].get_body(("plain",)).get_content()
    it_is_let_go(booked)
    amaras.go(new_way)
    expect(amaras.heading()).to_have_text("This link does not work any more")
    assert leilas.complaints == []
    assert [told for told in amaras.complaints if "status of 410" not in told] == []


def both_get(post, number, method, sequence):
    """Both have their letter of that number, and both calendars are told the same. Returns the event."""
    events = [invitation(post.wait(address, number)) for address in (LEILA, AMARA)]
    assert [(event["METHOD"], event["SEQUENCE"]) for event in events] == [(method, sequence)] * 2
    assert [(event["UID"], event.start, event.end) for event in events[1:]] == [
        (events[0]["UID"], events[0].start, events[0].end)
    ]
    return events[0]


def it_is_let_go(session) -> None:
    session.refresh_from_db()
    assert session.status == Status.CANCELLED
    assert not TimeClaim.objects.filter(session=session).exists()
