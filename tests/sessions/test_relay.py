"""Whether a relay answers: asked of a real coturn, as the operator's page and the terminal ask it."""

from __future__ import annotations

import shutil
import socket
import time
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from tests.factories import PersonFactory
from tests.sessions.room_server import free_port
from tests.sessions.room_visitors import RELAY_SECRET, coturn

from quarterhour.sessions.room import relay

coturn_here = pytest.mark.skipif(not shutil.which("turnserver"), reason="coturn is not installed")


@pytest.fixture
def port():
    port = free_port()
    with coturn(port):
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port


def now():
    return datetime.now(UTC)


@coturn_here
@pytest.mark.parametrize("transport", ["", "?transport=tcp"])
def test_a_relay_that_takes_our_password_is_well(settings, port, transport):
    settings.TURN, settings.TURN_SECRET = [f"turn:127.0.0.1:{port}{transport}"], RELAY_SECRET

    (found,) = relay.ask_relays(now=now())

    assert found.well, found
    assert "gave us a place at 127.0.0.1" in found.told


@coturn_here
def test_a_wrong_secret_a_deaf_relay_and_a_wrong_address_are_told_apart(settings, port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        settings.TURN_SECRET = "south of the river"
        settings.TURN = [
            f"turn:127.0.0.1:{port}",
            f"turn:127.0.0.1:{deaf.getsockname()[1]}",
            "turn:nowhere.invalid",
            "x:y",
        ]

        began = time.monotonic()
        found = relay.ask_relays(now=now())

    assert time.monotonic() - began < relay.WITHIN + 2
    assert [each.well for each in found] == [False] * 4
    assert [each.told.split(" (")[0] for each in found] == [
        "refused our password", "did not answer within three seconds", "cannot be reached", "cannot be reached",
    ]  # fmt: skip
    assert "QUARTERHOUR_TURN_SECRET" in found[0].remedy


def test_without_a_relay_nobody_is_asked(settings):
    settings.TURN = []
    assert relay.ask_relays(now=now()) == []


@coturn_here
def test_the_operator_presses_and_reads_what_the_relay_says(client, commons, settings, port):
    settings.TURN, settings.TURN_SECRET = [f"turn:127.0.0.1:{port}"], RELAY_SECRET
    client.force_login(PersonFactory(name="Jonas Brandt", org=commons, is_operator=True))
    assert "Test the relay" in client.get(reverse("operate:health")).content.decode()

    told = client.post(reverse("operate:relay"), follow=True).content.decode()
    assert "gave us a place at 127.0.0.1" in told

    settings.TURN_SECRET = "south of the river"
    assert "refused our password" in client.post(reverse("operate:relay"), follow=True).content.decode()
    client.force_login(PersonFactory(org=commons))
    assert client.post(reverse("operate:relay")).status_code == 403
