"""The door of the rooms, without a network: the silent keep nobody out, and a failed welcome leaves nothing."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from uuid import uuid4

import psycopg
import pytest
from django.urls import reverse
from starlette.websockets import WebSocketDisconnect

from quarterhour.sessions.room import entry, limits, news
from quarterhour.sessions.room import room as rooms
from quarterhour.sessions.room.entry import Entry
from quarterhour.sessions.room.goodbyes import Leave
from quarterhour.sessions.room.hall import Hall, news_address

SITE = "http://localhost:8100"


class Knocker:
    """A socket that says hello after a while, or never."""

    def __init__(self, says_hello_after: float | None) -> None:
        self.headers, self.path_params = {"origin": SITE}, {"session_id": uuid4()}
        self._after = says_hello_after

    async def receive(self) -> dict:
        await asyncio.sleep(3600 if self._after is None else self._after)
        return {"type": "websocket.receive", "text": json.dumps({"t": "hello", "ticket": "x"})}


@pytest.fixture
def few(monkeypatch):
    """Five places in front of the door; whoever says hello is let in."""
    monkeypatch.setattr(limits, "STRANGERS", 5)

    async def admit(_work, *_, **__):
        await asyncio.sleep(0.01)
        return SimpleNamespace(person=SimpleNamespace(pk=uuid4()))

    monkeypatch.setattr(entry.threads, "run", admit)


async def outcome(door: Entry, knocker: Knocker) -> str:
    try:
        await door._let_in(knocker)
    except Leave as leave:
        return leave.goodbye.word
    except WebSocketDisconnect:
        return "left"
    return "in"


def test_silent_sockets_keep_nobody_out(few):
    async def evening() -> tuple[list[str], list[str]]:
        door = Entry()
        silent = [asyncio.create_task(outcome(door, Knocker(None))) for _ in range(40)]
        await asyncio.sleep(0.01)
        came = await asyncio.gather(*(outcome(door, Knocker(0.01)) for _ in range(4)))
        gone = [task.result() for task in silent if task.done()]
        assert len(door._silent) <= limits.STRANGERS
        for task in silent:
            task.cancel()
        return came, gone

    came, gone = asyncio.run(evening())
    assert came == ["in"] * 4
    assert len(gone) >= 35
    assert set(gone) == {"silent"}


def test_whoever_is_being_looked_at_is_not_shown_out_for_a_newcomer(few):
    """Places are taken from the silent alone: when all have said hello, a newcomer is told to come back."""

    async def evening() -> list[str]:
        door = Entry()
        first = [asyncio.create_task(outcome(door, Knocker(0))) for _ in range(5)]
        await asyncio.sleep(0.005)
        late = await outcome(door, Knocker(0))
        return [late, *await asyncio.gather(*first)]

    assert asyncio.run(evening()) == ["full", *["in"] * 5]


def test_after_a_rush_the_door_counts_from_nothing(few):
    async def evening() -> int:
        door = Entry()
        await asyncio.gather(*(outcome(door, Knocker(0)) for _ in range(30)))
        return door._knocking + len(door._silent)

    assert asyncio.run(evening()) == 0


class Session:
    def __init__(self) -> None:
        self.pk = self.org_id = uuid4()


def test_a_room_whose_first_welcome_fails_is_closed_again(monkeypatch):
    async def nothing(*_, **__):
        return []

    async def fails(self, guest):
        self.guests.append(guest)
        raise TimeoutError

    monkeypatch.setattr(rooms.threads, "run", nothing)
    monkeypatch.setattr(rooms.SharedNotes, "__init__", lambda _self, *_: None)
    monkeypatch.setattr(rooms.Room, "_save_what_is_typed", nothing)
    monkeypatch.setattr(rooms.Room, "save", nothing)
    monkeypatch.setattr(rooms.Room, "tell_presence", lambda _self, **_: None)
    monkeypatch.setattr(rooms.Room, "welcome", fails)

    async def evening() -> dict:
        hall = Hall()
        guest = SimpleNamespace(
            visit=SimpleNamespace(session=Session(), along=False), inside=False, person_id=uuid4(), id=uuid4()
        )
        with pytest.raises(TimeoutError):
            await hall.come_in(guest)
        for _ in range(20):
            await asyncio.sleep(0)
        return hall.rooms

    assert asyncio.run(evening()) == {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", ["people:sign_out", "people:sign_out_elsewhere"])
def test_signing_out_is_news_for_the_rooms(client, page):
    from tests.factories import PersonFactory

    from quarterhour.people.queries import commons

    leila = PersonFactory(org=commons())
    client.force_login(leila)
    with psycopg.connect(**news_address(), autocommit=True) as line:
        line.execute(f"LISTEN {news.CHANNEL}")
        assert client.post(reverse(page)).status_code == 302
        told = [json.loads(each.payload) for each in line.notifies(timeout=2, stop_after=1)]
    assert told == [{"person": str(leila.pk), "kind": "signed out"}]
