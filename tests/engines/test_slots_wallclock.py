"""The wall clock of a zone: the same answers as zoneinfo, from a table."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterhour.engines.hours import iso_week
from quarterhour.engines.wallclock import (
    DAY,
    EPOCH,
    ceil_second,
    day_number,
    floor_second,
    moment,
    wallclock,
)

ODD = [
    "Africa/Casablanca",
    "Africa/Freetown",
    "Africa/Monrovia",
    "America/Juneau",
    "America/Recife",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Manila",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Pacific/Apia",
    "Pacific/Kwajalein",
]
years = st.integers(1840, 2120)
seconds = st.integers(0, 366 * DAY)


@settings(max_examples=300, deadline=None, database=None)
@given(st.sampled_from(ODD), years, seconds)
def test_the_wall_shows_what_zoneinfo_says(zone, year, second):
    instant = day_number(date(year, 1, 1)) * DAY + second
    shown = moment(instant).astimezone(ZoneInfo(zone)).replace(tzinfo=UTC)

    assert moment(wallclock(zone, instant, instant).wall(instant)) == shown


@settings(max_examples=300, deadline=None, database=None)
@given(st.sampled_from(ODD), years, seconds)
def test_opening_and_closing_are_the_two_folds_of_zoneinfo(zone, year, second):
    wall = day_number(date(year, 1, 1)) * DAY + second
    clock = wallclock(zone, wall, wall)
    tz = ZoneInfo(zone)
    first, last = (floor_second(moment(wall).replace(tzinfo=tz, fold=fold)) for fold in (0, 1))

    if clock.wall(first) == wall:
        assert (clock.opens(wall), clock.closes(wall)) == (first, last)
    else:  # a gap: zoneinfo answers from either side of it
        assert clock.opens(wall) == clock.closes(wall)
        assert last <= clock.opens(wall) <= first
        assert clock.wall(clock.opens(wall) - 1) < wall < clock.wall(clock.opens(wall))


@pytest.mark.parametrize("zone", ODD)
def test_no_change_of_two_hundred_years_is_missed(zone):
    tz = ZoneInfo(zone)
    for year in range(1900, 2100, 13):
        start = day_number(date(year, 1, 1)) * DAY
        clock = wallclock(zone, start, start + 366 * DAY)
        for instant in range(start, start + 366 * DAY, 43_201):
            offset = moment(instant).astimezone(tz).utcoffset()
            assert clock.wall(instant) - instant == offset.total_seconds()


def test_a_week_without_a_change_has_one_offset():
    may = day_number(date(2026, 5, 4)) * DAY
    clock = wallclock("Europe/Lisbon", may, may + 7 * DAY)

    assert len(clock.offsets) == 3
    assert clock.around(may, may + 7 * DAY).offsets == (3600,)


def test_a_date_opens_at_its_first_instant_also_when_midnight_is_missing_or_doubled():
    def first(zone, year, month, day):
        midnight = day_number(date(year, month, day)) * DAY
        return moment(wallclock(zone, midnight, midnight).opens(midnight)).isoformat()

    assert first("Europe/Lisbon", 2026, 5, 4) == "2026-05-03T23:00:00+00:00"
    assert first("America/Havana", 2026, 3, 8) == "2026-03-08T05:00:00+00:00"
    assert first("America/Havana", 2026, 11, 1) == "2026-11-01T04:00:00+00:00"
    assert first("Pacific/Apia", 2011, 12, 30) == "2011-12-30T10:00:00+00:00"  # skipped: nothing is left of it
    assert first("Pacific/Apia", 2011, 12, 31) == "2011-12-30T10:00:00+00:00"


def test_days_are_cut_where_the_date_changes():
    start = floor_second(datetime(2006, 10, 29, 2, 0, tzinfo=UTC))  # St John's: 00:01 became 23:01
    clock = wallclock("America/St_Johns", start, start)
    sunday = day_number(date(2006, 10, 29))

    parts = [(day - sunday, (end - begin) // 60) for day, begin, end in clock.days(start, start + 7200)]
    assert parts == [(-1, 30), (0, 1), (-1, 59), (0, 30)]


@given(st.datetimes(timezones=st.just(UTC)))
def test_seconds_enclose_every_instant(instant):
    lower, upper = EPOCH + timedelta(0, floor_second(instant)), ceil_second(instant)

    assert lower <= instant < lower + timedelta(seconds=1)
    assert upper - floor_second(instant) == (1 if instant.microsecond else 0)


@given(st.dates(), st.dates())
def test_iso_weeks_are_those_of_the_calendar(one, other):
    same = one.isocalendar()[:2] == other.isocalendar()[:2]

    assert (iso_week(day_number(one)) == iso_week(day_number(other))) is same


def test_moments_outside_the_calendar_are_its_ends():
    assert moment(-(10**12)) == datetime.min.replace(tzinfo=UTC)
    assert moment(10**12) == datetime.max.replace(tzinfo=UTC)
