from __future__ import annotations

import argparse
import os

from quarterhour.config import captions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=captions.PORT, help=f"where to listen; {captions.PORT} if unset")


def run(given: argparse.Namespace) -> int:
    """Becomes the server: it is what a supervisor sees and stops."""
    command = captions.command(given.port)
    print(f"Captions are written down at {captions.address(given.port)}. Ctrl-C stops it.", flush=True)
    os.execv(command[0], command)  # noqa: S606 - our own command
