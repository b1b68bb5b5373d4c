"""What may stand in a week: a table of what people type, and what they are told."""

from __future__ import annotations

from datetime import date

import pytest

from quarterhour.availability import rules
from quarterhour.core.errors import Invalid

TODAY = date(2026, 11, 26)
SOUND = {
    "zone": "Africa/Lagos",
    "increment": "15",
    "buffer_before": "0",
    "buffer_after": "5",
    "notice": "60",
    "horizon_days": "28",
    "daily_cap": "",
    "weekly_cap": "3",
    "weekly_minutes": "60",
}


def read(day_windows=(), **given):
    return rules.usual_week(SOUND | given, windows={"mon": day_windows})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ([("09:00", "10:30")], [["09:00", "10:30"]]),
        ([("9:00", "10:30"), ("", "")], [["09:00", "10:30"]]),
        ([("09:00:00", "10:30:00")], [["09:00", "10:30"]]),
        ([("14:00", "15:00"), ("09:00", "10:00")], [["09:00", "10:00"], ["14:00", "15:00"]]),
        ([("09:00", "10:00"), ("10:00", "11:00")], [["09:00", "10:00"], ["10:00", "11:00"]]),
        ([("22:00", "02:00")], [["22:00", "02:00"]]),
        ([("22:00", "24:00")], [["22:00", "24:00"]]),
        ([("09:00", "00:00")], [["09:00", "24:00"]]),
        ([("00:00", "24:00")], [["00:00", "24:00"]]),
        ([(" 09:00 ", "10:00\x00")], [["09:00", "10:00"]]),
    ],
)
def test_hours_are_read_as_people_type_them(typed, kept):
    assert read(typed).weekly == {"mon": kept}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ([("09:00", "09:00")], "empty"),
        ([("00:00", "00:00")], "empty"),
        ([("15:00", "14:00")], "Swap the two times"),
        ([("18:00", "09:00")], "Swap the two times"),
        ([("09:00", "10:00"), ("09:30", "11:00")], "overlap"),
        ([("09:00", "10:00"), ("09:00", "10:00")], "overlap"),
        ([("22:00", "02:00"), ("23:00", "23:30")], "overlap"),
        ([("09:00", "09:10")], "shortest session"),
        ([("09:00", "")], "no other end"),
        ([("", "10:00")], "no other end"),
        ([("25:00", "26:00")], "not a time of day"),
        ([("09:60", "10:00")], "not a time of day"),
        ([("9am", "10am")], "not a time of day"),
        ([("24:00", "10:00")], "cannot start at 24:00"),
        ([("٠٩:٠٠", "10:00")], "not a time of day"),
        ([("'; DROP TABLE", "10:00")], "not a time of day"),
        ([("0" * 10_000, "10:00")], "not a time of day"),
        ([(f"{hour:02}:00", f"{hour:02}:30") for hour in range(13)], "Keep 12"),
    ],
)
def test_hours_that_cannot_be_are_refused_beside_their_day(typed, told):
    with pytest.raises(Invalid) as refused:
        read(typed)
    assert set(refused.value.fields) == {"mon"}
    assert "Monday" in refused.value.fields["mon"]
    assert told in refused.value.fields["mon"]


def test_a_night_may_not_run_into_the_next_morning():
    with pytest.raises(Invalid) as refused:
        rules.usual_week(SOUND, windows={"sun": [("23:00", "02:00")], "mon": [("01:00", "03:00")]})
    assert refused.value.fields == {
        "sun": "Sunday: 23:00 to 02:00 runs into Monday, 01:00 to 03:00. End it earlier, or make them one."
    }


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("zone", "Europe/Atlantis"),
        ("zone", ""),
        ("increment", "7"),
        ("increment", ""),
        ("increment", "0"),
        ("buffer_after", "-5"),
        ("buffer_before", "9999999999"),
        ("notice", "soon"),
        ("horizon_days", "100000"),
        ("daily_cap", "0"),
        ("weekly_cap", "1e3"),
        ("weekly_minutes", "0"),
        ("weekly_minutes", "601"),
        ("weekly_minutes", "9" * 4000),
        ("weekly_minutes", "٦٠"),
    ],
)
def test_numbers_that_cannot_be_are_refused_beside_their_field(field, typed):
    with pytest.raises(Invalid) as refused:
        read(**{field: typed})
    assert set(refused.value.fields) == {field}


def test_everything_wrong_with_a_week_is_told_at_once():
    with pytest.raises(Invalid) as refused:
        rules.usual_week(
            SOUND | {"zone": "Nowhere", "notice": "x"}, windows={"mon": [("10:00", "")], "sat": [("x", "y")]}
        )
    assert set(refused.value.fields) == {"zone", "notice", "mon", "sat"}


def test_a_number_that_stands_may_stay_though_it_is_on_no_list():
    week = rules.usual_week(SOUND | {"notice": "90"}, windows={}, kept={"notice": 90})
    assert week.notice == 90


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (None, None, "first"),
        (date(2026, 11, 25), None, "first"),
        (date(1, 1, 1), None, "first"),
        (date(9999, 12, 31), None, "first"),
        (date(2026, 12, 24), date(2026, 12, 23), "last"),
        (date(2026, 12, 24), date(2028, 12, 23), "last"),
        (date(2026, 12, 24), date(9999, 12, 31), "last"),
    ],
)
def test_dates_that_cannot_be_are_refused(first, last, field):
    with pytest.raises(Invalid) as refused:
        rules.differing_days(first=first, last=last, windows=[], today=TODAY)
    assert set(refused.value.fields) == {field}


def test_time_off_is_every_day_of_it_and_other_hours_are_checked_like_the_week():
    away = rules.differing_days(first=date(2026, 12, 21), last=date(2027, 1, 4), windows=[("", "")], today=TODAY)
    assert (len(away.dates), away.windows) == (15, [])
    one = rules.differing_days(first=TODAY, last=None, windows=[("17:00", "18:00")], today=TODAY)
    assert (one.dates, one.windows) == ([TODAY], [["17:00", "18:00"]])
    with pytest.raises(Invalid) as refused:
        rules.differing_days(first=TODAY, last=None, windows=[("18:00", "17:00")], today=TODAY)
    assert set(refused.value.fields) == {"windows"}
