from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

HIGHEST_PORT = 65_535  # of pages: rooms take the one after


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, help="mentors in Commons, for measuring; the town alone if unset")
    parser.add_argument("--fresh", action="store_true", help="empty the town and its post office first")
    parser.add_argument("--load-only", action="store_true", help="load the town and stop")
    parser.add_argument("--port", type=_port, help="where pages listen, 8100 if unset; rooms take the next one")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is no port. Choose 1 to {HIGHEST_PORT - 1}, such as 8200.")
    return int(text)


def _listen_at(port: int | None) -> None:
    """The address of this town, before anybody reads a setting. A port that was asked for is the word that counts."""
    if port is not None:
        os.environ |= {"QUARTERHOUR_PORT": str(port), "QUARTERHOUR_URL": f"http://localhost:{port}"}
    os.environ.setdefault("QUARTERHOUR_URL", f"http://localhost:{os.environ.get('QUARTERHOUR_PORT') or 8100}")


def run(given: argparse.Namespace) -> int:
    os.environ["QUARTERHOUR_MODE"] = "demo"
    _listen_at(given.port)
    from quarterhour.config.cli.database import database_running, migrate, reviver
    from quarterhour.config.env import read_settings
    from quarterhour.core import clock

    home = read_settings()["QUARTERHOUR_HOME"]
    print(f"The town lives in {home}.", flush=True)
    with database_running() as url:
        migrate(quiet=True)
        from django.conf import settings

        from quarterhour.config import town

        if not given.load_only and (busy := _busy_port(settings)):
            print(
                f"Port {busy} is in use. Stop what runs there, or choose another: bin/demo --port 8200",
                file=sys.stderr,
            )
            return 1
        summary = town.load(given.size, now=clock.now(), fresh=given.fresh)
        if given.fresh:
            _empty_the_post_office(settings.MAIL_FOLDER)
        town.refresh(now=clock.now())
        print(summary.told, flush=True)
        if given.load_only:
            return 0
        from quarterhour.config.serving.processes import processes
        from quarterhour.config.serving.supervisor import keep_running

        ready = threading.Event()
        threading.Thread(target=_say_when_ready, args=(settings.SITE_URL, ready), daemon=True).start()
        return keep_running(processes(url), look_after=reviver(), first_answers=ready.is_set)


def _empty_the_post_office(folder: Path) -> None:
    """The mails of a town that is gone lead nowhere."""
    for mail in folder.glob("*.eml"):
        mail.unlink(missing_ok=True)


def _busy_port(settings) -> int | None:
    for port in (settings.PORT, settings.PORT + 1, *([settings.CAPTIONS_PORT] if settings.CAPTIONS_LOCAL else [])):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.BIND, port))
            except OSError:
                return port
    return None


def _say_when_ready(address: str, ready: threading.Event) -> None:
    """Print the address and the sign-in links once pages are answered, and tell `ready`."""
    from quarterhour.web.demo.links import links

    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/livez", timeout=2):  # noqa: S310 - our own address
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    ready.set()
    print(f"\nQuarterhour is at {address}   (Ctrl-C stops it)\n")
    for label, link in links(address):
        print(f"  {label:<27} {link}")
    print(flush=True)
