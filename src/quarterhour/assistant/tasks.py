"""The jobs of the assistant: a server outside, so it is asked beside the calendars, where no news waits for it."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from quarterhour.assistant import services
from quarterhour.core import clock


@app.task(queue="calendars", priority=20)  # somebody looks at the page
def think(need_id: str) -> None:
    services.think(UUID(need_id), now=clock.now())


@app.periodic(cron="41 * * * *")
@app.task(queue="housekeeping", queueing_lock="forget_thoughts", pass_context=False)
def forget_thoughts(timestamp: int) -> None:
    services.forget(now=clock.now())
