"""Sending what is due: at least once, never inside a transaction, and nobody waits for anybody.

A worker first takes a row for two minutes (`due_at` moves on), then writes and sends the message, then
notes `sent_at`. Killed between the last two, the row falls due again and the message goes out a second
time, under the same Message-ID: that is the one case in which two arrive, and mail programs show one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from uuid import UUID

import structlog
from django.db.models import F

from quarterhour.notifications import breaker, mailings, post
from quarterhour.notifications.models import SentMail

log = structlog.get_logger(__name__)

TAKEN_FOR = timedelta(minutes=2)  # longer than the deadline of a delivery
MOST_ATTEMPTS = 14  # spread over a day and a half
LONGEST_WAIT = timedelta(hours=6)
HEARD = timedelta(seconds=50)  # a server heard so lately need not be asked
REFUSED_FOR_GOOD = 500  # SMTP codes from here on say: do not try again


def send(mail_id: UUID, *, now: datetime) -> bool:
    """Send one mail if it is due and nobody else is at it. Returns whether it went out.

    A failure is noted in the row and tried again later; it is never raised, so no queue stops for it.
    """
    row = _take(mail_id, now) if breaker.may_try(now=now) else None
    if row is None:
        return False
    try:
        message = mailings.message_for(row, now=now)
        if message is not None:
            with breaker.watched(now=now):
                post.hand_over(message)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong with one mail, the others go on
        _postpone(row, error, now)
        return False
    done = {"overtaken_at": now} if message is None else {"sent_at": now}
    _rows(row.pk).update(**done, error="")
    return message is not None


def due(*, now: datetime, older_than: timedelta = timedelta(0), limit: int = 200) -> list[UUID]:
    """Mails to try now, the longest waiting first."""
    waiting = _all().open().filter(due_at__lte=now, made_at__lte=now - older_than)
    return list(waiting.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])


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
    mine = _rows(mail_id).open().filter(due_at__lte=now)
    if not mine.update(due_at=now + TAKEN_FOR, attempts=F("attempts") + 1):
        return None
    return _rows(mail_id).select_related("person").get()


def _postpone(row: SentMail, error: Exception, now: datetime) -> None:
    """Note the kind of error, never its text: it may quote an address."""
    hopeless = row.attempts >= MOST_ATTEMPTS or refused_for_good(error)
    # A worker that slept through its time says nothing about the try of the next one.
    _rows(row.pk).filter(attempts=row.attempts, sent_at=None).update(
        error=type(error).__name__[:120],
        due_at=now + wait_after(row.attempts),
        gave_up_at=now if hopeless else None,
    )
    log.warning("mail_not_sent", mail=str(row.pk), attempts=row.attempts, error=type(error).__name__, given_up=hopeless)


def refused_for_good(error: Exception) -> bool:
    """Whether the server knows that this address will never take mail."""
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    return all(code >= REFUSED_FOR_GOOD for code, _ in error.recipients.values())


def wait_after(attempts: int) -> timedelta:
    """How long to rest after so many failed attempts: 10 s, 20 s, 40 s ... 6 h at most."""
    return min(timedelta(seconds=10 * 2.0 ** (attempts - 1)), LONGEST_WAIT)
