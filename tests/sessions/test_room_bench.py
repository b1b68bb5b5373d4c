"""What the benchmark of the rooms says is so: everybody comes in, everything arrives, and it ends by itself."""

from __future__ import annotations

import os
import subprocess

import pytest
from tests.sessions.room_server import database_url

from quarterhour.config.bench import rooms
from quarterhour.people.queries import commons

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("room by socket")]


def test_a_small_house_is_measured_and_nothing_is_lost(monkeypatch):
    commons()
    monkeypatch.setenv("QUARTERHOUR_URL", "")  # given back afterwards: the measure names its own
    started = []
    begin = subprocess.Popen.__init__

    def remember(process, *given, **how):
        begin(process, *given, **how)
        started.append(process)

    monkeypatch.setattr(subprocess.Popen, "__init__", remember)
    rows = {row["name"].removeprefix("rooms, 3 at once: "): row["figure"] for row in _measured()}

    assert rows["people inside"] == 6
    assert rows["signals a second"] >= 5
    assert rows["signals and lines that did not come"] == rows["sockets lost"] == 0
    assert 0 < rows["a signal to the other side, 50 of 100 within"] < 5_000
    assert rows["a line of chat, kept and heard, 95 of 100 within"] > 0
    assert rows["memory with everybody inside"] >= rows["memory with nobody inside"] > 20
    assert len(started) == 4
    assert all(process.poll() is not None for process in started)


def _measured():
    assert "QUARTERHOUR_URL" in os.environ
    return rooms.measure(database_url(), rooms=3, lasts=2.0)
