"""The realtime process as it runs in production, on a free port, and a small client for its protocol."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from uuid import uuid4

from django.db import connection
from psycopg.conninfo import make_conninfo
from pycrdt import Doc, Text, create_sync_message, create_update_message, handle_sync_message
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State
from websockets.sync.client import connect

from quarterhour.config.serving.processes import RUNTIME
from quarterhour.core import clock
from quarterhour.sessions.room import tickets

SITE = "http://localhost:8100"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_url() -> str:
    """Django's test database as a URL for another process."""
    known = connection.settings_dict
    return f"postgresql://{known['USER']}@/{known['NAME']}?host={known['HOST']}"


def environment(**more: str) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": database_url(), "QUARTERHOUR_URL": SITE} | more


# A test run that is killed leaves no server behind: PR_SET_PDEATHSIG (Linux), then the program itself.
END_WITH_PARENT = "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 15); os.execv(sys.argv[1], sys.argv[1:])"


class RealtimeServer:
    """One granian process with the room in it."""

    host = "127.0.0.1"
    application = [
        "--interface",
        "asgi",
        "--runtime-mode",
        RUNTIME,
        "--workers",
        "1",
        "quarterhour.config.asgi:application",
    ]

    def __init__(self, port: int = 0, **settings: str) -> None:
        self.port = port or free_port()
        self.settings = settings
        self.process: subprocess.Popen | None = None

    def start(self) -> RealtimeServer:
        granian = [
            sys.executable,
            "-c",
            END_WITH_PARENT,
            sys.executable,
            "-m",
            "granian",
            "--host",
            self.host,
            "--log-level",
            "warning",
        ]
        self.process = subprocess.Popen(
            [*granian, "--port", str(self.port), *self.application],
            env=environment(**self.settings),
            start_new_session=True,
        )
        try:
            self._wait()
        except BaseException:
            self.kill()
            raise
        return self

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def kill(self) -> None:
        os.killpg(self.process.pid, 9)
        self.process.wait(10)

    def is_ready(self) -> bool:
        return self.health()["listening"]

    def health(self) -> dict:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
            return json.load(answer)

    def wait_until_quiet(self) -> None:
        """Nobody is here and nothing is unwritten: the database may be emptied without a quarrel over locks."""
        give_up = time.monotonic() + 10
        while (now := self.health()) and (now["rooms"] or now["unwritten"]):
            assert time.monotonic() < give_up, f"still busy: {now}"
            time.sleep(0.02)

    def _wait(self) -> None:
        give_up = time.monotonic() + 30
        while time.monotonic() < give_up:
            with suppress(OSError):
                if self.is_ready():
                    return
            assert self.process.poll() is None, "the realtime process did not start"
            time.sleep(0.05)
        raise AssertionError("the realtime process is not ready after 30 s")


class PagesServer(RealtimeServer):
    """The pages, which hand out tickets for the room."""

    application = [
        "--interface",
        "wsgi",
        "--workers",
        "1",
        "--blocking-threads",
        "2",
        "quarterhour.config.wsgi:application",
    ]

    def is_ready(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True


class Closed(AssertionError):
    """The server closed the socket while a test waited for something else."""


class Tab:
    """One browser tab as the protocol sees it."""

    def __init__(self, server: RealtimeServer, session, person, *, origin: str | None = SITE, ticket=None) -> None:
        self.person, self.said, self.sent, self.doc = person, [], 0, Doc()
        self.text = self.doc.get("notes", type=Text)
        secret = ticket or tickets.make(person=person, session_id=session.pk, now=clock.now())
        url = f"ws://127.0.0.1:{server.port}/room/{session.pk}"
        self._opened = connect(url, origin=origin, max_size=None, open_timeout=10, ping_interval=None)
        self.socket = self._opened.__enter__()
        with suppress(ConnectionClosed):
            self.say(t="hello", ticket=secret)

    def enter(self, mode: str = "chat") -> Tab:
        self.welcome = self.hear("welcome")
        self.say(t="enter", mode=mode)
        self.send_notes(create_sync_message(self.doc))
        self.hear_until(lambda m: m["t"] == "presence" and self.is_inside(m))
        return self

    def is_inside(self, presence: dict) -> bool:
        return any(p["connection"] == self.welcome["connection"] and p["place"] == "room" for p in presence["people"])

    def say(self, **message) -> None:
        self.socket.send(json.dumps(message))

    def write(self, words: str) -> None:
        """Type at the end of the notes."""
        before = self.doc.get_state()
        self.text += words
        self.send_notes(create_update_message(self.doc.get_update(before)))

    def send_notes(self, frame: bytes) -> None:
        self.socket.send(frame)
        self.sent += 1

    def wait_until_saved(self) -> None:
        """Whatever this tab has written is in the database."""
        self.hear_until(lambda m: m["t"] == "saved" and m["heard"] >= self.sent)

    def chat(self, text: str) -> None:
        self.say(t="chat", key=str(uuid4()), text=text)

    def hear(self, kind: str, *, within: float = 5) -> dict:
        return self.hear_until(lambda m: m["t"] == kind, within=within)

    def hear_until(self, fits, *, within: float = 5) -> dict:
        """The next message that fits; notes that come meanwhile are merged. Raises Closed when the door shuts."""
        give_up = time.monotonic() + within
        while True:
            try:
                frame = self.socket.recv(timeout=max(0.01, give_up - time.monotonic()))
            except ConnectionClosed as closed:
                raise Closed(f"closed with {closed.rcvd and closed.rcvd.code}") from closed
            if isinstance(frame, bytes):
                answer = handle_sync_message(frame[1:], self.doc)
                if answer:
                    self.send_notes(answer)
                continue
            message = json.loads(frame)
            self.said.append(message)
            if fits(message):
                return message

    def read_until(self, words: str, *, within: float = 5) -> str:
        """Take in notes until they hold `words`."""
        give_up = time.monotonic() + within
        while words not in str(self.text):
            assert time.monotonic() < give_up, f"still {str(self.text)!r} after {within} s"
            with suppress(TimeoutError):
                self.hear_until(lambda m: False, within=0.1)
        return str(self.text)

    def goodbye(self, *, within: float = 5) -> dict:
        """The server's last words, with the code of its close frame."""
        give_up = time.monotonic() + within
        last = {}
        while True:
            try:
                frame = self.socket.recv(timeout=max(0.01, give_up - time.monotonic()))
            except ConnectionClosed as closed:
                return last | {"closed_with": closed.rcvd.code if closed.rcvd else None}
            if isinstance(frame, str) and '"goodbye"' in frame:
                last = json.loads(frame)

    def is_shown_out(self) -> bool:
        """Whether the server's close frame has come."""
        return self.socket.state is not State.OPEN

    def close(self) -> None:
        self._opened.__exit__(None, None, None)


def connection_string() -> str:
    return make_conninfo(database_url())
