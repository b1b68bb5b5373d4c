"""A session that is released or moved while people stand in its lobby or talk, and tickets that are shown again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from playwright.sync_api import expect
from tests.sessions.room_server import Tab

from quarterhour.core import clock
from quarterhour.sessions import services
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.room import news, tickets

pytest_plugins = ["tests.sessions.room_browsers"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room in browsers")]

TRACKS = (
    """async () => (document.querySelector("#preview").srcObject?.getTracks() ?? []).map((each) => each.readyState)"""
)


def test_released_while_somebody_stands_in_the_lobby(meeting, leila, amara):
    leilas = meeting.starts(minutes=4).open(leila)[0]
    leilas.lobby()
    expect(leilas.page.locator("#preview")).to_be_visible()

    services.cancel(session=meeting.session, by=amara, now=clock.now())

    expect(leilas.page.get_by_role("heading", level=1)).to_have_text("This session was released.", timeout=5_000)
    expect(leilas.page.get_by_role("link", name="See who else could help")).to_be_visible()
    assert meeting.complaints == []


def test_moved_to_tomorrow_while_somebody_stands_in_the_lobby(meeting, leila):
    leilas = meeting.starts(minutes=4).open(leila)[0]
    leilas.lobby()
    expect(leilas.page.locator("#preview")).to_be_visible()
    session = meeting.session

    with transaction.atomic():
        later = (session.starts_at + timedelta(days=1), session.ends_at + timedelta(days=1))
        MentoringSession.objects.within(session.org_id).filter(pk=session.pk).update(span=later)
        news.tell(session.pk, "moved")

    heading = leilas.page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("with Amara", timeout=5_000)
    expect(leilas.page.locator("main")).to_contain_text("The doors open at")
    assert meeting.complaints == []


def test_released_in_mid_call_lets_camera_and_microphone_go(meeting, leila, amara):
    leilas, amaras = meeting.open(leila, amara)
    for visitor in (amaras, leilas):
        visitor.lobby().go_in()
    leilas.counted("video", 5)
    amaras.counted("video", 5)

    services.cancel(session=meeting.session, by=amara, now=clock.now())

    for visitor in (leilas, amaras):
        expect(visitor.page.locator("#farewell")).to_contain_text("This session was released", timeout=1_500)
        assert "live" not in visitor.page.evaluate(TRACKS)
        assert visitor.page.evaluate("window.pc.connectionState") == "closed"
    assert meeting.complaints == []


def test_a_ticket_that_is_shown_again_opens_only_what_is_open_still(meeting, leila, tomasz):
    session = meeting.session
    ticket = tickets.make(person=leila, session_id=session.pk, now=clock.now())

    def shown_by(person):
        return Tab(meeting.rooms, session, person, origin=meeting.address, ticket=ticket)

    tabs = [shown_by(leila).enter(), shown_by(tomasz).enter()]  # the ticket counts, not who says whose it is
    assert tabs[0].goodbye()["closed_with"] == 4409  # one call a person: the copy took it, and they can see that
    services.cancel(session=session, by=leila, now=clock.now())
    tabs.append(shown_by(leila))

    assert [tab.goodbye()["closed_with"] for tab in tabs[1:]] == [4410, 4410]
    for tab in tabs:
        tab.close()
