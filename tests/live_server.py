"""The whole site as it is served in production, on free ports and on this worker's database.

`live_site` starts the pages and the rooms once a run. The people, needs and sessions a test makes are seen by
both sides; what the jobs do happens inside `with live_site.working():`.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest

PATIENCE = 60.0  # seconds, on a machine that is busy with other things
MOVED = Path(__file__).parent / "moved"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def leads_to(self) -> str:
        """The address a redirect names."""
        return self.headers.get("Location", "")


@dataclass
class Visitor:
    """Somebody's browser without a screen: one connection, its cookies, forms with their token."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._line = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, **form: object) -> Answer:
        """Send a form, as the page would."""
        token = self.cookies.setdefault("csrf", "quarterhour" * 3)[:32]
        self.cookies["csrf"] = token
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": token, **form}))

    def leave(self) -> None:
        self._line.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._line.request(method, path, body, headers)
        response = self._line.getresponse()
        for given in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(given).items()}
        return Answer(response.status, response.headers, response.read().decode())


class MovedClock:
    """The one clock of a served site, moved by a file that all its processes read (`tests/moved/`)."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.by(timedelta(0))

    def by(self, much: timedelta) -> None:
        """From now on it is so much later than it is, and time goes on from there."""
        new = self.file.with_suffix(".new")
        new.write_text(str(much.total_seconds()))
        new.replace(self.file)

    @property
    def env(self) -> dict[str, str]:
        path = os.pathsep.join(filter(None, [str(MOVED), os.environ.get("PYTHONPATH", "")]))
        return {"MOVED_CLOCK": str(self.file), "PYTHONPATH": path}


class LiveSite:
    """Our own commands for the pages, the rooms and the jobs, with settings of their own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port, self.realtime_port = free_port(), free_port()
        self.url = f"http://localhost:{self.port}"
        self.mail = folder / "mail"
        self.log = folder / "servers.log"
        self.clock = MovedClock(folder / "clock")
        self.given = {
            **self.clock.env,
            "QUARTERHOUR_URL": self.url,
            "QUARTERHOUR_REALTIME_URL": f"ws://localhost:{self.realtime_port}",
            "QUARTERHOUR_MAIL": f"folder://{self.mail}",
            "QUARTERHOUR_LOG": "warning",
            **settings,
        }
        self._running: list[subprocess.Popen] = []

    def start(self) -> LiveSite:
        for name in ("pages", "rooms"):
            self._running.append(self._run(name))
        wait_for(lambda: self._answers(self.port, "/") and self._answers(self.realtime_port, "/readyz"), self._log_tail)
        return self

    def stop(self) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.wait(20)

    def visitor(self, person=None) -> Visitor:
        """A browser in which `person` is signed in; without one, a stranger's."""
        return Visitor(self.port, {} if person is None else {"session": session_key(person)})

    def cookies_for(self, person) -> list[dict[str, str]]:
        """The same for a real browser: `context.add_cookies(live_site.cookies_for(leila))`."""
        return [{"name": "session", "value": session_key(person), "url": self.url}]

    @contextmanager
    def working(self, *, keep_jobs: bool = False) -> Iterator[dict[str, subprocess.Popen]]:
        """The job workers run: news is delivered, mail is written to `mail`, timers go off. Yields them by name."""
        from django.db import connection

        with connection.cursor() as cursor:  # jobs of earlier tests speak of rows that are gone
            if not keep_jobs:
                cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
        shutil.rmtree(self.mail, ignore_errors=True)
        workers = {name: self._run(name) for name in ("jobs", "mail")}
        try:
            wait_for(lambda: _awake() >= len(workers), self._log_tail)
            yield workers
        finally:
            for worker in workers.values():
                worker.terminate()
            for worker in workers.values():
                worker.wait(20)

    @staticmethod
    def goes_off(timer) -> None:
        """The next tick of a timer comes now: the worker does its job at once, as it would within minutes."""
        timer.configure(queueing_lock=uuid4().hex).defer(timestamp=0)

    def quiet(self) -> None:
        """Wait until nobody is in a room: then the database can be emptied without a quarrel over locks."""
        wait_for(lambda: b'"rooms":0' in self._read(self.realtime_port, "/readyz").replace(b" ", b""), self._log_tail)

    def _run(self, name: str) -> subprocess.Popen:
        from django.conf import settings
        from django.test import override_settings

        from quarterhour.config.serving.processes import processes

        ours = {"BIND": "127.0.0.1", "PORT": self.port, "REALTIME_URL": self.given["QUARTERHOUR_REALTIME_URL"]}
        with override_settings(WORKERS=2, **ours):
            process = processes(database_url(), only=name)[0]
        env = os.environ | process.env | self.given | {"QUARTERHOUR_SECRET": settings.SECRET_KEY}
        with self.log.open("ab") as log:
            return subprocess.Popen(process.command, env=env, stdout=log, stderr=log, start_new_session=True)

    def _answers(self, port: int, path: str) -> bool:
        assert all(process.poll() is None for process in self._running), self._log_tail()
        with suppress(OSError):
            return bool(self._read(port, path))
        return False

    @staticmethod
    def _read(port: int, path: str) -> bytes:
        with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=5) as answer:
            return answer.read()

    def _log_tail(self) -> str:
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_url() -> str:
    """Django's test database as a URL for another process."""
    from django.db import connection

    known = connection.settings_dict
    at = f"{known['USER']}@/{known['NAME']}?host={known['HOST']}"
    return f"postgresql://{at}" + (f"&port={known['PORT']}" if known["PORT"] else "")


def session_key(person) -> str:
    """A session of this person's, as signing in makes it."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def wait_for(there, told=lambda: "") -> None:
    """Look until `there()` is true. Fails with what `told()` says in time."""
    give_up = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < give_up, f"not there after {PATIENCE:.0f} s: {told()}"
        time.sleep(0.05)


def _awake() -> int:
    """How many workers have said that they are there."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return cursor.fetchone()[0]


@pytest.fixture(scope="session")
def _served(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        site = LiveSite(tmp_path_factory.mktemp("live")).start()
    yield site
    site.stop()


@pytest.fixture
def live_site(transactional_db, _served):
    """The site, running. Everything a test made is removed after it."""
    yield _served
    _served.quiet()


class Calendar:
    """The time of pages, rooms, jobs and of the test itself, all moved at once."""

    def __init__(self, site: LiveSite, true) -> None:
        self._site, self._true, self._much = site, true, timedelta(0)

    def now(self) -> datetime:
        return self._true() + self._much

    def go_on(self, **much: float) -> None:
        """So much later: `calendar.go_on(days=7, hours=1)`."""
        self._much += timedelta(**much)
        self._site.clock.by(self._much)

    def go_to(self, moment: datetime) -> None:
        self.go_on(seconds=(moment - self.now()).total_seconds())


@pytest.fixture
def calendar(live_site, monkeypatch):
    """Moves the one clock for the site and for the test; afterwards it is right again."""
    from quarterhour.core import clock

    moved = Calendar(live_site, clock.now)
    monkeypatch.setattr(clock, "now", moved.now)
    yield moved
    live_site.clock.by(timedelta(0))
