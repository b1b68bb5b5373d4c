"""What is kept for a while and then removed: a batch at a time, so that nobody waits behind it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session as Login
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from quarterhour.core.models import Command, Delivery, OutboxEvent, SingleUseLink, Spent

A_BATCH = 1_000
MOST_BATCHES = 200  # of one table in one go; the next hour goes on
COMMANDS = timedelta(hours=24)
BUCKETS = timedelta(days=2)  # longer than any limit counts


def forget(rows: QuerySet, *, batch: int = A_BATCH, most: int = MOST_BATCHES) -> int:
    """Remove these rows, each batch in a transaction of its own. Returns how many, dependent rows not counted."""
    gone = 0
    for _ in range(most):
        with transaction.atomic():
            keys = list(rows.order_by().values_list("pk", flat=True)[:batch])
            # Reached by their keys alone: which rows they are was decided above.
            rows.model._base_manager.filter(pk__in=keys).delete()  # noqa: SLF001 - Django's name for it
        gone += len(keys)
        if len(keys) < batch:
            break
    return gone


def forget_expired(*, now: datetime) -> dict[str, int]:
    """Remove what the core and Django itself keep no longer. Returns how many rows of what."""
    until = now - settings.KEEP
    waiting = Delivery.objects.filter(event=OuterRef("pk"), done_at=None)
    return {
        "commands": forget(Command.objects.filter(created_at__lt=now - COMMANDS)),
        "links": forget(SingleUseLink.objects.filter(expires_at__lt=until)),
        "buckets": forget(Spent.objects.filter(since__lt=now - BUCKETS)),
        # What still waits, or was given up and not let go, stays with its event.
        "news": forget(OutboxEvent.objects.filter(happened_at__lt=until).exclude(Exists(waiting))),
        "logins": forget(Login.objects.filter(expire_date__lt=now)),
        "jobs": _forget_jobs(until),
    }


def _forget_jobs(until: datetime) -> int:
    """Jobs that failed and that nobody looked at since; those that went well are gone already."""
    gone = 0
    for _ in range(MOST_BATCHES):
        with connection.cursor() as cursor:
            cursor.execute(OLD_JOBS, [until, A_BATCH])
            gone += cursor.rowcount
            if cursor.rowcount < A_BATCH:
                return gone
    return gone


OLD_JOBS = """
DELETE FROM procrastinate_jobs WHERE id IN (
  SELECT id FROM procrastinate_jobs job WHERE status NOT IN ('todo', 'doing')
    AND NOT EXISTS (SELECT 1 FROM procrastinate_events event WHERE event.job_id = job.id AND event.at >= %s) LIMIT %s)
"""
