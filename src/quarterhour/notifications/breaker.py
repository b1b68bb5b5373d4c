"""While the mail server cannot be reached, one mail at a time finds out whether it is back.

Without this, every worker would wait out the deadline on a silent server, and news and timers would
wait behind them. The state is a few rows in PostgreSQL, so all workers on all machines know it, and a
page can tell how the server was last found without asking it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from quarterhour.core import limits
from quarterhour.core.errors import TooMany
from quarterhour.core.models import Spent

REST = timedelta(seconds=30)
_DOWN, _PROBE, _UP = "mail:down", "mail:probe", "mail:up"


class Away(Exception):
    """The mail server could not be reached a moment ago, and it is not this mail's turn to find out more."""


@dataclass(frozen=True)
class Found:
    """How the mail server was found last, and when."""

    up: bool
    at: datetime


def may_try(*, now: datetime) -> bool:
    """Whether to speak to the server now: always while it answers, once in half a minute while it does not."""
    if not Spent.objects.filter(bucket=_DOWN).exists():
        return True
    try:
        limits.spend(_PROBE, most=1, per=REST, now=now, told="The mail server cannot be reached.")
    except TooMany:
        return False
    return True


def went_down(*, now: datetime) -> None:
    """Somebody waited for the server in vain."""
    _note(_DOWN, _PROBE, now=now)


def is_up(*, now: datetime) -> None:
    """The server took something, or let us in."""
    Spent.objects.filter(bucket__in=[_DOWN, _PROBE]).delete()
    _note(_UP, now=now)


def last_found() -> Found | None:
    """How the server was found by whoever spoke to it last; None if nobody has, for two days."""
    known = dict(Spent.objects.filter(bucket__in=[_DOWN, _UP]).values_list("bucket", "since"))
    if _DOWN in known:
        return Found(up=False, at=known[_DOWN])
    return Found(up=True, at=known[_UP]) if _UP in known else None


@contextmanager
def watched(*, now: datetime) -> Iterator[None]:
    """Around speaking to the server: what is learned about it is known to everybody else.

    An answer is an answer, also one that refuses an address; only silence says that the server is away.
    """
    try:
        yield
    except (SMTPRecipientsRefused, SMTPResponseException):
        raise
    except OSError:
        went_down(now=now)
        raise
    is_up(now=now)


def _note(*buckets: str, now: datetime) -> None:
    rows = [Spent(bucket=bucket, count=1, since=now) for bucket in buckets]
    Spent.objects.bulk_create(rows, update_conflicts=True, unique_fields=["bucket"], update_fields=["count", "since"])
