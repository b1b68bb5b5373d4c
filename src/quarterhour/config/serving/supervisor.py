"""Keeping a handful of processes running: started together, revived with patience, stopped cleanly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from quarterhour.config.serving.processes import Process

GRACE = 8.0  # seconds between asking to stop and stopping
QUICK = 5.0  # a process that dies sooner than this after its start is revived more and more slowly
ROUND = 2.0  # seconds between two looks at what the processes rest on
FIRST = 10.0  # seconds the others wait for the first process, where they wait for it


class _Child:
    def __init__(self, process: Process) -> None:
        self.process = process
        self.failures = 0
        self.start()

    def start(self) -> None:
        sees = self.process.sees
        around = {name: value for name, value in os.environ.items() if sees is None or name in sees}
        # Its own process group: Ctrl-C reaches the supervisor alone, which then stops everybody in order.
        self.popen = subprocess.Popen(self.process.command, env=around | self.process.env, start_new_session=True)  # noqa: S603 - our own commands
        self.started = time.monotonic()

    def revive_at(self) -> float:
        lasted = time.monotonic() - self.started
        self.failures = self.failures + 1 if lasted < QUICK else 0
        return time.monotonic() + min(2.0**self.failures - 1, 30.0)


def keep_running(
    processes: Sequence[Process],
    *,
    look_after: Callable[[], None] | None = None,
    first_answers: Callable[[], bool] | None = None,
) -> int:
    """Run until SIGINT or SIGTERM. Returns 0 after a clean stop.

    look_after: sees to what the processes rest on, every two seconds. What it raises is told, and it is asked again.
    first_answers: whether the first process is there for people; the others are started then, or after ten seconds, so
    that two cores which would start six processes at once show the first page in half the time.
    """
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _frame: stopping.append(got))
    later = list(processes[1:]) if first_answers else []
    children = [_Child(process) for process in processes[: len(processes) - len(later)]]
    waiting: dict[int, float] = {}
    looked = begun = time.monotonic()
    while not stopping:
        if later and first_answers and (first_answers() or time.monotonic() - begun >= FIRST):
            children += [_Child(process) for process in later]
            later = []
        if look_after and time.monotonic() - looked >= ROUND:
            _look(look_after)
            looked = time.monotonic()
        for index, child in enumerate(children):
            if index in waiting:
                if time.monotonic() >= waiting[index]:
                    del waiting[index]
                    child.start()
            elif child.popen.poll() is not None:
                print(
                    f"{child.process.name} stopped (code {child.popen.returncode}); starting it again.", file=sys.stderr
                )
                waiting[index] = child.revive_at()
        time.sleep(0.2)
    _stop([child.popen for child in children])
    return 0


def _look(look_after: Callable[[], None]) -> None:
    try:
        look_after()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a trouble that lasts is no reason to leave the others alone
        print(error, file=sys.stderr)


def _stop(running: Sequence[subprocess.Popen]) -> None:
    for process in running:
        _signal(process, signal.SIGTERM)
    give_up = time.monotonic() + GRACE
    while time.monotonic() < give_up and any(p.poll() is None for p in running):
        time.sleep(0.05)
    for process in running:
        if process.poll() is None:
            _signal(process, signal.SIGKILL)
            process.wait()


def _signal(process: subprocess.Popen, number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
