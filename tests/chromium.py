"""Which Chromium the tests open, and how.

Pages are looked at in Chromium's headless shell where it is installed: the same engine without the windows and the
menus around it, which cost a fifth to a half of the time on a small machine. What is about the browser itself, its
notices and its recognition of speech, asks for the whole one.
"""

from __future__ import annotations

import shutil

WITHOUT_NOISE = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# The shell offers pages a recognition of speech it does not have, and ends the page that asks for it.
IN_THE_SHELL = ["--disable-blink-features=OnDeviceWebSpeechAvailable"]


def whole() -> dict:
    """For `playwright.chromium.launch(**whole())`: Chromium as people have it."""
    return {"executable_path": shutil.which("chromium"), "args": [*WITHOUT_NOISE]}


def quick() -> dict:
    """The same for looking at pages: the shell, or the whole one where there is no shell."""
    shell = shutil.which("chromium-headless-shell")
    if not shell:
        return whole()
    return {"executable_path": shell, "args": [*WITHOUT_NOISE, *IN_THE_SHELL]}
