"""Timers after a clock was moved."""

from __future__ import annotations

import pytest
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicDeferrer

from quarterhour.config.serving import ticks

NOON = 1_795_694_400.0 + 0.4


def ticked(deferrer, at: float) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for timer, tick in ticks.latest_ticks(deferrer, at):
        found.setdefault(timer.task.name.rpartition(".")[2], []).append(tick)
    return found


@pytest.fixture
def deferrer():
    return PeriodicDeferrer(registry=app.periodic_registry)


def test_each_tick_counts_once(deferrer):
    first = ticked(deferrer, NOON)

    assert "hand_over_reminders" in first
    assert ticked(deferrer, NOON + 1) == {}
    assert ticked(deferrer, NOON + 5)["hand_over_reminders"] == [int(NOON) + 5]


@pytest.mark.parametrize("away", [16 * 3600, 200 * 86_400, -3600, -86_400])
def test_after_a_jump_each_timer_ticks_once_and_goes_on(deferrer, away):
    ticked(deferrer, NOON)
    after = ticked(deferrer, NOON + away)

    assert {len(found) for found in after.values()} == {1}
    assert after["hand_over_reminders"] == [int(NOON) + away]
    assert "hand_over_reminders" in ticked(deferrer, NOON + away + 5)


def test_the_workers_use_it(monkeypatch):
    monkeypatch.setattr(PeriodicDeferrer, "get_previous_tasks", PeriodicDeferrer.get_previous_tasks)
    ticks.only_the_latest()

    assert PeriodicDeferrer.get_previous_tasks is ticks.latest_ticks
