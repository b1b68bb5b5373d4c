"""Servers that calendars are read from, on this machine, which tests are allowed to ask."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from ipaddress import ip_network

import pytest
from tests.core.evil_server import evil_server

USER, PASSWORD = "amara", "a:password/with signs"


@pytest.fixture
def near(settings):
    """This machine may be asked."""
    settings.FETCH_ALLOWED = [ip_network("127.0.0.0/8")]


@pytest.fixture
def server(near):
    with evil_server() as evil:
        yield evil


@pytest.fixture(scope="session")
def radicale(tmp_path_factory):
    """A real CalDAV server with one user. Yields its address."""
    folder = tmp_path_factory.mktemp("radicale")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
    (folder / "config").write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n"
        f"[auth]\ntype = htpasswd\nhtpasswd_filename = {folder / 'users'}\nhtpasswd_encryption = plain\ndelay = 0\n"
        f"[storage]\nfilesystem_folder = {folder / 'kept'}\n[web]\ntype = none\n[logging]\nlevel = error\n"
    )
    process = subprocess.Popen([sys.executable, "-m", "radicale", "--config", str(folder / "config")], env=os.environ)
    address = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(address, timeout=1).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(10)
