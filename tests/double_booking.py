"""What must be true of everybody's time after whatever happened; the questions are those of the races."""

from __future__ import annotations

from quarterhour.config.bench.races.aftermath import troubles


def assert_nobody_is_booked_twice_or_half() -> None:
    """No two sessions of one person overlap, but for the hours one question is asked of several mentors for. What takes
    time has two claims of it; what gave it back has none.
    """
    assert troubles() == []
