"""Debian's Janus as the operator's page sets it up, on free ports of this machine. Without it these tests fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.sessions.room_server import END_WITH_PARENT, free_port
from websockets.sync.client import connect

SECRET = "behind the mill"
ROOT = Path(__file__).resolve().parents[2]
WRITTEN = ROOT / "docs/guide/larger-rounds.md"  # the test runs what the page says


def blocks() -> dict[str, str]:
    """The configuration files of the operator's page, by name."""
    found, name = {}, ""
    for line in WRITTEN.read_text().splitlines():
        if line.startswith("```") and name in found:
            name = ""
        elif line.startswith("`/etc/janus/"):
            name = line.split("`")[1].removeprefix("/etc/janus/")
        elif line.startswith("```") and name:
            found[name] = ""
        elif name in found:
            found[name] += f"{line}\n"
    return found


class JanusServer:
    """One Janus; `kill` and `start` again for one that died."""

    def __init__(self, folder: Path) -> None:
        assert shutil.which("janus"), "The tests need Janus. Debian: apt install janus"
        self.folder, self.port, self.process = folder, free_port(), None
        self.url = f"ws://127.0.0.1:{self.port}"
        for name, text in blocks().items():
            ours = text.replace("8188", str(self.port)).replace("a long secret of your own", SECRET)
            (folder / name).write_text(ours.replace("/etc/janus", str(folder)))

    def start(self) -> JanusServer:
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", END_WITH_PARENT, shutil.which("janus"), "-F", str(self.folder)],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        give_up = time.monotonic() + 15
        while True:
            with suppress(OSError), connect(self.url, subprotocols=["janus-protocol"]):
                return self
            running = self.process.poll() is None and time.monotonic() < give_up
            assert running, (self.folder / "log").read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)
