"""Free slots: our own cases, the promises about them, and the reason when there is none."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from slow_slots import slow_slots

from quarterhour.config.cli.evaluate_slots import question
from quarterhour.engines.slots import (
    Hours,
    Reason,
    Rules,
    Taken,
    Window,
    free_slots,
    is_free_slot,
    loading_range,
    why_not,
    window,
    windows_of,
)

CASES = json.loads((Path(__file__).parent / "slot_cases.json").read_text(encoding="utf-8"))
MONDAY = datetime(2026, 5, 4, tzinfo=UTC)
MORNING = Hours("Etc/UTC", {0: [window("09:00", "12:00")]})
HALF_HOURS = Rules(30, 30)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def at(text):
    return datetime.fromisoformat(f"2026-05-{text}:00Z")


def iso(slots):
    return [slot.isoformat().replace("+00:00", "Z") for slot in slots]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_our_own_cases_come_out_as_worked_out_by_hand(case):
    assert iso(question(case).answer()) == case["expected"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_slow_rival_agrees_with_our_own_cases(case):
    assert iso(slow_slots(case)) == case["expected"]


def test_slots_come_in_utc_and_whole_minutes():
    hours = Hours("Asia/Kathmandu", {0: [window("09:00", "10:00")]})
    slots = free_slots(hours, HALF_HOURS, Taken(), now=MONDAY - DAY, between=(MONDAY, MONDAY + DAY))

    assert iso(slots) == ["2026-05-04T03:15:00Z", "2026-05-04T03:45:00Z"]
    assert all(slot.tzinfo is UTC for slot in slots)


def test_a_limit_gives_the_first_few_however_far_away():
    hours = Hours("Etc/UTC", {}, {date(2026, 7, 1): [window("09:00", "12:00")]})
    year = (MONDAY, MONDAY + 365 * DAY)
    rules = replace(HALF_HOURS, horizon_days=365)

    assert iso(free_slots(hours, rules, Taken(), now=MONDAY, between=year, limit=2)) == [
        "2026-07-01T09:00:00Z",
        "2026-07-01T09:30:00Z",
    ]
    assert free_slots(hours, rules, Taken(), now=MONDAY, between=year, limit=0) == []


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("04T10:00", None),
        ("04T08:00", Reason.NOT_OFFERED),  # outside every window
        ("04T10:15", Reason.NOT_OFFERED),  # off the grid
        ("04T11:30:30", Reason.NOT_OFFERED),  # not a whole minute
        ("04T09:30", Reason.TOO_SOON),
        ("18T10:00", Reason.TOO_FAR),
        ("04T11:00", Reason.TAKEN),
        ("04T11:30", Reason.TAKEN),  # the buffer before it
    ],
)
def test_a_start_that_is_not_free_says_why(start, reason):
    rules = replace(HALF_HOURS, buffer_before=10, notice=60, horizon_days=7)
    taken = Taken(busy=[(at("04T11:00"), at("04T11:25"))])
    when = datetime.fromisoformat(f"2026-05-{start}Z")

    assert why_not(when, MORNING, rules, taken, now=at("04T08:45")) is reason
    assert is_free_slot(when, MORNING, rules, taken, now=at("04T08:45")) is (reason is None)


@pytest.mark.parametrize(
    ("caps", "reason"),
    [
        ({"daily_cap": 1}, Reason.DAY_FULL),
        ({"weekly_cap": 1}, Reason.WEEK_FULL),
        ({"daily_cap": 1, "weekly_cap": 1}, Reason.DAY_FULL),
        ({"daily_cap": 2, "weekly_cap": 2}, None),
    ],
)
def test_a_full_day_and_a_full_week_say_so(caps, reason):
    taken = Taken(booked=[(at("04T09:00"), at("04T09:30"))])

    rules = replace(HALF_HOURS, **caps)
    assert why_not(at("04T10:00"), MORNING, rules, taken, now=MONDAY) is reason


def test_half_a_second_off_the_minute_is_not_offered():
    start = at("04T10:00") + timedelta(microseconds=500_000)

    assert why_not(start, MORNING, HALF_HOURS, Taken(), now=MONDAY) is Reason.NOT_OFFERED


def test_the_same_instant_in_another_zone_is_the_same_slot():
    tokyo = ZoneInfo("Asia/Tokyo")
    seen_there = tuple(edge.astimezone(tokyo) for edge in (MONDAY, MONDAY + DAY))
    busy = [(at("04T10:00"), at("04T10:30"))]
    busy_there = [tuple(edge.astimezone(tokyo) for edge in span) for span in busy]

    here = free_slots(MORNING, HALF_HOURS, Taken(busy), now=MONDAY, between=(MONDAY, MONDAY + DAY))
    there = free_slots(MORNING, HALF_HOURS, Taken(busy_there), now=MONDAY.astimezone(tokyo), between=seen_there)
    assert here == there
    assert len(here) == 5


def test_busy_time_given_on_a_wall_with_summer_time_is_compared_as_real_time():
    new_york = ZoneInfo("America/New_York")
    start = datetime(2026, 11, 1, 1, 30, tzinfo=new_york)  # the first half past one
    end = datetime(2026, 11, 1, 1, 0, tzinfo=new_york, fold=1)  # the second one o'clock, half an hour later
    hours = Hours("America/New_York", {6: [window("01:00", "02:00")]})
    sunday = datetime(2026, 11, 1, tzinfo=UTC)

    slots = free_slots(hours, HALF_HOURS, Taken([(start, end)]), now=sunday, between=(sunday, sunday + DAY))
    assert iso(slots) == ["2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z", "2026-11-01T06:30:00Z"]


def test_a_zone_that_was_minutes_and_seconds_off_keeps_its_grid():
    hours = Hours("Africa/Monrovia", {0: [window("09:00", "10:00")]})  # 44 minutes 30 seconds behind until 1972
    monday = datetime(1971, 5, 3, tzinfo=UTC)

    slots = free_slots(hours, HALF_HOURS, Taken(), now=monday, between=(monday, monday + DAY))
    assert iso(slots) == ["1971-05-03T09:44:30Z", "1971-05-03T10:14:30Z"]


def test_a_repeated_date_is_offered_from_its_first_morning_to_its_last():
    hours = Hours("Pacific/Kwajalein", {1: [window("09:00", "10:00")]})  # 30 September 1969 came twice
    around = (datetime(1969, 9, 29, tzinfo=UTC), datetime(1969, 10, 3, tzinfo=UTC))

    slots = free_slots(hours, Rules(60, 60), Taken(), now=around[0], between=around)
    assert (iso(slots)[0], iso(slots)[-1], len(slots)) == ("1969-09-29T22:00:00Z", "1969-09-30T21:00:00Z", 24)


@pytest.mark.parametrize(("zone", "monday"), [("Pacific/Kiritimati", "03T10:00"), ("Etc/GMT+12", "04T12:00")])
def test_a_whole_week_of_bookings_is_loaded_where_the_week_is_capped(zone, monday):
    sunday_evening = at(monday) + 7 * DAY - HOUR
    first_session = (at(monday), at(monday) + HOUR)

    needed = loading_range((sunday_evening, sunday_evening), replace(HALF_HOURS, weekly_cap=1)).booked
    assert needed.meets(first_session)
    hours = Hours(zone, {6: [window("23:00", "24:00")]})
    rules, taken = replace(HALF_HOURS, weekly_cap=1), Taken(booked=[first_session])
    assert why_not(sunday_evening, hours, rules, taken, now=at("01T00:00")) is Reason.WEEK_FULL


@pytest.mark.parametrize("zone", ["Etc/UTC", "Pacific/Apia", "America/New_York", "Etc/GMT+12"])
def test_the_ends_of_the_calendar_are_ordinary_days(zone):
    always = Hours(zone, {weekday: [window("00:00", "24:00")] for weekday in range(7)})
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    rules = Rules(60, 60, buffer_before=60, buffer_after=60, daily_cap=30, weekly_cap=300)
    early, late = Taken(busy=[(first, first + HOUR)]), Taken(booked=[(last - HOUR, last)])

    opening = free_slots(always, rules, early, now=first, between=(first, first + 2 * DAY))
    closing = free_slots(always, rules, late, now=last - 2 * DAY, between=(last - 2 * DAY, last))
    assert len(opening) in range(44, 47)  # two days less the busy hour, its buffer, and a start cut off by an offset
    assert len(closing) in range(44, 47)
    assert loading_range((first, last), rules).busy == (first, last)
    assert why_not(last, always, rules, late, now=last) is Reason.NOT_OFFERED
    for day in (date.min, date.max):
        assert len(windows_of(always, day)) == 1


def test_the_longest_possible_question_looks_only_as_far_as_the_horizon():
    ever = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))

    slots = free_slots(MORNING, replace(HALF_HOURS, horizon_days=14), Taken(), now=MONDAY, between=ever)
    assert [slot.day for slot in slots[::6]] == [4, 11, 18]


def test_the_windows_of_a_date_are_drawn_as_they_really_are():
    hours = Hours(
        "America/New_York",
        {5: [window("22:00", "03:30")], 6: [window("14:00", "15:00"), window("01:00", "04:00")]},
        {date(2026, 3, 15): []},
    )

    sunday = windows_of(hours, date(2026, 3, 8))
    assert [span.length for span in sunday] == [2 * HOUR, HOUR]  # the first runs over the gap
    assert windows_of(hours, date(2026, 3, 7))[0].length == 4.5 * HOUR
    assert windows_of(hours, date(2026, 3, 14))[0].length == 2 * HOUR  # the day off takes the rest
    assert windows_of(hours, date(2026, 3, 15)) == []


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        (("09:00", "17:30"), Window(540, 1050)),
        (("00:00", "24:00"), Window(0, 1440)),
        (("22:00", "00:00"), Window(1320, 0)),
        (("22:00", "02:00"), Window(1320, 120)),
    ],
)
def test_windows_are_read_as_people_write_them(clock, expected):
    assert window(*clock) == expected


@pytest.mark.parametrize(
    ("clock", "told"),
    [
        (("09:00", "09:00"), "Choose two different times"),
        (("00:00", "00:00"), "00:00 to 24:00 is the whole day"),
        (("9:00", "10:00"), "Write it as HH:MM"),
        (("09:00", "24:01"), "Write it as HH:MM"),
        (("09:00", "25:00"), "Write it as HH:MM"),
        (("09:60", "10:00"), "Write it as HH:MM"),
        (("09:00\n", "10:00"), "Write it as HH:MM"),
        (("٠٩:٠٠", "10:00"), "Write it as HH:MM"),
        ((None, "10:00"), "Write it as HH:MM"),
        (("24:00", "02:00"), "Let it start at 00:00"),
    ],
)
def test_a_window_nobody_can_mean_says_what_to_write(clock, told):
    with pytest.raises(ValueError, match=told):
        window(*clock)


@pytest.mark.parametrize("minutes", [(-1, 60), (1440, 60), (0, 1441)])
def test_a_window_stays_on_the_clock(minutes):
    with pytest.raises(ValueError, match="leaves the clock"):
        Window(*minutes)


@pytest.mark.parametrize(
    "wrong",
    [
        {"duration": 0},
        {"duration": 10_081},
        {"increment": 0},
        {"buffer_before": -1},
        {"notice": -5},
        {"daily_cap": -1},
    ],
)
def test_rules_that_cannot_be_are_refused_by_name(wrong):
    with pytest.raises(ValueError, match=f"^{next(iter(wrong))} is "):
        Rules(**{"duration": 30, "increment": 15} | wrong)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "America", "", "../etc/passwd", "A\0B"])
def test_an_unknown_zone_is_refused_with_an_example(zone):
    with pytest.raises(ValueError, match="Use an IANA name such as"):
        Hours(zone, {})


def test_an_unknown_weekday_is_refused():
    with pytest.raises(ValueError, match="Count from 0, Monday, to 6, Sunday"):
        Hours("Etc/UTC", {7: [window("09:00", "10:00")]})


def test_an_instant_without_a_zone_is_refused():
    naive = datetime(2026, 5, 4, 10)  # noqa: DTZ001

    with pytest.raises(ValueError, match="Pass an aware datetime"):
        is_free_slot(naive, MORNING, HALF_HOURS, Taken(), now=MONDAY)
