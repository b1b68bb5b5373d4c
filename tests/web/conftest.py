"""What tests of pages share."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest


class Clock:
    """The time as the pages see it; tests move it on."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def on(self, **span) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock(monkeypatch, now):
    clock = Clock(now)
    monkeypatch.setattr("quarterhour.core.clock.now", clock)
    return clock
