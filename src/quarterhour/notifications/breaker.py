"""While the mail server cannot be reached, one mail at a time finds out whether it is back.

Without this, every worker would wait out the deadline on a silent server, and news and timers would
wait behind them. The state is two rows in PostgreSQL, so all workers on all machines know it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from quarterhour.core import limits
from quarterhour.core.errors import TooMany
from quarterhour.core.models import Spent

REST = timedelta(seconds=30)
_DOWN, _PROBE = "mail:down", "mail:probe"


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
    for bucket in (_DOWN, _PROBE):
        Spent.objects.update_or_create(bucket=bucket, defaults={"count": 1, "since": now})


def is_up() -> None:
    """The server took something."""
    Spent.objects.filter(bucket__in=[_DOWN, _PROBE]).delete()
