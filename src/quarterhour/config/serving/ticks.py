"""Timers that are at peace with a clock that jumps: a machine that slept, or a clock that was put right.

Procrastinate makes a job for every tick since the last one. After a night asleep that is tens of thousands of jobs
before the first one of now; after an hour set back it is none for an hour. Here only the latest tick counts: our
timers look at what is due, so one look is as good as a thousand.
"""

from __future__ import annotations

from collections.abc import Iterator

from procrastinate.periodic import PeriodicDeferrer


def only_the_latest() -> None:
    """From now on every worker of this process makes jobs for the latest tick of each timer alone."""
    PeriodicDeferrer.get_previous_tasks = latest_ticks


def latest_ticks(self: PeriodicDeferrer, at: float) -> Iterator[tuple]:
    """Each timer that ticked and that this process made no job for, with the time of the tick."""
    for key, timer in self.registry.periodic_tasks.items():
        for tick in self.get_timestamps(periodic_task=timer, since=None, until=at):
            if self.last_defers.get(key) != tick:
                self.last_defers[key] = tick
                yield timer, tick
