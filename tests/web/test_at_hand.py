"""A session that is on, or begins within the hour, stands on top of the page where people ask."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.factories import make_session

from quarterhour.sessions.models import Status

ASK = "/ask/"
TITLE = "Your next session"


@pytest.fixture
def mentor(amara):
    return amara


@pytest.fixture
def asking(client, leila, clock):
    client.force_login(leila)
    return client


def test_a_session_that_begins_in_minutes_stands_first_with_the_way_into_its_room(asking, need, mentor, now):
    session = make_session(need, mentor, now + timedelta(minutes=8))
    text = asking.get(ASK).content.decode()
    assert text.index(TITLE) < text.index("<h1")
    assert "In 8 minutes" in text
    assert reverse("room:lobby", args=[session.pk]) in text


def test_before_its_doors_open_it_stands_there_without_the_room(asking, need, mentor, now):
    session = make_session(need, mentor, now + timedelta(minutes=59))
    text = asking.get(ASK).content.decode()
    assert TITLE in text
    assert reverse("book:booked", args=[session.pk]) in text
    assert reverse("room:lobby", args=[session.pk]) not in text


def test_while_two_talk_it_says_so(asking, need, mentor, now):
    session = make_session(need, mentor, now - timedelta(minutes=5))
    text = asking.get(ASK).content.decode()
    assert reverse("room:lobby", args=[session.pk]) in text
    assert "Now" in text[text.index(TITLE) : text.index("<h1")]


@pytest.mark.parametrize("minutes", [60, 24 * 60, -25])
def test_what_is_not_near_or_is_over_leaves_the_box_alone(asking, need, mentor, now, minutes):
    make_session(need, mentor, now + timedelta(minutes=minutes))
    assert TITLE not in asking.get(ASK).content.decode()


def test_a_request_that_waits_is_no_session_yet(asking, need, mentor, now):
    make_session(need, mentor, now + timedelta(minutes=8), status=Status.ASKED)
    assert TITLE not in asking.get(ASK).content.decode()


def test_it_costs_one_query(asking, need, mentor, now, django_assert_num_queries):
    make_session(need, mentor, now + timedelta(minutes=8))
    asking.get(ASK)
    with django_assert_num_queries(10):
        asking.get(ASK)
