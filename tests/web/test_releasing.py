"""Nothing is let go by one slip: what follows is said first, and the safe way out is beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.factories import make_session

from quarterhour.sessions.models import MentoringSession, Status


@pytest.fixture
def session(need, amara, now, clock):
    return make_session(need, amara, now + timedelta(days=1))


def at(name, session):
    return reverse(f"book:{name}", args=[session.pk])


def asked_of(client, person, session) -> str:
    client.force_login(person)
    response = client.get(at("release", session))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def status_of(session) -> str:
    return MentoringSession.objects.within(session.org_id).get(pk=session.pk).status


@pytest.mark.parametrize(
    ("who", "follows"),
    [
        (
            "mentee",
            "Amara is told at once, and it leaves both calendars. The time is free for others, and your question stays",
        ),
        (
            "mentor",
            "Leila is told at once, and it leaves both calendars. Leila’s question stays open, with others who are",
        ),
    ],
)
def test_the_page_says_what_follows_and_looking_lets_nothing_go(client, session, who, follows):
    page = asked_of(client, getattr(session, who), session)
    assert "Release tomorrow 09:04?" in page or "Release tomorrow 10:04?" in page
    assert follows in page
    assert "Less than 3 hours" not in page
    assert status_of(session) == Status.CONFIRMED


@pytest.mark.parametrize("page", ["booked", "release"])
def test_the_same_is_asked_in_a_dialog_and_on_a_page(client, session, leila, page):
    client.force_login(leila)
    text = " ".join(client.get(at(page, session)).content.decode().split())
    assert "Release tomorrow 09:04?" in text
    assert "Keep it" in text
    assert f'href="{at("release", session)}" data-opens="#release-{session.pk}"' in text or page == "release"


def test_close_to_its_time_it_says_that_it_is_late_and_that_the_room_closes(client, session, leila, now, clock):
    clock.now = session.starts_at - timedelta(minutes=9)
    page = asked_of(client, leila, session)
    assert "The room closes for both of you." in page
    assert "Less than 3 hours before it counts as late, and both of you see that." in page

    clock.now = session.starts_at + timedelta(minutes=1)
    assert "leaves both calendars" not in asked_of(client, session.mentor, session)


def test_a_request_is_taken_back_from_somebody(client, need, amara, leila, now, clock):
    request = make_session(need, amara, now + timedelta(days=1), status=Status.ASKED)
    assert "Take it back from Amara?" in asked_of(client, leila, request)
    assert "Leila is told at once that you cannot" in asked_of(client, amara, request)
    client.force_login(leila)
    page = client.get(reverse("book:asked", args=[need.pk])).content.decode()
    assert page.index(f'id="release-{request.pk}"') > page.index('id="asked"'), "a dialog that asks is not drawn anew"
    client.post(at("release", request))
    assert status_of(request) == Status.CANCELLED


@pytest.mark.parametrize("status", [Status.HELD, Status.CANCELLED, Status.ENDED, Status.DECLINED])
def test_where_nothing_can_be_let_go_the_page_leads_to_how_things_stand(client, need, amara, leila, now, clock, status):
    session = make_session(need, amara, now + timedelta(days=1), status=status)
    client.force_login(leila)
    assert client.get(at("release", session)).url == at("booked", session)


def test_what_is_over_is_not_let_go(client, session, leila, clock):
    clock.now = session.ends_at
    client.force_login(leila)
    assert client.get(at("release", session)).url == at("booked", session)


def test_a_stranger_is_asked_nothing(client, session, tomasz):
    client.force_login(tomasz)
    assert client.get(at("release", session)).status_code == 404
