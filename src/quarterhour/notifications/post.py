"""One message as it travels: built with the standard library, handed over to Django's backend."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from email import policy
from email.encoders import encode_base64
from email.message import EmailMessage
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import format_datetime, parseaddr
from smtplib import SMTPException
from typing import Self

from django.conf import settings
from django.core import mail

from quarterhour.notifications.letters import Letter
from quarterhour.notifications.smtp import DeadlineBackend
from quarterhour.notifications.words import one_line


class NotAccepted(Exception):
    """The backend took the message and did not say that it was sent."""


class _Built(EmailMessage):
    """A finished message, in the words Django's backends use."""

    def as_bytes(self, unixfrom=False, policy=None, linesep=None) -> bytes:  # noqa: ARG002, FBT002 - Django's signature
        return super().as_bytes(unixfrom=unixfrom, policy=policy)


class Post(mail.EmailMessage):
    """Carries a finished message through any Django backend."""

    def __init__(self, built: EmailMessage) -> None:
        super().__init__(subject=built["Subject"], from_email=built["From"], to=[built["To"]])
        self.built = built

    def message(self, **_) -> EmailMessage:
        return self.built


def built(
    letter: Letter, *, to: str, message_id: str, now: datetime, calendar: tuple[bytes, str] | None = None
) -> EmailMessage:
    """The whole message: plain text, the same words as HTML, and the invitation twice where there is one.

    calendar: the .ics file and its method. It stands beside the two bodies, where Google and Outlook look
    (RFC 6047), and once more as an attachment, where Apple's and older programs look.
    """
    message = _Built(policy=policy.SMTP)
    message["Subject"] = one_line(letter.subject)
    message["From"] = settings.MAIL_FROM
    message["To"] = to
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id
    # Holiday notices and the like are not an answer to an invitation.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if calendar is not None:
        _add_calendar(message, *calendar)
    return message


def _add_calendar(message: EmailMessage, file: bytes, method: str) -> None:
    beside = MIMENonMultipart("text", "calendar")
    # Kept as written, without quotation marks: the form every calendar program sends itself.
    beside.replace_header("Content-Type", f"text/calendar; charset=utf-8; method={method}")
    beside.set_payload(file)
    # Base64: a gateway that trims spaces would unfold the file's lines.
    encode_base64(beside)
    message.attach(beside)
    message.add_attachment(file, maintype="application", subtype="ics", filename="invite.ics")


def message_id(key: object) -> str:
    """The Message-ID for a key. A message sent twice after a crash carries the same one, and mail programs show one."""
    domain = parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2]
    return f"<{key}@{re.sub(r'[^A-Za-z0-9.-]', '', domain) or 'localhost'}>"


def hand_over(message: EmailMessage) -> None:
    """Give the message to the mail server. Raises OSError, SMTPException or NotAccepted.

    Never call it in a transaction: the other side may take its time.
    """
    if mail.get_connection().send_messages([Post(message)]) != 1:
        raise NotAccepted


class Line:
    """A connection to the mail server for many messages, opened with the first one and again after a failure.

    works: whether the server took the last message through it, so that nobody has to ask how it is.
    """

    def __init__(self) -> None:
        self._backend = None
        self.works = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self._hang_up()

    def hand_over(self, message: EmailMessage) -> None:
        """As `hand_over` below, and with its errors."""
        if self._backend is None:
            self._backend = mail.get_connection()
            if isinstance(self._backend, DeadlineBackend):
                self._backend.open_watched()
        try:
            if self._backend.send_messages([Post(message)]) != 1:
                raise NotAccepted  # noqa: TRY301 - the connection is given up for it as for anything else
        except Exception:
            self._hang_up()
            raise
        self.works = True

    def _hang_up(self) -> None:
        backend, self._backend, self.works = self._backend, None, False
        if backend is not None:
            with suppress(OSError, SMTPException):
                backend.close()


def greet() -> None:
    """Connect to the mail server as for a message, and leave again. Raises OSError or SMTPException.

    A backend that is no server has nothing to say.
    """
    backend = mail.get_connection()
    if isinstance(backend, DeadlineBackend):
        backend.greet()
