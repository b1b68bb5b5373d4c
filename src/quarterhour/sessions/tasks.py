"""The timers of sessions, and the reading of calendars that tell when there is room for them.

They run by themselves; none depends on an operator.
"""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from quarterhour.availability import reading
from quarterhour.core import clock
from quarterhour.sessions import asking, attendance, calendars, captions, companions, services, writing


@app.periodic(cron="* * * * * */15")
@app.task(queue="timers", queueing_lock="give_time_back", pass_context=False)
def give_time_back(timestamp: int) -> None:
    services.expire(now=clock.now())


@app.periodic(cron="* * * * * */15")
@app.task(queue="timers", queueing_lock="close_written", pass_context=False)
def close_written(timestamp: int) -> None:
    """A task of its own: neither this nor `give_time_back` waits for the other, or fails with it."""
    writing.expire(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queue="timers", queueing_lock="nudge_in_writing", pass_context=False)
def nudge_in_writing(timestamp: int) -> None:
    writing.nudge(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queue="timers", queueing_lock="nudge_the_asked", pass_context=False)
def nudge_the_asked(timestamp: int) -> None:
    asking.nudge(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queue="timers", queueing_lock="close_finished_sessions", pass_context=False)
def close_finished_sessions(timestamp: int) -> None:
    services.close_finished(now=clock.now())


@app.periodic(cron="43 * * * *")
@app.task(queue="housekeeping", queueing_lock="forget_heartbeats", pass_context=False)
def forget_heartbeats(timestamp: int) -> None:
    attendance.forget_heartbeats(now=clock.now())


@app.periodic(cron="47 * * * *")
@app.task(queue="housekeeping", queueing_lock="forget_what_was_said", pass_context=False)
def forget_what_was_said(timestamp: int) -> None:
    captions.forget(now=clock.now())


@app.periodic(cron="49 * * * *")
@app.task(queue="housekeeping", queueing_lock="forget_companions", pass_context=False)
def forget_companions(timestamp: int) -> None:
    companions.forget(now=clock.now())


@app.task(queue="calendars")
def read_calendar(calendar_id: str) -> None:
    calendars.read(UUID(calendar_id), now=clock.now())


@app.task(queue="calendars", priority=10)
def look_into_account(account_id: str) -> None:
    """Somebody sits and waits for the list, so it goes before reading."""
    reading.look_into(UUID(account_id), now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queue="timers", queueing_lock="read_calendars", pass_context=False)
def read_calendars(timestamp: int) -> None:
    """Each calendar is a job of its own: a silent server keeps nobody but the calendars' own worker."""
    for calendar_id in reading.due(now=clock.now()):
        wake_calendar(calendar_id)


def wake_calendar(calendar_id: UUID) -> None:
    """Have a calendar read, unless a job for it waits already."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        read_calendar.configure(queueing_lock=f"calendar {calendar_id}").defer(calendar_id=str(calendar_id))
