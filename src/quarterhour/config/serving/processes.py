"""The processes of one node: pages, rooms, jobs, mail, calendars, captions. Each may run on a machine of its own,
captions beside the rooms.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from quarterhour.config.env import read_settings

# granian counts connections, idle ones as well, and a browser keeps some open: whoever comes after the last one waits.
CONNECTIONS = 512  # of each worker of the pages
SOCKETS = 16_384  # of the rooms; every open page has one
# With its threads apart from Python's, granian 2.8 may abort while it stops with sockets open, before the rooms
# have kept who left ("Cannot drop pointer into Python heap": its issues 799 and 884). On one thread it does not.
RUNTIME = "st"
# For a process that opens what strangers recorded: where programs lie, and neither the database nor any secret.
PLAIN = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "PYTHONPATH", "LD_LIBRARY_PATH")


@dataclass(frozen=True)
class Process:
    """A command to keep running. `env` is added to the present environment, or to the names of it in `sees`."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    sees: tuple[str, ...] | None = None


def processes(database_url: str, *, only: str | None = None) -> list[Process]:
    """The commands for this node. `only` names one of pages, rooms, jobs, and with the jobs
    go the workers for mail and calendars, with the rooms the captions, where this machine writes them down.

    Raises BadSetting where it is to write them down and cannot.
    """
    from django.conf import settings

    from quarterhour.config import captions

    env = {"DATABASE_URL": database_url, "QUARTERHOUR_HOME": str(settings.HOME)}
    realtime_port = settings.ROOMS_PORT or urlsplit(settings.REALTIME_URL).port or settings.PORT + 1
    granian = [sys.executable, "-m", "granian", "--host", settings.BIND, "--no-ws", "--log-level", "warning"]
    pages = [
        *granian, "--interface", "wsgi", "--port", str(settings.PORT), "--workers", str(settings.WORKERS),
        "--blocking-threads", "4", "--backlog", "256", "--backpressure", str(CONNECTIONS),
        "--respawn-failed-workers", "quarterhour.config.wsgi:application",
    ]  # fmt: skip
    rooms = [
        sys.executable, "-m", "granian", "--host", settings.BIND, "--log-level", "warning", "--interface", "asgi",
        "--runtime-mode", RUNTIME, "--port", str(realtime_port), "--workers", "1",
        "--backpressure", str(SOCKETS), "--ws", "quarterhour.config.asgi:application",
    ]  # fmt: skip
    jobs = [sys.executable, "-m", "quarterhour.config.serving.jobs"]
    everything = [
        Process("pages", pages, env),
        Process("rooms", rooms, env),
        Process("jobs", jobs, env),
        Process("mail", [*jobs, "mail"], env),
        Process("calendars", [*jobs, "calendars"], env),
    ]
    if settings.CAPTIONS_LOCAL and only in {None, "rooms"}:  # they listen to the rooms of their own machine alone
        command, cores = captions.command(settings.CAPTIONS_PORT), read_settings()["QUARTERHOUR_CAPTIONS_CORES"]
        everything.append(Process("captions", command, {"QUARTERHOUR_CAPTIONS_CORES": str(cores)}, sees=PLAIN))
    wanted = {"jobs": {"jobs", "mail", "calendars"}, "rooms": {"rooms", "captions"}}.get(only or "", {only})
    return [process for process in everything if only is None or process.name in wanted]
