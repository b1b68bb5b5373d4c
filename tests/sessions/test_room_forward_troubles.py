"""A server that hands on and answers nonsense, late or never, and browsers that mean harm to the others."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

from quarterhour.sessions.room import larger, seats, store
from quarterhour.sessions.room.forward import Forwarding
from quarterhour.sessions.room.goodbyes import Leave
from quarterhour.sessions.room.guest import Guest
from quarterhour.sessions.room.hall import Hall
from quarterhour.sessions.room.room import Room
from quarterhour.sessions.room.seats import Word

SDP = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=VideoRoom 4711\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
OFFER = {"type": "offer", "sdp": SDP}


class FakeJanus:
    """It answers as Janus does, unless `answer(said)` gives another frame; "" is silence, None is as usual."""

    def __init__(self) -> None:
        self.answer: Callable[[dict], str | None] = lambda said: None
        self.rooms: dict[int, str] = {}
        self.handles: set[int] = set()
        self.asked: list[str] = []
        self.lines: list = []
        self._last = 0
        self._server = serve(self._line, "127.0.0.1", 0, subprotocols=["janus-protocol"])
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join(5)

    def cut(self) -> None:
        for line in self.lines:
            line.close()

    def _line(self, line) -> None:
        self.lines.append(line)
        with suppress(ConnectionClosed):
            for frame in line:
                said = json.loads(frame)
                given = self.answer(said)
                answer = self._usual(said) if given is None else given
                if answer:
                    line.send(answer.replace("KEY", said["transaction"]))

    def tell(self, **said) -> None:
        self.lines[-1].send(json.dumps(said))

    def _usual(self, said: dict) -> str:
        kind, body = said["janus"], said.get("body", {})
        self.asked.append(body.get("request", kind))
        data: dict = {"videoroom": "event"}
        jsep: dict = {}
        if kind in {"create", "attach"}:
            self._last += 1
            self.handles |= {self._last} if kind == "attach" else set()
            return json.dumps({"janus": "success", "transaction": "KEY", "data": {"id": self._last}})
        if kind == "detach":
            self.handles.discard(said["handle_id"])
            return json.dumps({"janus": "success", "transaction": "KEY"})
        if kind != "message":
            return ""
        if body["request"] == "create":
            self.rooms[body["room"]] = body["secret"]
        elif body["request"] == "destroy" and self.rooms.get(body["room"]) == body["secret"]:
            del self.rooms[body["room"]]
        elif body["request"] == "joinandconfigure":
            data, jsep = data | {"id": 1000 + said["handle_id"]}, {"type": "answer", "sdp": SDP}
        elif body["request"] == "join":
            data, jsep = data | {"streams": [{"mid": "1", "type": "video"}]}, OFFER
        told = {"janus": "event", "transaction": "KEY", "plugindata": {"data": data}}
        return json.dumps(told | ({"jsep": jsep} if jsep else {}))


@pytest.fixture
def janus(settings):
    fake = FakeJanus()
    settings.SFU_URL, settings.SFU_SECRET = fake.url, "behind the mill"
    yield fake
    fake.stop()


class Page:
    """As much of a guest as the forwarding sees."""

    def __init__(self) -> None:
        self.id, self.mode, self.showing, self.said = uuid4(), "video", {}, []

    def send(self, message) -> None:
        self.said.append(message)

    def told(self, kind: str) -> list:
        return [message["data"][kind] for message in self.said if kind in message["data"]]


async def until(true: Callable[[], object]) -> None:
    for _ in range(1_000):
        if true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("not within five seconds")


def forwarded(scene) -> None:
    """Plays a scene with an open room at Janus, and closes it."""

    async def play() -> None:
        room = Forwarding(most=10, changed=lambda: None)
        try:
            await until(lambda: room.up)
            await scene(room)
        finally:
            await room.close()

    asyncio.run(play())


async def sends(room, janus, page) -> None:
    """Their connection to the server stands."""
    before = len(page.told("description"))
    room.hear(page, Word("", 1, description=OFFER))
    await until(lambda: len(page.told("description")) > before)
    janus.tell(janus="webrtcup", sender=max(janus.handles))


NONSENSE = [
    "[]", "7", "{}", "not json", "[" * 50_000, '{"transaction": "KEY"}', '{"janus": "success", "transaction": "KEY"}',
    '{"janus": "success", "transaction": "KEY", "data": []}',
    '{"janus": "success", "transaction": "KEY", "data": {"id": "x"}}',
    '{"janus": "error", "transaction": "KEY"}', '{"janus": "error", "transaction": "KEY", "error": {"code": []}}',
    '{"janus": "event", "transaction": "KEY", "plugindata": {"data": {"error_code": "x"}}}',
]  # fmt: skip


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda text: text[:60])
@pytest.mark.parametrize("at", ["create", "attach", "message"])
def test_an_operator_is_told_of_a_server_that_answers_nonsense(janus, monkeypatch, at, nonsense):
    monkeypatch.setattr("quarterhour.sessions.room.janus.WITHIN", 0.3)
    janus.answer = lambda said: nonsense if said["janus"] == at else None
    found = larger.ask()
    assert found is not None
    assert not found.well


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda text: text[:60])
def test_a_room_closes_whatever_is_answered(janus, monkeypatch, nonsense):
    monkeypatch.setattr("quarterhour.sessions.room.forward.ENDS_WITHIN", 0.2)

    async def scene(room) -> None:
        janus.answer = lambda said: nonsense if said.get("body", {}).get("request") == "destroy" else None

    forwarded(scene)


def test_what_it_says_unasked_may_be_nonsense(janus):
    async def scene(room) -> None:
        page = Page()
        await sends(room, janus, page)
        for said in (
            {"sender": []},
            {"sender": "x"},
            {"janus": "trickle", "sender": 10**30, "candidate": 7},
            {"janus": 1},
        ):
            janus.tell(**said)
        janus.tell(janus="hangup", sender=max(janus.handles))
        await until(lambda: page.told("again"))
        assert room.up

    forwarded(scene)


def test_a_line_that_breaks_leaves_no_room_behind(janus):
    async def scene(room) -> None:
        (first,) = janus.rooms
        janus.cut()
        await until(lambda: not room.up)
        await until(lambda: room.up)
        assert len(janus.rooms) == 1
        assert first not in janus.rooms

    forwarded(scene)
    assert janus.rooms == {}


def test_no_page_learns_the_number_of_the_room(janus):
    async def scene(room) -> None:
        one, other = Page(), Page()
        await sends(room, janus, one)
        room.hear(other, Word(str(one.id), 1, again=True))
        await until(lambda: other.told("description"))
        for page in (one, other):
            (told,) = page.told("description")
            assert "\r\ns=-\r\nt=0 0\r\n" in told["sdp"]
            assert "4711" not in json.dumps(page.said)

    forwarded(scene)


def test_who_leaves_while_somebody_begins_to_hear_them_leaves_no_place_behind(janus):
    async def scene(room) -> None:
        one, other = Page(), Page()
        await sends(room, janus, one)
        kept = set(janus.handles)
        slow = threading.Event()
        janus.answer = lambda said: slow.wait(5) and None if said["janus"] == "attach" else None
        room.hear(other, Word(str(one.id), 1, again=True))
        await asyncio.sleep(0.05)
        room.gone(one)
        slow.set()
        await until(lambda: "join" in janus.asked or not janus.handles - {min(kept)})
        await asyncio.sleep(0.1)
        assert janus.handles == {min(kept)}  # the room's own
        assert not other.told("description")

    forwarded(scene)


@pytest.mark.parametrize("at", ["attach", "joinandconfigure", "join"])
def test_who_vanishes_in_the_midst_of_it_leaves_no_place_behind(janus, at):
    async def scene(room) -> None:
        one, other = Page(), Page()
        await sends(room, janus, one)
        kept = set(janus.handles)
        slow, asked = threading.Event(), threading.Event()

        def answer(said) -> None:
            if at in {said["janus"], said.get("body", {}).get("request")}:
                asked.set()
                slow.wait(5)

        janus.answer = answer
        to = str(one.id) if at == "join" else ""
        room.hear(other, Word(to, 1, again=True) if to else Word("", 1, description=OFFER))
        await until(asked.is_set)
        room.gone(other)
        slow.set()
        await until(lambda: janus.handles == kept)
        assert not other.said

    forwarded(scene)


def test_whoever_flickers_gets_nobody_else_thrown_out(janus):
    async def scene(room) -> None:
        one, other = Page(), Page()
        await sends(room, janus, one)
        room.hear(other, Word(str(one.id), 1, again=True))
        await until(lambda: other.told("description"))
        slow = threading.Event()
        janus.answer = lambda said: (
            slow.wait(5) and None if said.get("body", {}).get("request") == "configure" else None
        )
        other.mode = "audio"
        for _ in range(1_000):
            room.look(one)
            await asyncio.sleep(0)
        room.hear(
            other, Word(str(one.id), 1, candidate={"completed": True})
        )  # raises Leave if there is no place for it
        one.showing = {"screen": True}
        room.look(one)
        slow.set()
        await until(lambda: janus.asked.count("configure") == 2)  # off, and on again for the screen

    forwarded(scene)


def test_whoever_dials_again_and_again_is_shown_out_before_those_who_have_to_follow():
    async def play() -> None:
        sender, hearer = seats.Seat(Page()), seats.Seat(Page())
        shown_out = False
        for number in range(100):
            sender.waiting = asyncio.Queue()
            try:
                sender.take(Word("", number, description=OFFER))
            except Leave:
                shown_out = True
                break
            hearer.take(Word(sender.connection, number, again=True))
        assert shown_out
        hearer.take(Word(sender.connection, 101, again=True))

    asyncio.run(play())


def test_whoever_finds_no_way_for_an_hour_may_go_on_trying(monkeypatch):
    """Their page says that it begins anew, and offers, every twelve seconds; the network mends it in between."""

    async def play() -> None:
        clock = [0.0]
        monkeypatch.setattr("quarterhour.sessions.room.limits.time.monotonic", lambda: clock[0])
        sender = seats.Seat(Page())
        for number in range(300):
            clock[0] += 12
            sender.waiting = asyncio.Queue()
            for word in (Word("", number, again=True), Word("", number + 1, description=OFFER)):
                sender.take(word)
            sender.take(Word("", number + 1, description=OFFER))

    asyncio.run(play())


@pytest.mark.parametrize(
    "data",
    [
        {"description": {"type": "offer", "sdp": "v=0\r\n\0"}},
        {"description": {"type": "answer", "sdp": "v=0\ud800"}},
        {"candidate": {"candidate": "candidate:1\0"}},
        {"candidate": {"candidate": "candidate:1", "sdpMid": "\udfff"}},
        {"description": {"type": "offer", "sdp": SDP + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" * 2}},
    ],
)
def test_what_janus_cannot_read_or_would_hand_on_tenfold_never_reaches_it(data):
    with pytest.raises(Leave):
        seats.read({"to": "", "n": 1, "data": data})
    assert seats.read({"to": "", "n": 1, "data": {"description": OFFER}}).dials


# --- what else waits for it ---------------------------------------------------------------------------


def test_notes_are_kept_before_anybody_waits_for_a_server_that_does_not_answer():
    hall, kept = Hall(), []

    class Stuck(Room):
        async def save(self) -> None:
            kept.append(self)

    async def stop() -> None:
        for _ in range(3):
            room = Stuck(SimpleNamespace(pk=uuid4()), note=lambda _: None)
            room.ways.close = asyncio.Event().wait
            hall.rooms[room.session.pk] = room
        with suppress(TimeoutError):
            await asyncio.wait_for(hall.stop(), 0.3)

    asyncio.run(stop())
    assert set(kept) == set(hall.rooms.values())


def test_what_is_said_while_somebody_waits_for_the_way_reaches_them(monkeypatch):
    now = datetime.now(UTC)
    at = {"starts_at": now, "ends_at": now + timedelta(minutes=25), "minutes": 25, "mentor_id": 1, "mentee_id": 2}
    session = SimpleNamespace(pk=uuid4(), org_id=1, need=None, **at)
    person = SimpleNamespace(pk=uuid4(), first_name="Leila", called="Leila Roy")
    lines = []
    monkeypatch.setattr(store, "chat_lines", lambda _: list(lines))

    async def come() -> list[dict]:
        room = Room(session, note=lambda _: None)

        async def ready() -> None:
            lines.append(SimpleNamespace(pk=1, person_id=2, person=person, text="I am late", at=now))
            room.tell({"t": "chat", "text": "I am late"})

        room.ways.ready = ready
        guest = Guest(None, SimpleNamespace(session=session, person=person, along=True))
        await room.welcome(guest)
        return [json.loads(guest._outbox.get_nowait()) for _ in range(guest._outbox.qsize())]

    told = asyncio.run(come())
    welcome = next(at for at, message in enumerate(told) if message["t"] == "welcome")
    after = [message["text"] for message in told[welcome:] if message["t"] == "chat"]
    assert "I am late" in [line["text"] for line in told[welcome]["chat"]] + after
