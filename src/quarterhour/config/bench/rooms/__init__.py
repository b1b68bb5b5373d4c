"""Rooms in numbers: two browsers in each, signalling and chatting by the process of production."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from quarterhour.config.bench.match import _row, _shares
from quarterhour.config.bench.races.spent import seconds_of
from quarterhour.core import clock

Row = dict[str, object]

PATIENCE = 90.0  # seconds
PAIRS_A_SECOND = 25  # who come in; each opens a socket, is asked for at the door and reads what was kept
FILES = 8_192
ROOMS, BARE = "quarterhour.config.asgi:application", "quarterhour.config.bench.rooms.bare:application"


def measure(database_url: str, *, rooms: int, lasts: float) -> list[Row]:
    """Rows for so many rooms, signalling for so many seconds. For a throw-away database."""
    _allow_files()
    port = _free_port()
    origin = os.environ["QUARTERHOUR_URL"] = f"http://localhost:{port}"
    told = {"port": port, "origin": origin, "coming": rooms / PAIRS_A_SECOND, "lasts": lasts, "pairs": _pairs(rooms)}
    name = f"rooms, {rooms} at once"
    bare = _found(database_url, told | {"lasts": lasts / 2}, BARE)["took"]["signal"]
    return [
        *_rows(name, _found(database_url, told, ROOMS), told, rooms),
        *_shares(f"{name}: a signal through a process that only passes it on", bare, (50, 95, 99)),
    ]


def _found(database_url: str, told: dict, application: str) -> dict:
    """What a crowd measured in this process, and what the process took for it."""
    command, env = _served(database_url, told["port"], application)
    crowd = [sys.executable, "-m", "quarterhour.config.bench.rooms.crowd"]
    with (
        subprocess.Popen(command, env=env) as server,  # noqa: S603 - our own commands
        subprocess.Popen(crowd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as asking,  # noqa: S603
    ):
        try:
            _wait(told["port"], server)
            empty = _memory_of(server.pid)
            _say(asking, told)
            inside = _hear(asking)["inside"]
            time.sleep(2.0)  # the notes are kept half a second after they were written
            full, before = _memory_of(server.pid), seconds_of([server.pid])
            _say(asking, {})
            found = _hear(asking)
            return found | {"inside": inside, "spent": seconds_of([server.pid]) - before, "empty": empty, "full": full}
        finally:
            asking.kill()
            server.terminate()


def _rows(name: str, found: dict, told: dict, rooms: int) -> list[Row]:
    took, spent, empty, full = (found[key] for key in ("took", "spent", "empty", "full"))
    heard, lost = len(took["signal"]) + len(took["chat"]), found["sent"] - len(took["signal"]) + found["unsaid"]
    return [
        _row(f"{name}: people inside", found["inside"], "people"),
        *_shares(f"{name}: coming in, {PAIRS_A_SECOND * 2} people a second", took["in"], (50, 95, 99)),
        _row(f"{name}: signals a second", found["sent"] / told["lasts"], "messages/s"),
        *_shares(f"{name}: a signal to the other side", took["signal"], (50, 95, 99)),
        *_shares(f"{name}: a line of chat, kept and heard", took["chat"], (50, 95, 99)),
        _row(f"{name}: signals and lines that did not come", lost, "messages"),
        _row(f"{name}: sockets lost", len(took["lost"]), "sockets"),
        _row(f"{name}: the process, of one core", spent / (told["lasts"] + 1) * 100, "of 100"),
        _row(f"{name}: the process, a message", spent / max(heard, 1) * 1000, "ms"),
        _row(f"{name}: memory with nobody inside", empty / 1024, "MB"),
        _row(f"{name}: memory with everybody inside", full / 1024, "MB"),
        _row(f"{name}: memory for a room", (full - empty) / rooms, "KB"),
    ]  # fmt: skip


def _pairs(count: int) -> list[dict]:
    """Sessions that began five minutes ago, with a ticket for each side."""
    from quarterhour.people.models import Membership, Person
    from quarterhour.people.queries import commons
    from quarterhour.sessions.models import MentoringSession, Status
    from quarterhour.sessions.room import tickets

    now, org = clock.now(), commons()
    people = Person.objects.bulk_create(
        Person(email=f"room{n}@town.example", name=f"Talker {n}", zone="UTC", password="!")  # noqa: S106 - none at all
        for n in range(2 * count)
    )
    Membership.objects.bulk_create(Membership(org=org, person=person) for person in people)
    begun = now.replace(second=0, microsecond=0) - timedelta(minutes=5)
    told = {"org": org, "span": (begun, begun + timedelta(hours=1)), "status": Status.CONFIRMED, "created_at": begun}
    both = list(zip(people[:count], people[count:], strict=True))
    sessions = MentoringSession.objects.bulk_create(
        MentoringSession(mentor=mentor, mentee=mentee, **told) for mentor, mentee in both
    )
    return [
        {"session": str(each.pk), "tickets": [tickets.make(person=p, session_id=each.pk, now=now) for p in two]}
        for each, two in zip(sessions, both, strict=True)
    ]


def _served(database_url: str, port: int, application: str) -> tuple[list[str], dict[str, str]]:
    """The command that serves rooms in production, on a port of this machine."""
    from quarterhour.config.serving.processes import processes

    rooms, *_ = processes(database_url, only="rooms")
    command = list(rooms.command)
    command[command.index("--port") + 1] = str(port)
    command[command.index("--host") + 1] = "127.0.0.1"
    command[command.index(ROOMS)] = application
    return command, os.environ | rooms.env


def _wait(port: int, server: subprocess.Popen) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and server.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return
        time.sleep(0.1)
    raise RuntimeError("The process for the rooms does not answer.")


def _say(asking: subprocess.Popen, message: dict) -> None:
    assert asking.stdin
    asking.stdin.write(json.dumps(message) + "\n")
    asking.stdin.flush()


def _hear(asking: subprocess.Popen) -> dict:
    assert asking.stdout
    line = asking.stdout.readline()
    if not line:
        raise RuntimeError("The crowd went away; what it said stands above.")
    return json.loads(line)


def _memory_of(root: int) -> int:
    """Kilobytes that this process and those it started hold; from /proc, so on Linux alone, elsewhere 0."""
    held = 0
    for path in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            told = dict(line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
            if root in {int(told["Pid"]), int(told["PPid"])}:
                held += int(told.get("VmRSS", "0 kB").split()[0])
    return held


def _allow_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
