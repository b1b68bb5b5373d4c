"""Repetition, against dateutil, which plays every rule from its beginning."""

# ruff: noqa: DTZ001 - wall times have no zone

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterhour.engines.calendars.rules import NotCounted, Steps, TooOften, occurrences, read_rule

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def some(low: int, high: int, most: int = 3):
    numbers = st.integers(low, high).filter(bool)
    return st.lists(numbers, min_size=1, max_size=most, unique=True).map(lambda each: ",".join(map(str, each)))


def parts(freq: str) -> dict:
    """The lists that RFC 5545 allows beside this frequency."""
    plain = st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True).map(",".join)
    which = st.tuples(st.integers(-5, 5).filter(bool), st.sampled_from(DAYS)).map(lambda each: f"{each[0]}{each[1]}")
    known = {"BYMONTH": some(1, 12), "BYDAY": plain, "BYHOUR": some(1, 23, 2), "BYMINUTE": some(1, 59, 2)}
    if freq in {"MONTHLY", "YEARLY"}:
        known["BYDAY"] = st.one_of(plain, which)
        known["BYMONTHDAY"] = some(-31, 31)
    if freq == "DAILY":
        known["BYMONTHDAY"] = some(-31, 31)
    if freq == "YEARLY":
        known["BYYEARDAY"] = some(-366, 366)
    return known


@st.composite
def rules(draw):
    freq = draw(st.sampled_from(["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    told = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 5))}", f"WKST={draw(st.sampled_from(DAYS))}"]
    for name, values in parts(freq).items():
        if draw(st.integers(0, 3)) == 0:
            told.append(f"{name}={draw(values)}")
    if draw(st.booleans()):
        told.append(f"COUNT={draw(st.integers(1, 60))}")
    if freq in {"MONTHLY", "YEARLY"} and any("DAY=" in each for each in told) and draw(st.booleans()):
        told.append(f"BYSETPOS={draw(some(-4, 4))}")
    return ";".join(told)


@settings(max_examples=300, deadline=None)
@given(
    text=rules(),
    # Near the last year there is, so that a rule nothing fits is played to its end by dateutil in no time.
    start=st.datetimes(datetime(9985, 1, 1), datetime(9988, 6, 1)).map(lambda each: each.replace(microsecond=0)),
    after=st.integers(0, 900),
    days=st.integers(1, 60),
)
def test_a_stretch_holds_what_playing_the_rule_from_its_beginning_finds(text, start, after, days):
    lo = start.replace(hour=0, minute=0, second=0) + timedelta(days=after)
    hi = lo + timedelta(days=days)
    try:
        slow = rrulestr(text, dtstart=start).between(lo, hi, inc=True)
    except ValueError as error:  # it says so where nothing can ever fit
        assert "empty set" in str(error)  # noqa: PT017 - only that one is expected
        slow = []
    slow = [each for each in slow if each < hi]
    assert list(occurrences(read_rule(text), start, lo, hi, Steps(1_000_000))) == slow


@pytest.mark.parametrize(
    ("text", "first", "dates"),
    [
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", date(2024, 1, 1), ["2024-01-01", "2024-12-30", "2025-12-29"]),
        ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU", date(2024, 1, 1), ["2024-12-29", "2025-12-28"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", date(2016, 2, 29), ["2024-02-29"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", date(2024, 1, 31), ["2024-01-31", "2024-03-31", "2024-05-31", "2024-07-31"]),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,SU", date(1997, 8, 5), ["2024-01-02", "2024-01-14", "2024-01-16"]),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", date(1998, 2, 13), ["2024-09-13", "2024-12-13", "2025-06-13"]),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", date(2024, 1, 1), ["2024-01-05", "2024-01-12"]),
    ],
)
def test_rules_with_dates_worked_out_by_hand(text, first, dates):
    start = datetime.combine(first, datetime.min.time())
    found = occurrences(read_rule(text), start, datetime(2024, 1, 1), datetime(2026, 1, 1), Steps(10_000))
    assert [f"{each:%Y-%m-%d}" for each, _ in zip(found, dates, strict=False)] == dates


def test_the_years_before_cost_nothing():
    week = datetime(2026, 1, 5), datetime(2026, 1, 12)
    for text in ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,FR", "FREQ=MONTHLY;BYDAY=1MO", "FREQ=HOURLY;INTERVAL=12"):
        steps = Steps(100)
        assert list(occurrences(read_rule(text), datetime(1601, 1, 1, 9), *week, steps))
        assert steps.left > 70


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;COUNT=9999999;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYSETPOS=366;COUNT=5;BYMONTHDAY=30,31;BYMONTH=2",
        "FREQ=HOURLY;COUNT=9999999",
    ],
)
def test_a_rule_that_would_never_end_ends_with_the_purse(text):
    with pytest.raises(NotCounted):
        list(occurrences(read_rule(text), datetime(1, 1, 1), datetime(2026, 1, 1), datetime(2026, 2, 1), Steps(10_000)))


@pytest.mark.parametrize(
    "text",
    [
        "", "FREQ=", "FREQ=SOMETIMES", "INTERVAL=2", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;COUNT=x", "FREQ=WEEKLY;BYDAY=XX", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=DAILY;BYHOUR=24",
        "FREQ=YEARLY;RSCALE=HEBREW", "FREQ=DAILY;INTERVAL=٣", "FREQ=DAILY;BYEASTER=1",
    ],
)  # fmt: skip
def test_what_is_no_rule_is_not_guessed(text):
    with pytest.raises(NotCounted):
        read_rule(text)


@pytest.mark.parametrize("freq", ["MINUTELY", "SECONDLY"])
def test_repeating_by_the_minute_is_said_so(freq):
    with pytest.raises(TooOften):
        read_rule(f"FREQ={freq}")


@pytest.mark.parametrize("start", [datetime(1, 1, 1), datetime(9999, 12, 31, 23)])
@pytest.mark.parametrize("freq", ["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
@pytest.mark.parametrize("rest", ["", ";COUNT=3", ";BYSETPOS=-1;BYDAY=-1SU"])
def test_the_ends_of_the_calendar_are_no_trouble(start, freq, rest):
    if freq == "HOURLY" and "SETPOS" in rest:
        rest = ""
    found = occurrences(
        read_rule(f"FREQ={freq}{rest}"), start, datetime(2026, 1, 1), datetime(2026, 1, 2), Steps(10**6)
    )
    assert len(list(found)) <= 24
