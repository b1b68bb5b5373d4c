"""Which events of a calendar are our own sessions: they take no time besides the session itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from quarterhour.availability import reading
from quarterhour.availability.events import AccountToLookInto, CalendarToRead
from quarterhour.sessions.models import MentoringSession


def own_keys(person_id: UUID, keys: Iterable[str]) -> set[str]:
    """Those of these keys that are sessions of this person's, in whatever state: what became of them we know best."""
    because = "a person is in one place, whatever the organisation"
    rows = MentoringSession.objects.of_every_tenant(because=because).filter(pk__in=list(keys))
    mine = rows.filter(mentor=person_id) | rows.filter(mentee=person_id)
    return {str(key) for key in mine.values_list("pk", flat=True)}


def read(calendar_id: UUID, *, now: datetime) -> bool:
    """Read one calendar of elsewhere; see availability.reading."""
    return reading.read(calendar_id, now=now, own=own_keys)


def read_soon(event: CalendarToRead, *, now: datetime) -> None:
    """Somebody waits: its job is made once this is committed."""
    from quarterhour.sessions import tasks

    transaction.on_commit(partial(tasks.wake_calendar, event.calendar_id))


def look_soon(event: AccountToLookInto, *, now: datetime) -> None:
    from quarterhour.sessions import tasks

    transaction.on_commit(partial(tasks.look_into_account.defer, account_id=str(event.account_id)))
