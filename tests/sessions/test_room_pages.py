"""The pages of the room: who sees which, and what they tell their script."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.factories import PersonFactory, make_session

from quarterhour.advice.models import Action, Takeaway
from quarterhour.core import clock
from quarterhour.sessions.models import Companion, Status
from quarterhour.sessions.room import tickets

pytestmark = pytest.mark.django_db


@pytest.fixture
def session_at(need, amara):
    """A session so many minutes from now."""

    def make(minutes: float, status=Status.CONFIRMED):
        start = clock.now().replace(microsecond=0) + timedelta(minutes=minutes)
        return make_session(need, amara, start, status=status)

    return make


@pytest.fixture
def as_leila(client, leila):
    client.force_login(leila)
    return client


def boot_of(response) -> dict:
    found = re.search(
        r'<script id="room-boot" type="application/json">(.*?)</script>', response.content.decode(), re.DOTALL
    )
    return json.loads(found[1])


def test_the_lobby_shows_the_question_the_other_one_and_one_way_in(as_leila, session_at):
    session = session_at(5)

    page = as_leila.get(reverse("room:lobby", args=[session.pk]))

    told = page.content.decode()
    assert page.status_code == 200
    assert "Should I say yes now, or stay an engineer for another year?" in told
    assert "Amara Okafor" in told
    assert re.findall(r'class="button time wide" id="enter" href="([^"]+)">Go in<', told) == [
        reverse("room:room", args=[session.pk])
    ]


@pytest.mark.parametrize("name", ["room:lobby", "room:room"])
def test_the_page_carries_a_ticket_for_its_reader_and_their_sign_in(as_leila, leila, session_at, name):
    session = session_at(5)

    boot = boot_of(as_leila.get(reverse(name, args=[session.pk])))

    ticket = tickets.read(boot["ticket"], session_id=session.pk, now=clock.now())
    assert (ticket.person_id, ticket.login) == (leila.pk, as_leila.session.session_key)
    assert as_leila.session.session_key not in json.dumps(boot)


def test_the_boot_tells_both_sides_the_same_hours_and_who_gives_way(client, leila, amara, session_at):
    session = session_at(5)
    boots = []
    for person in (leila, amara):
        client.force_login(person)
        boots.append(boot_of(client.get(reverse("room:room", args=[session.pk]))))

    hours = [{key: boot[key] for key in ("opens", "starts", "ends", "closes", "boxes", "cue")} for boot in boots]
    assert hours[0] == hours[1]
    assert hours[0]["closes"] - hours[0]["opens"] == (10 + 25 + 15) * 60_000
    assert [box["minutes"] for box in hours[0]["boxes"]] == [2, 9, 8, 6]
    assert [boot["polite"] for boot in boots] == [True, False]


@pytest.mark.parametrize("name", ["room:lobby", "room:room", "room:ticket"])
def test_strangers_find_nothing(client, session_at, tomasz, name):
    client.force_login(tomasz)

    assert client.get(reverse(name, args=[session_at(5).pk])).status_code == 404


def test_who_is_not_signed_in_is_asked_to_first(client, session_at):
    session = session_at(5)

    for name in ("room:lobby", "room:room"):
        assert client.get(reverse(name, args=[session.pk])).status_code == 302
    refused = client.get(reverse("room:ticket", args=[session.pk]))
    assert (refused.status_code, refused.json()["word"], refused.json()["go"]) == (401, "signed-out", "sign-in")


@pytest.mark.parametrize(
    ("minutes", "status", "words"),
    [
        (11, Status.CONFIRMED, "The doors open at"),
        (60 * 24, Status.CONFIRMED, "The doors open at"),
        (-41, Status.CONFIRMED, "This session is over."),
        (-60, Status.ENDED, "This session is over."),
        (5, Status.CANCELLED, "This session was released."),
        (5, Status.ASKED, "This time still waits for a yes."),
        (5, Status.HELD, "This time is only held, not booked yet."),
        (5, Status.DECLINED, "This request was declined."),
    ],
)
def test_out_of_hours_a_calm_page_says_why(as_leila, session_at, minutes, status, words):
    session = session_at(minutes, status)

    page = as_leila.get(reverse("room:lobby", args=[session.pk]))

    assert page.status_code == 200
    assert words in page.content.decode()
    assert "Go in<" not in page.content.decode()
    assert as_leila.get(reverse("room:room", args=[session.pk])).headers["Location"] == reverse(
        "room:lobby", args=[session.pk]
    )
    assert as_leila.get(reverse("room:ticket", args=[session.pk])).status_code == 409


def test_after_it_the_way_leads_to_the_takeaway_card(as_leila, session_at):
    session = session_at(-41)

    page = as_leila.get(reverse("room:lobby", args=[session.pk]))

    assert f'href="{reverse("advice:card", args=[session.pk])}"' in page.content.decode()


def test_a_fresh_ticket_can_be_had_while_the_doors_are_open(as_leila, leila, session_at):
    session = session_at(-5)

    answer = as_leila.get(reverse("room:ticket", args=[session.pk]))

    assert tickets.read(answer.json()["ticket"], session_id=session.pk, now=clock.now()).person_id == leila.pk
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_room_may_use_camera_and_microphone_and_its_socket_and_nothing_inline(as_leila, session_at, settings):
    page = as_leila.get(reverse("room:room", args=[session_at(-5).pk]))

    policy = page.headers["Content-Security-Policy"]
    assert settings.REALTIME_URL in policy
    assert "unsafe-inline" not in policy.split("style-src-attr")[0]
    assert "camera=(self), microphone=(self), display-capture=(self)" in page.headers["Permissions-Policy"]
    assert not re.findall(r"<script(?![^>]*(?:src=|application/json))", page.content.decode())


@pytest.mark.parametrize(
    ("relay", "words"), [("", "They never pass our servers"), ("north", "our relay passes them on")]
)
def test_the_page_says_exactly_which_way_pictures_take(as_leila, session_at, settings, relay, words):
    settings.TURN, settings.TURN_SECRET = (["turn:turn.example.org"], relay) if relay else ([], "")

    assert words in as_leila.get(reverse("room:lobby", args=[session_at(5).pk])).content.decode()


@pytest.mark.parametrize(("coming", "shown"), [(2, "direct"), (3, "server")])
def test_with_more_than_two_who_come_along_the_page_says_that_a_server_hands_on(
    as_leila, session_at, settings, coming, shown
):
    settings.SFU_URL, session = "ws://127.0.0.1:8188", session_at(5)
    for n in range(coming):
        person, now = PersonFactory(name=f"Guest {n}", org=session.org), clock.now()
        given = {"brought_by": session.mentee, "email": person.email, "person": person}
        Companion.objects.create(org=session.org, session=session, **given, asked_at=now, accepted_at=now)

    told = as_leila.get(reverse("room:lobby", args=[session.pk])).content.decode()

    hidden = dict(re.findall(r'<span data-way="(\w+)"( hidden)?>', told))
    assert [way for way, is_hidden in hidden.items() if not is_hidden] == [shown]
    assert "Guest 0 and Guest 1" in told if coming == 2 else "Guest 0, Guest 1 and Guest 2" in told


def test_a_question_with_markup_stays_words(as_leila, session_at, need):
    need.text = "<script>alert(1)</script> Should I </script> stay?"
    need.save()

    told = as_leila.get(reverse("room:room", args=[session_at(5).pk])).content.decode()

    assert "<script>alert" not in told


@pytest.mark.parametrize("name", ["room:lobby", "room:room"])
def test_what_they_took_away_the_last_time_stands_beside_it(as_leila, session_at, need, amara, name):
    earlier = make_session(need, amara, clock.now() - timedelta(days=9), status="ended")
    words = {"insight": "A lead role can be a trial", "written_at": earlier.ends_at}
    card = Takeaway.objects.create(org=need.org, session=earlier, **words)
    for text, fate in (("Write to Jonas", "open"), ("Read the offer", "done")):
        Action.objects.create(org=need.org, takeaway=card, text=text, fate=fate)

    told = as_leila.get(reverse(name, args=[session_at(5).pk])).content.decode()

    assert "Last time" in told
    assert "A lead role can be a trial" in told
    assert "Write to Jonas" in told
    assert "Read the offer" not in told
    assert f'href="/takeaway/{earlier.pk}/"' in told


@pytest.mark.parametrize("name", ["room:lobby", "room:room"])
def test_a_page_asks_the_database_few_questions(as_leila, session_at, name, django_assert_max_num_queries):
    session = session_at(5)

    with django_assert_max_num_queries(6):
        as_leila.get(reverse(name, args=[session.pk]))
