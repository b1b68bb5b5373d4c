"""Other times of a mentor are those at which the mentee is up, as long as there are enough of them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.factories import MentorFactory

from quarterhour.engines.hours import awake
from quarterhour.sessions import nearest

AROUND = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
LISBON = ZoneInfo("Europe/Lisbon")


@pytest.fixture
def others(commons, leila, now):
    def _others(near, weekly=AROUND):
        mentor = MentorFactory(org=commons, weekly=weekly, zone="Europe/Lisbon")
        given = {"org": commons, "minutes": 25, "now": now, "mentee": leila, "near": near}
        return [start.astimezone(LISBON) for start in nearest.alternatives(None, mentor_id=mentor.pk, **given)]

    return _others


def test_near_the_end_of_a_day_the_night_is_left_out(others):
    """21:45 was gone; 22:15 and 22:00 are nearer than 21:15, and nobody is up."""
    found = others(datetime(2026, 11, 30, 21, 45, tzinfo=UTC))
    assert len(found) == 3
    assert all(map(awake, found))
    assert all(start.day == 30 for start in found)


def test_whoever_asked_for_the_night_is_shown_the_night(others):
    near = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    assert all(start.hour in {1, 2} for start in others(near))


def test_where_there_are_no_others_the_night_it_is(others):
    night = {day: [["02:00", "03:00"]] for day in AROUND}
    found = others(datetime(2026, 11, 30, 10, 0, tzinfo=UTC), night)
    assert len(found) == 3
    assert {start.hour for start in found} == {2}
