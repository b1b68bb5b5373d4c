"""The core's jobs: carry news, sweep what was left behind, forget what has expired."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from quarterhour.core import clock, left_jobs, outbox, retention


@app.task(queue="outbox")
def deliver(event_id: str) -> None:
    outbox.deliver(UUID(event_id), now=clock.now())


@app.periodic(cron="* * * * * */5")
@app.task(queue="outbox", queueing_lock="sweep_outbox", pass_context=False)
def sweep_outbox(timestamp: int) -> None:
    """Second chances every five seconds: failed reactions whose rest is over, and orphans of a crash."""
    now = clock.now()
    for event_id in outbox.events_to_deliver(now=now):
        outbox.deliver(event_id, now=now)


@app.periodic(cron="* * * * * */15")
@app.task(queue="outbox", queueing_lock="take_up_left_jobs", pass_context=False)
def take_up_left_jobs(timestamp: int) -> None:
    left_jobs.take_up(now=clock.now())


@app.periodic(cron="17 * * * *")
@app.task(queue="housekeeping", queueing_lock="forget_expired", pass_context=False)
def forget_expired(timestamp: int) -> None:
    retention.forget_expired(now=clock.now())
