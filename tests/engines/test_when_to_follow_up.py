"""A week and a month later, at an hour somebody is awake; and the morning of a day, which every calendar has."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.engines.following_up import AFTER, BELATED, SPREAD, WORTH, Kind, follow_ups, morning_of
from quarterhour.engines.reminding import LONGEST_QUIET, NIGHT, Quiet, quiet_around

NONE = Quiet(time(0), time(0))
ZONES = ["UTC", "Europe/Lisbon", "America/New_York", "Africa/Lagos", "Australia/Lord_Howe", "Asia/Kathmandu"]
TURNS = [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]  # both, in Lisbon
SLACK = timedelta(hours=2)  # more than any change of clocks here

near_a_turn = st.builds(
    lambda turn, seconds: turn + timedelta(seconds=seconds),
    st.sampled_from(TURNS),
    st.integers(-35 * 86400, 2 * 86400),
)
any_time = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
ends = near_a_turn | any_time
quarter = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
quiets = st.builds(Quiet, quarter, quarter).filter(lambda quiet: quiet.length <= LONGEST_QUIET)
seeds = st.text(max_size=20)


@given(ends, st.sampled_from(ZONES), quiets, seeds)
def test_each_is_asked_twice_awake_and_never_a_third_time(ended, zone, quiet, seed):
    found = follow_ups(ended, known_at=ended, zone=zone, quiet=quiet, seed=seed)

    assert [due.kind for due in found] == [Kind.WEEK, Kind.MONTH]
    for due in found:
        assert quiet_around(due.at, zone=zone, quiet=quiet) is None
        late = due.at - (ended + timedelta(days=AFTER[due.kind]))
        assert -SLACK <= late <= quiet.length + SPREAD + SLACK
        assert due.until - due.at == WORTH[due.kind]
    assert found[0].until < found[1].at


@given(ends, st.sampled_from(ZONES), seeds)
def test_without_quiet_hours_the_wall_shows_the_same_hour(ended, zone, seed):
    here = ZoneInfo(zone)
    began = ended.astimezone(here).replace(tzinfo=None, microsecond=0)
    for due in follow_ups(ended, known_at=ended, zone=zone, quiet=NONE, seed=seed):
        shown = (due.at).astimezone(here).replace(tzinfo=None) - (began + timedelta(days=AFTER[due.kind]))
        gap = timedelta(hours=1)  # an hour that a wall leaves out or shows twice
        assert -gap <= shown <= SPREAD + gap
        if due.at.astimezone(here).utcoffset() == (due.at - 2 * gap).astimezone(here).utcoffset():
            assert timedelta(0) <= shown <= SPREAD


@given(ends, st.sampled_from(ZONES), quiets, seeds, st.timedeltas(timedelta(0), timedelta(days=50)))
def test_what_was_long_over_when_it_became_known_is_let_be(ended, zone, quiet, seed, later):
    every = follow_ups(ended, known_at=ended, zone=zone, quiet=quiet, seed=seed)
    found = follow_ups(ended, known_at=ended + later, zone=zone, quiet=quiet, seed=seed)

    assert found == [due for due in every if due.at >= ended + later - BELATED]


def test_people_are_not_all_asked_in_one_minute():
    ended = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # at night: all of them wait for seven o'clock
    asked = {
        follow_ups(ended, known_at=ended, zone="UTC", quiet=NIGHT, seed=f"{n}")[0].at.replace(second=0, microsecond=0)
        for n in range(200)
    }
    assert len(asked) > 20


@given(st.dates(date(2025, 1, 1), date(2028, 1, 1)), st.sampled_from(ZONES), quiets, seeds)
def test_the_morning_of_a_day_lies_on_that_day_and_awake(day, zone, quiet, seed):
    found = morning_of(day, zone=zone, quiet=quiet, seed=seed)
    if found is None:
        assert quiet_around(datetime.combine(day, time(19, 59), ZoneInfo(zone)), zone=zone, quiet=quiet) or (
            quiet_around(datetime.combine(day, time(19, 29), ZoneInfo(zone)), zone=zone, quiet=quiet)
        )
        return
    local = found.at.astimezone(ZoneInfo(zone))
    assert local.date() == day
    assert time(8) <= local.time() < time(20)
    assert quiet_around(found.at, zone=zone, quiet=quiet) is None


def test_quiet_hours_that_leave_no_day_and_naive_moments_are_refused():
    ended = datetime(2026, 11, 23, 10, tzinfo=UTC)
    whole = Quiet(time(0), time(23))
    with pytest.raises(ValueError, match="Quiet hours last"):
        follow_ups(ended, known_at=ended, zone="UTC", quiet=whole, seed="x")
    with pytest.raises(ValueError, match="Quiet hours last"):
        morning_of(ended.date(), zone="UTC", quiet=whole, seed="x")
    with pytest.raises(ValueError, match="no zone"):
        follow_ups(ended.replace(tzinfo=None), known_at=ended, zone="UTC", quiet=NIGHT, seed="x")
