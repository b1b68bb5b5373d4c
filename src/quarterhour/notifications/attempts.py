"""Trying again: what a row of something outgoing remembers between one try and the next."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db.models import F, QuerySet

from quarterhour.notifications.models import Outgoing, SentMail

log = structlog.get_logger(__name__)

TAKEN_FOR = timedelta(seconds=45)  # longer than the deadline of a delivery, shorter than a reminder may be late
MOST_ATTEMPTS = 14  # spread over a day and a half
LONGEST_WAIT = timedelta(hours=6)


class NotNow(Exception):
    """It is true, and not wanted at this hour."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


def take(rows: QuerySet, *, now: datetime) -> bool:
    """Make this row ours for a while: nobody else tries it meanwhile, and it falls due again if we are killed."""
    due = rows.filter(sent_at=None, overtaken_at=None, gave_up_at=None, due_at__lte=now)
    return bool(due.update(due_at=now + TAKEN_FOR, attempts=F("attempts") + 1))


def put_off(rows: QuerySet, row: Outgoing, *, until: datetime) -> None:
    """Nobody tried it yet: it waits for a better hour."""
    rows.filter(attempts=row.attempts, sent_at=None).update(due_at=until, attempts=row.attempts - 1)


def postpone(rows: QuerySet, row: Outgoing, error: Exception, *, now: datetime, for_good: bool) -> None:
    """Note the kind of error, never its text: it may quote an address."""
    hopeless = for_good or row.attempts >= MOST_ATTEMPTS
    # A worker that slept through its time says nothing about the try of the next one.
    rows.filter(attempts=row.attempts, sent_at=None).update(
        error=type(error).__name__[:120],
        due_at=now + wait_after(row.attempts),
        gave_up_at=now if hopeless else None,
    )
    told = {"attempts": row.attempts, "error": type(error).__name__, "given_up": hopeless}
    if isinstance(row, SentMail):
        log.warning("mail_not_sent", mail=str(row.pk), **told)
    else:
        log.warning("notice_not_sent", notice=str(row.pk), **told)


def wait_after(attempts: int) -> timedelta:
    """How long to rest after so many failed attempts: 10 s, 20 s, 40 s ... 6 h at most."""
    return min(timedelta(seconds=10 * 2.0 ** (attempts - 1)), LONGEST_WAIT)
