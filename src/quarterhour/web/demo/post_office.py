"""The town's post office: mails are files in a folder, and everybody reads their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

from django.conf import settings

from quarterhour.core.errors import NotFound

LATEST = 40  # mails shown
LOOKED_AT = 2000  # files looked at, so that a folder of a busy month does not hold up the page
LARGEST = 2_000_000  # bytes; ours are a few thousand
_NAME = re.compile(r"[0-9A-Za-z.-]{1,100}\.eml")


@dataclass(frozen=True)
class Mail:
    """One mail as the page shows it. name: the file's, without the ending."""

    name: str
    subject: str
    sender: str
    at: datetime | None
    text: str
    html: str
    calendar: bytes


def mails_of(email: str) -> list[Mail]:
    """The latest mails to this address, newest first."""
    found: list[Mail] = []
    for path in _files():
        if len(found) == LATEST:
            break
        if _is_to(path, email):
            found.append(_read(path))
    return found


def mail_of(name: str, *, email: str) -> Mail:
    """One mail. Raises NotFound if there is none of that name to this address."""
    path = Path(settings.MAIL_FOLDER) / f"{name}.eml"
    if not _NAME.fullmatch(path.name) or not path.is_file() or not _is_to(path, email):
        raise NotFound("There is no such mail, or it is not yours to read.")
    return _read(path)


def _files() -> Iterator[Path]:
    folder = Path(settings.MAIL_FOLDER)
    if not folder.is_dir():
        return
    names = sorted((path.name for path in folder.iterdir() if _NAME.fullmatch(path.name)), reverse=True)
    yield from (folder / name for name in names[:LOOKED_AT])


def _is_to(path: Path, email: str) -> bool:
    try:
        with path.open("rb") as file:
            message = BytesParser(policy=policy.default).parse(file, headersonly=True)
    except OSError:
        return False  # taken away while we looked
    to = [str(value) for name in ("To", "Cc") for value in message.get_all(name, [])]
    return email.lower() in {address.lower() for _, address in getaddresses(to)}


def _read(path: Path) -> Mail:
    with path.open("rb") as file:
        content = file.read(LARGEST)
    message = BytesParser(policy=policy.default).parsebytes(content)
    calendar = next((part for part in message.walk() if part.get_content_type() == "text/calendar"), None)
    return Mail(
        name=path.stem,
        subject=str(message.get("Subject", "")),
        sender=str(message.get("From", "")),
        at=_date(message),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        calendar=calendar.get_payload(decode=True) or b"" if calendar else b"",
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    content = part.get_content()
    return content if isinstance(content, str) else ""


def _date(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        return None
