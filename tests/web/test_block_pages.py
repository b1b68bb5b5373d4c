"""Blocking somebody in two presses, and taking it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.people.queries import is_blocked
from quarterhour.people.services import block
from quarterhour.sessions.models import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    from quarterhour.core import clock

    return clock.now()


@pytest.fixture
def here(client, leila):
    client.force_login(leila)
    return client


def text_of(client, name, *args, status=200) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == status
    return response.content.decode()


def main_of(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def test_the_page_says_what_will_happen_before_it_does(here, leila, amara, commons, today):
    need = NeedFactory(mentee=leila, org=commons, stated_at=today)
    session = make_session(need, amara, today + timedelta(days=2))
    page = text_of(here, "people:block", amara.pk)
    assert "Block Amara Okafor?" in page
    assert "is released." in page
    assert "It does not say why." in page
    assert not is_blocked(leila, amara)

    response = here.post(reverse("people:block", args=[amara.pk]), follow=True)
    assert response.redirect_chain == [(reverse("people:settings") + "#blocked", 302)]
    assert "Blocked. You and Amara do not meet here any more." in response.content.decode()
    assert is_blocked(leila, amara)
    session.refresh_from_db()
    assert session.status == Status.CANCELLED


def test_settings_list_whom_one_blocked_and_take_it_back(here, leila, amara, commons, today):
    assert "Nobody. You can block somebody" in text_of(here, "people:settings")
    block(other=amara, by=leila, org=commons, now=today)
    page = text_of(here, "people:settings")
    assert "Amara Okafor" in page
    assert reverse("people:unblock", args=[amara.pk]) in page
    here.post(reverse("people:unblock", args=[amara.pk]))
    assert not is_blocked(leila, amara)
    assert here.post(reverse("people:unblock", args=[amara.pk])).status_code == 404


def test_the_blocked_one_finds_no_trace(client, leila, amara, tomasz, commons, today):
    block(other=tomasz, by=amara, org=commons, now=today)
    client.force_login(tomasz)
    assert "Amara" not in text_of(client, "people:settings")
    told = [
        main_of(text_of(client, name, pk, status=404))
        for name, pk in [("people:mentor", amara.pk), ("people:block", amara.pk), ("people:mentor", leila.pk)]
    ]
    assert told[0] == told[1] == told[2]


def test_whoever_blocked_is_shown_where_to_take_it_back(here, leila, amara, commons, today):
    block(other=amara, by=leila, org=commons, now=today)
    response = here.get(reverse("people:block", args=[amara.pk]))
    assert response.url == reverse("people:settings") + "#blocked"
    text_of(here, "people:mentor", amara.pk, status=404)


def test_the_way_to_it_stands_wherever_somebody_is_met(client, leila, amara, commons, today):
    session = make_session(NeedFactory(mentee=leila, org=commons), amara, today - timedelta(minutes=2))
    over = make_session(NeedFactory(mentee=leila, org=commons), amara, today - timedelta(days=2), status=Status.ENDED)
    pages = ["book:booked", "room:lobby", "room:room"]
    seen = {leila: [("people:mentor", amara.pk)], amara: [("mentor:brief", session.pk)]}
    for reader, own in seen.items():
        client.force_login(reader)
        way = reverse("people:block", args=[session.other(reader).pk])
        for name, pk in [*own, *((name, session.pk) for name in pages), ("advice:card", over.pk)]:
            assert f'href="{way}"' in text_of(client, name, pk), (reader, name)


def test_nobody_is_offered_to_block_themselves(client, amara, commons):
    client.force_login(amara)
    assert reverse("people:block", args=[amara.pk]) not in text_of(client, "people:mentor", amara.pk)
    assert client.post(reverse("people:block", args=[amara.pk])).status_code == 404


def test_booking_somebody_apart_is_refused_in_words(here, leila, amara, commons, today):
    need = NeedFactory(mentee=leila, org=commons, stated_at=today)
    block(other=leila, by=amara, org=commons, now=today)
    start = (today + timedelta(days=2)).isoformat()
    refused = here.post(reverse("match:hold", args=[need.pk]), {"mentor": amara.pk, "start": start})
    assert refused.status_code == 403
    page = main_of(refused.content.decode())
    assert "Amara Okafor does not offer time here. Your question is saved." in page
    assert "block" not in page.lower().replace("<blockquote", "").replace("</blockquote", "")


@pytest.mark.parametrize("many", [1, 6])
def test_the_list_costs_the_same_however_long(here, leila, commons, today, many, django_assert_num_queries):
    for _ in range(many):
        block(other=MentorFactory(org=commons), by=leila, org=commons, now=today)
    here.get(reverse("people:settings"))
    with django_assert_num_queries(6):  # login session, person, their places, role, passkeys, blocks
        here.get(reverse("people:settings"))


def test_a_stranger_cannot_be_blocked_or_named(here, commons):
    fellow = PersonFactory(name="Quiet Fellow", org=commons)
    assert "Quiet" not in text_of(here, "people:block", fellow.pk, status=404)
