"""Tell me when somebody can: one press to begin, one to stop, and the tracker tells who came up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.factories import MentorFactory, NeedFactory, make_session

from quarterhour.core import clock
from quarterhour.needs.models import Need, Waiting
from quarterhour.needs.services import note_prospect, wait

pytestmark = pytest.mark.django_db

BEGIN, STOP = "Tell me when somebody can", "Stop waiting"


@pytest.fixture
def today():
    return clock.now()


@pytest.fixture
def asked(client, leila, commons, today):
    """Nobody is here who could help."""
    client.force_login(leila)
    return NeedFactory(mentee=leila, org=commons, stated_at=today)


def text_of(client, name, *args) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_where_nobody_is_there_the_page_offers_to_wait(client, asked):
    page = text_of(client, "match:need", asked.pk)
    assert "Nobody fits yet" in page
    assert BEGIN in page
    answer = client.post(reverse("match:wait", args=[asked.pk]), follow=True).content.decode()
    assert "You hear from us when somebody can, until " in answer
    assert "Waiting for somebody until " in answer
    assert STOP in answer
    assert BEGIN not in answer
    assert Waiting.objects.within(asked.org).filter(need=asked, stopped_at=None).count() == 1


def test_one_press_stops_it_from_the_page_and_the_tracker(client, asked):
    for page in ("match:need", "ask:ask"):
        client.post(reverse("match:wait", args=[asked.pk]))
        shown = text_of(client, page, *([asked.pk] if page == "match:need" else []))
        assert f'action="{reverse("match:wait", args=[asked.pk])}"' in shown
        assert STOP in shown
        client.post(reverse("match:wait", args=[asked.pk]), {"stop": "yes"})
        assert STOP not in text_of(client, "ask:ask")


def test_the_tracker_tells_who_can_help_and_the_page_shows_their_card(client, asked, commons, today):
    bettina = MentorFactory(name="Bettina Kraus", org=commons)
    note_prospect(waiting=wait(need=asked, now=today), mentor=bettina, now=today)
    tracker = text_of(client, "ask:ask")
    assert "Bettina can help: see" in tracker
    assert f'href="{reverse("match:need", args=[asked.pk])}#m-{bettina.pk}"' in tracker
    assert f'id="m-{bettina.pk}"' in text_of(client, "match:need", asked.pk)


def test_when_it_ran_out_in_vain_the_tracker_says_so(client, asked, today):
    row = wait(need=asked, now=today - timedelta(days=9))
    assert row.until < today
    assert "Nobody came up by " in text_of(client, "ask:ask")


def test_what_is_booked_waits_no_more_on_the_tracker(client, asked, amara, today):
    wait(need=asked, now=today)
    make_session(asked, amara, today + timedelta(days=1))
    assert STOP not in text_of(client, "ask:ask")


def test_a_question_that_is_over_is_told_so(client, asked, today):
    Need.objects.within(asked.org).filter(pk=asked.pk).update(when="any", decide_by=today.date() - timedelta(days=2))
    refused = client.post(reverse("match:wait", args=[asked.pk]))
    assert refused.status_code == 422
    assert "This question is over." in refused.content.decode()


def test_before_signing_in_the_way_to_it_leads_through_the_door(client, commons, leila):
    client.post(reverse("ask:ask"), {"text": "How do I taste white wine without looking at the label?"})
    assert BEGIN in text_of(client, "match:draft")
    pressed = client.post(reverse("match:wait_for_draft"))
    assert pressed.url.startswith(reverse("people:sign_in"))
    kept = client.session["draft"]
    client.force_login(leila)
    session = client.session
    session["draft"] = kept
    session.save()
    client.post(reverse("match:wait_for_draft"))
    assert Waiting.objects.within(commons).get().need.mentee == leila


@pytest.mark.parametrize("many", [1, 4])
def test_the_tracker_costs_the_same_however_many_wait(client, leila, commons, today, many):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(leila)
    for _ in range(many):
        waiting = wait(need=NeedFactory(mentee=leila, org=commons, stated_at=today), now=today)
        note_prospect(waiting=waiting, mentor=MentorFactory(org=commons), now=today)
    text_of(client, "ask:ask")
    with CaptureQueriesContext(connection) as caught:
        text_of(client, "ask:ask")
    # Login, person, their places, role, questions in two, sessions, waiting in two, what is due, the waitlist.
    assert len(caught) == 11
