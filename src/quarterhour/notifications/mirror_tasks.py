"""The jobs of writing sessions into calendars of elsewhere."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from quarterhour.core import clock
from quarterhour.notifications import mirror


@app.task(queue="calendars")
def mirror_session(mirror_id: str) -> None:
    mirror.carry(UUID(mirror_id), now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queue="timers", queueing_lock="mirror_sessions", pass_context=False)
def mirror_sessions(timestamp: int) -> None:
    """Second chances: what could not be written, and what lost its job."""
    for mirror_id in mirror.due(now=clock.now()):
        wake_mirror(mirror_id)


def wake_mirror(mirror_id: UUID) -> None:
    """Have a session written into a calendar, unless a job for it waits already."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        mirror_session.configure(queueing_lock=f"mirror {mirror_id}").defer(mirror_id=str(mirror_id))
