"""Sending what is due: at least once, never inside a transaction, and nobody waits for anybody.

A worker first takes a row for a while (`due_at` moves on), then writes and sends the message, then notes
`sent_at`. Killed between the last two, the row falls due again and the same message goes out a second time: the
same Message-ID, the same links, the same words. That is the one case in which two arrive; mail programs show one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from random import sample
from smtplib import SMTPRecipientsRefused
from uuid import UUID

import structlog

from quarterhour.notifications import attempts, breaker, mailings, post
from quarterhour.notifications.attempts import LONGEST_WAIT, MOST_ATTEMPTS, TAKEN_FOR, NotNow
from quarterhour.notifications.models import SentMail
from quarterhour.notifications.turns import turn

log = structlog.get_logger(__name__)

__all__ = [
    "LONGEST_WAIT",
    "MOST_ATTEMPTS",
    "TAKEN_FOR",
    "ask_after_the_server",
    "drain",
    "due",
    "refused_for_good",
    "send",
    "send_waiting",
]

A_HANDFUL = 50  # mails looked up at once
MOST_LINES = 8  # to the mail server at once, from all workers, besides those for single mails
_draining = threading.Lock()
HEARD = timedelta(seconds=50)  # a server heard so lately need not be asked
REFUSED_FOR_GOOD = 500  # SMTP codes from here on say: do not try again


def send(mail_id: UUID, *, now: datetime, line: post.Line | None = None) -> bool:
    """Send one mail if it is due and nobody else is at it. Returns whether it went out.

    line: a connection to send through; without one, a connection of its own.
    A failure is noted in the row and tried again later; it is never raised, so no queue stops for it.
    """
    works = line is not None and line.works
    row = _take(mail_id, now) if works or breaker.may_try(now=now) else None
    if row is None:
        return False
    try:
        message = mailings.message_for(row, now=now)
        if message is not None:
            with nullcontext() if works else breaker.watched(now=now):
                (line or post).hand_over(message)
    except NotNow as asleep:
        attempts.put_off(_rows(row.pk), row, until=asleep.until)
        return False
    except Exception as error:  # noqa: BLE001 - whatever goes wrong with one mail, the others go on
        attempts.postpone(_rows(row.pk), row, error, now=now, for_good=refused_for_good(error))
        return False
    done = {"overtaken_at": now} if message is None else {"sent_at": now}
    _rows(row.pk).update(**done, error="")
    return message is not None


def drain(*, seconds: float, clock: Callable[[], datetime]) -> int:
    """Send what is due, one after the other through one connection, for so long at most. Returns how many went out.

    At most once in each worker, so that what somebody waits for finds a free hand, and on a few connections in all.
    """
    sent, until = 0, time.monotonic() + seconds
    if not _draining.acquire(blocking=False):
        return 0
    try:
        with turn("drain mail", of=MOST_LINES) as mine, post.Line() as line:
            while mine and time.monotonic() < until:
                went = sum(send(mail_id, now=clock(), line=line) for mail_id in _handful(clock()))
                sent += went
                if not went:
                    break
    finally:
        _draining.release()
    return sent


def _handful(now: datetime) -> list[UUID]:
    """Some of those that wait longest, each worker others of them."""
    waiting = due(now=now, limit=A_HANDFUL * MOST_LINES)
    return sample(waiting, min(A_HANDFUL, len(waiting)))


def due(*, now: datetime, older_than: timedelta = timedelta(0), limit: int = 200) -> list[UUID]:
    """Mails to try now, the longest waiting first."""
    waiting = _all().open().filter(due_at__lte=now, made_at__lte=now - older_than)
    return list(waiting.order_by("due_at").values_list("pk", flat=True)[:limit])


def send_waiting(*, now: datetime) -> int:
    """Send everything that is due, in this process. Returns how many went out."""
    return sum(send(mail_id, now=now) for mail_id in due(now=now))


def ask_after_the_server(*, now: datetime) -> None:
    """Let the server greet us, unless it was heard a moment ago or is to be left in peace."""
    found = breaker.last_found()
    if found and found.up and now - found.at < HEARD:
        return
    if not breaker.may_try(now=now):
        return
    try:
        with breaker.watched(now=now):
            post.greet()
    except Exception as error:  # noqa: BLE001 - whatever it says, the next minute asks again
        breaker.went_down(now=now)
        log.warning("mail_server_away", error=type(error).__name__)


def _all():
    return SentMail.objects.of_every_tenant(because="mail of all organisations leaves by one door")


def _rows(mail_id: UUID):
    return _all().filter(pk=mail_id)


def _take(mail_id: UUID, now: datetime) -> SentMail | None:
    if not attempts.take(_rows(mail_id), now=now):
        return None
    return _rows(mail_id).select_related("person").get()


def refused_for_good(error: Exception) -> bool:
    """Whether the server knows that this address will never take mail."""
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    return all(code >= REFUSED_FOR_GOOD for code, _ in error.recipients.values())
