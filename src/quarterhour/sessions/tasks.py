"""The timers of sessions. They run by themselves; none depends on an operator."""

from __future__ import annotations

from procrastinate.contrib.django import app

from quarterhour.core import clock
from quarterhour.sessions import services


@app.periodic(cron="* * * * * */15")
@app.task(queue="timers", queueing_lock="give_time_back", pass_context=False)
def give_time_back(timestamp: int) -> None:
    services.expire(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queue="timers", queueing_lock="close_finished_sessions", pass_context=False)
def close_finished_sessions(timestamp: int) -> None:
    services.close_finished(now=clock.now())


@app.periodic(cron="43 * * * *")
@app.task(queue="housekeeping", queueing_lock="forget_heartbeats", pass_context=False)
def forget_heartbeats(timestamp: int) -> None:
    services.forget_heartbeats(now=clock.now())
