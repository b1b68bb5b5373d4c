"""The site as it is served, with its workers, and a crowd of browsers beside it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from quarterhour.config.bench.races.spent import postmaster_of, seconds_of

PATIENCE = 90.0  # seconds until a server that does not answer is a fault
LINES = 40  # of the log, told when it does not

Ask = dict[str, object]


@dataclass(frozen=True)
class Answer:
    """What somebody got; `seconds` from sending to the last byte."""

    status: int
    leads_to: str
    seconds: float
    found: dict[str, str]


@dataclass(frozen=True)
class Site:
    """A running site, and the crowd that asks it. within: seconds over which a round is spread.

    family: the processes whose time is counted. spent: their seconds in each call, the last one last.
    """

    port: int
    crowd: subprocess.Popen
    within: float = 0.0
    family: tuple[int, ...] = ()
    spent: list[float] = field(default_factory=list)

    def all_at_once(self, *rounds: Sequence[Ask]) -> list[list[Answer]]:
        """Round after round, everybody of a round together. Answers in the order of the asks."""
        assert self.crowd.stdin
        assert self.crowd.stdout
        spread = [[ask | {"after": self.within * n / len(asks)} for n, ask in enumerate(asks)] for asks in rounds]
        self.crowd.stdin.write(json.dumps({"port": self.port, "rounds": spread}) + "\n")
        before = seconds_of(self.family)
        self.crowd.stdin.flush()
        told = self.crowd.stdout.readline()
        self.spent.append(seconds_of(self.family) - before)
        return [[Answer(**each) for each in answers] for answers in json.loads(told)]


@contextmanager
def served(folder: Path, database_url: str, *, within: float) -> Iterator[Site]:
    """`quarterhour serve` on free ports of this machine, with settings as they come; stopped at the end."""
    port = _free_ports()
    log = folder / "served.log"
    env = os.environ | {
        "DATABASE_URL": database_url, "QUARTERHOUR_URL": f"http://localhost:{port}",
        "QUARTERHOUR_PORT": str(port), "QUARTERHOUR_MAIL": f"folder://{folder / 'mail'}", "QUARTERHOUR_LOG": "warning",
    }  # fmt: skip
    command = [sys.executable, "-m", "quarterhour.config.cli.start", "serve", "--no-migrate"]
    crowd = [sys.executable, "-m", "quarterhour.config.bench.races.crowd"]
    with (
        log.open("wb") as told,
        subprocess.Popen(command, env=env, stdout=told, stderr=told) as server,  # noqa: S603 - our own commands
        subprocess.Popen(crowd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as asking,  # noqa: S603
    ):
        try:
            _wait(port, server, log)
            yield Site(port, asking, within, (server.pid, postmaster_of(folder)))
        finally:
            assert asking.stdin
            asking.stdin.close()
            server.terminate()


def _wait(port: int, server: subprocess.Popen, log: Path) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up and server.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return
        time.sleep(0.1)
    lines = log.read_text(errors="replace").splitlines()[-LINES:]
    raise RuntimeError("\n".join(["The site does not answer.", *lines]))


def _free_ports() -> int:
    """A port that is free, with the next one free as well, for the rooms."""
    while True:
        with socket.socket() as first, socket.socket() as second, suppress(OSError):
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            second.bind(("127.0.0.1", port + 1))
            return port
