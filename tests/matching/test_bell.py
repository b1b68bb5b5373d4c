"""The sockets of now against the realtime process as it runs in production: who is heard, and what they hear."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from tests.journeys.screens import nobody_left_in_line
from tests.sessions.room_server import SITE, RealtimeServer
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from quarterhour.core import clock
from quarterhour.matching.models import OnCall, Ring
from quarterhour.matching.now import bell, line, oncall, queries
from quarterhour.sessions.room import tickets

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("bell by socket")]
HOUR = timedelta(hours=1)
CUT_OFF = 0


@pytest.fixture(scope="module")
def server(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        started = RealtimeServer().start()
    yield started
    started.stop()


@pytest.fixture
def page(transactional_db, server):
    """Opens a socket as a page does: `page(ticket)` or `page(person=somebody)`."""
    opened = []

    def open_(ticket=None, *, person=None, login="", origin=SITE, first=None):
        if person is not None:
            ticket = tickets.make(person=person, session_id=bell.DOOR, now=clock.now(), login=login)
        socket = connect(f"ws://127.0.0.1:{server.port}/now", origin=origin, open_timeout=10)
        opened.append(socket)
        with suppress(ConnectionClosed):  # whoever is not welcome may hear so before a word
            socket.send(first if first is not None else json.dumps({"t": "hello", "ticket": ticket}))
        return socket

    with nobody_left_in_line():
        yield open_
        for socket in opened:
            socket.close()


def heard(socket, within=10.0):
    return json.loads(socket.recv(timeout=within))


def closed_with(socket) -> int:
    try:
        while True:
            socket.recv(timeout=10)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else CUT_OFF


def test_a_page_is_told_to_look_when_it_comes_and_when_somebody_rings(page, need, amara, leila, commons):
    hers, mine = page(person=amara), page(person=leila)
    assert heard(hers) == heard(mine) == {"t": "look"}

    oncall.go_on_call(mentor=amara, org=commons, until=clock.now() + HOUR, now=clock.now())
    line.press(need=need, fits={amara.pk: 0.9}, minutes=15, by=leila, now=clock.now())

    assert heard(hers) == heard(mine) == {"t": "look"}


def test_the_timer_of_the_process_ends_a_ring_that_nobody_heard(page, need, amara, leila, commons):
    now = clock.now()
    oncall.go_on_call(mentor=amara, org=commons, until=now + HOUR, now=now)
    line.press(need=need, fits={amara.pk: 0.9}, minutes=15, by=leila, now=now)
    hers = page(person=amara)
    heard(hers)
    Ring.objects.within(commons).update(until=now - timedelta(seconds=10))

    heard(hers)

    said = {ring.answer for ring in queries.rings_of(queries.standing(leila))}
    assert "missed" in said


def test_who_comes_is_noted_as_there(page, amara, commons):
    now = clock.now()
    oncall.go_on_call(mentor=amara, org=commons, until=now + HOUR, now=now)
    OnCall.objects.within(commons).update(seen_at=now - timedelta(minutes=5))
    heard(page(person=amara))
    assert queries.own_call(amara, org=commons).seen_at >= now


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ("", 4400),
        ("{", 4400),
        ("[]", 4400),
        ('{"t": "hello"}', 4400),
        ('{"t": "hello", "ticket": 3}', 4400),
        ('{"t": "hello", "ticket": "made up"}', 4401),
        ("x" * 9000, 4400),
    ],
)
def test_whatever_is_no_ticket_opens_nothing(page, first, code):
    assert closed_with(page(first=first)) == code


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
def test_a_page_of_somebody_else_is_not_heard(page, leila, origin):
    assert closed_with(page(person=leila, origin=origin)) == 4403


def test_a_ticket_for_a_room_does_not_open_this_door(page, leila, need):
    ticket = tickets.make(person=leila, session_id=need.pk, now=clock.now())
    assert closed_with(page(ticket)) == 4401


def test_whoever_has_signed_out_or_was_deactivated_is_not_let_in(page, leila, amara):
    login = SessionStore()
    login.create()
    heard(page(person=leila, login=login.session_key))
    login.delete()
    assert closed_with(page(person=leila, login=login.session_key)) == 4401
    type(amara).objects.filter(pk=amara.pk).update(is_active=False)
    assert closed_with(page(person=amara)) == 4401


def test_a_page_that_talks_without_end_is_shown_out(page, leila):
    loud = page(person=leila)
    heard(loud)
    with suppress(ConnectionClosed):
        for _ in range(60):
            loud.send('{"t": "beat"}')
    # What was sent and never read may cut the line before the last word has come through.
    assert closed_with(loud) in {4429, CUT_OFF}


def test_a_seventh_page_takes_the_place_of_the_first(page, leila):
    first = page(person=leila)
    heard(first)
    for _ in range(6):
        heard(page(person=leila))
    assert closed_with(first) == 4409
