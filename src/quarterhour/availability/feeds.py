"""The private address of a person's own sessions: made, shown to its owner, replaced by one press."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from quarterhour.availability.calendar_models import CalendarFeed
from quarterhour.core.sealing import Sealed, seal, unseal
from quarterhour.people.models import Person

PURPOSE = "calendar feed"


def feed_of(person: Person) -> tuple[CalendarFeed | None, str]:
    """The feed and the secret of its address, for its owner's eyes; (None, "") where there is none. One query.

    A secret that cannot be opened any more is told as none: a new one is a press away.
    """
    row = CalendarFeed.objects.filter(person=person).first()
    try:
        return row, str(unseal(row.sealed, purpose=PURPOSE)) if row else ""
    except Sealed:
        return row, ""


@transaction.atomic
def make(*, person: Person, now: datetime) -> CalendarFeed:
    """A new address; the one before it stops at once. What it tells stays as it was chosen."""
    secret = secrets.token_urlsafe(32)
    new = {"secret_hash": _hash(secret), "sealed": seal(secret, purpose=PURPOSE), "made_at": now}
    return CalendarFeed.objects.update_or_create(person=person, defaults=new)[0]


def tell(*, person: Person, busy_only: bool) -> None:
    """Whether the feed tells names and questions, or only that somebody is busy."""
    CalendarFeed.objects.filter(person=person).update(busy_only=busy_only)


def stop(*, person: Person) -> None:
    """There is no address any more."""
    CalendarFeed.objects.filter(person=person).delete()


def behind(secret: str) -> CalendarFeed | None:
    """The feed of this secret with its person; None for one that is unknown, replaced, or of a closed account."""
    rows = CalendarFeed.objects.select_related("person")
    return rows.filter(secret_hash=_hash(secret), person__is_active=True).first()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
