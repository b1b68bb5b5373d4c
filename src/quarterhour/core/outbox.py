"""Delivering news: at least once, each reaction by itself, one bad row never blocking the rest."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from quarterhour.core import audit, events
from quarterhour.core.models import Delivery, OutboxEvent

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 12
LONGEST_WAIT = timedelta(hours=6)


def deliver(event_id: UUID, *, now: datetime) -> int:
    """Give one event to every reaction that has not had it yet. Returns how many failed."""
    row = OutboxEvent.objects.get(pk=event_id)
    names = {events.reaction_name(r): r for r in events.reactions_to(row.name)}
    Delivery.objects.bulk_create(
        [Delivery(event=row, reaction=name, due_at=now) for name in names], ignore_conflicts=True
    )
    failed = 0
    due = Delivery.objects.filter(event=row, done_at=None, gave_up_at=None, due_at__lte=now)
    for delivery_id in list(due.values_list("pk", flat=True)):
        failed += not _attempt(delivery_id, row, names, now)
    return failed


def _attempt(delivery_id: UUID, row: OutboxEvent, names: dict, now: datetime) -> bool:
    """Run one reaction in its own transaction; note the failure in another one."""
    try:
        with transaction.atomic():
            delivery = (
                Delivery.objects.select_for_update(skip_locked=True)
                .filter(pk=delivery_id, done_at=None, gave_up_at=None)
                .first()
            )
            if delivery is None:
                return True  # another worker has it
            reaction = names.get(delivery.reaction)
            if reaction is not None:
                reaction(events.revive(row), now=now)
            delivery.done_at = now
            delivery.attempts += 1
            delivery.save(update_fields=["done_at", "attempts"])
    except Exception as error:  # noqa: BLE001 - whatever a reaction raises, the others still get the news
        _postpone(delivery_id, error, now)
        return False
    return True


def _postpone(delivery_id: UUID, error: Exception, now: datetime) -> None:
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
        delivery.attempts += 1
        # Only the kind of error is kept: its text may quote what a person wrote.
        delivery.error = type(error).__name__
        delivery.due_at = now + wait_after(delivery.attempts)
        if delivery.attempts >= MOST_ATTEMPTS:
            delivery.gave_up_at = now
        delivery.save(update_fields=["attempts", "error", "due_at", "gave_up_at"])
    log.warning(
        "reaction_failed",
        reaction=delivery.reaction,
        attempts=delivery.attempts,
        error=delivery.error,
        given_up=delivery.gave_up_at is not None,
    )


def wait_after(attempts: int) -> timedelta:
    """How long to rest after so many failed attempts: 2 s, 4 s, 8 s ... 6 h at most."""
    return min(timedelta(seconds=2.0**attempts), LONGEST_WAIT)


def events_to_deliver(*, now: datetime, limit: int = 200) -> list[UUID]:
    """Events with an open delivery that is due, or whose worker died before it began."""
    overdue = Delivery.objects.filter(done_at=None, gave_up_at=None, due_at__lte=now)
    waiting = list(overdue.order_by("due_at").values_list("event_id", flat=True)[:limit])
    answered = [name for name in events._reactions if events.reactions_to(name)]  # noqa: SLF001
    orphaned = (
        OutboxEvent.objects.filter(name__in=answered, happened_at__lte=now - timedelta(seconds=30))
        .filter(happened_at__gte=now - timedelta(days=7))
        .exclude(Exists(Delivery.objects.filter(event=OuterRef("pk"))))
        .values_list("pk", flat=True)[:limit]
    )
    return list(dict.fromkeys([*waiting, *orphaned]))


def given_up() -> QuerySet[Delivery]:
    """Deliveries that failed so often that nobody tries any more, and that nobody has let go."""
    return Delivery.objects.exclude(gave_up_at=None).filter(done_at=None)


def try_again(*, by: str, now: datetime) -> int:
    """Everything that was given up is due again, with all its attempts. Returns how many. by: who says so, a key."""
    how_many = given_up().update(gave_up_at=None, attempts=0, due_at=now)
    return _noted("tried again", how_many, by, now)


def let_go(*, by: str, now: datetime) -> int:
    """Nobody looks at what was given up any more; the rows keep when that was. Returns how many."""
    return _noted("let go", given_up().update(done_at=now), by, now)


def _noted(act: str, how_many: int, by: str, now: datetime) -> int:
    if how_many:
        audit.note(act=act, on="news that was given up", by=by, now=now, how_many=how_many)
    return how_many


def drain(*, now: datetime) -> int:
    """Deliver whatever is waiting, now, in this process. Returns how many events were touched."""
    fresh = OutboxEvent.objects.exclude(Exists(Delivery.objects.filter(event=OuterRef("pk"))))
    touched = list(fresh.order_by("pk").values_list("pk", flat=True))
    touched += [pk for pk in events_to_deliver(now=now) if pk not in set(touched)]
    for event_id in touched:
        deliver(event_id, now=now)
    return len(touched)
