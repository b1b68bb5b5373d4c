"""Mail as files: what development and demonstrations send with, and what tests read."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

from quarterhour.core import clock
from quarterhour.core.ids import uuid7


class FolderBackend(BaseEmailBackend):
    """Writes each message as one `.eml` file into settings.MAIL_FOLDER, named so that names sort by time.

    A reader never meets half a file: it is written under another name, which is no mail's, and then renamed.
    Raises OSError if the folder cannot be written; the message is then tried again like any other.
    """

    def send_messages(self, email_messages) -> int:
        folder = Path(settings.MAIL_FOLDER)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            _write(folder, message.message().as_bytes())
        return len(email_messages)


def _write(folder: Path, content: bytes) -> Path:
    # The key after the time keeps two messages of one microsecond apart, and in order.
    name = f"{clock.now():%Y%m%dT%H%M%S.%fZ}-{uuid7()}.eml"
    hidden = folder / f".{name}.part"  # a reader of "*.eml" finds names with a dot before them, too
    try:
        handle = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        hidden.replace(folder / name)
    except OSError:
        hidden.unlink(missing_ok=True)
        raise
    return folder / name
