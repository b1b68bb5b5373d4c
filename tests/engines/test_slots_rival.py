"""The engine against its slow rival, in zones and weeks where clocks misbehave, and the promises of SLOTS 8.

QUARTERHOUR_THOROUGH=1 tries fifty times as many calendars.
"""

import os
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slow_slots import slow_slots

from quarterhour.config.cli.evaluate_slots import WEEKDAYS, question
from quarterhour.engines.slots import Taken, free_slots, is_free_slot, loading_range, why_not

PLACES = {
    "New York loses an hour": ("America/New_York", "2026-03-08"),
    "New York gains an hour": ("America/New_York", "2026-11-01"),
    "Los Angeles gains an hour": ("America/Los_Angeles", "2027-11-07"),
    "Lisbon loses an hour": ("Europe/Lisbon", "2026-03-29"),
    "the Azores gain an hour at midnight": ("Atlantic/Azores", "2026-10-25"),
    "Dublin's winter time is its summer time": ("Europe/Dublin", "2026-10-25"),
    "Casablanca before Ramadan": ("Africa/Casablanca", "2026-02-15"),
    "Casablanca after Ramadan": ("Africa/Casablanca", "2026-03-22"),
    "Lord Howe gains half an hour": ("Australia/Lord_Howe", "2026-04-05"),
    "Lord Howe loses half an hour": ("Australia/Lord_Howe", "2026-10-04"),
    "Chatham gains an hour": ("Pacific/Chatham", "2026-04-05"),
    "Troll loses two hours": ("Antarctica/Troll", "2026-03-29"),
    "Troll gains two hours": ("Antarctica/Troll", "2026-10-25"),
    "Kathmandu is a quarter off": ("Asia/Kathmandu", "2026-05-01"),
    "Kathmandu loses a quarter": ("Asia/Kathmandu", "1986-01-01"),
    "Apia skips a date": ("Pacific/Apia", "2011-12-30"),
    "Kiritimati skips a date": ("Pacific/Kiritimati", "1994-12-31"),
    "Kwajalein skips a date": ("Pacific/Kwajalein", "1993-08-21"),
    "Kwajalein repeats a date": ("Pacific/Kwajalein", "1969-09-30"),
    "St John's gains an hour just after midnight": ("America/St_Johns", "2006-10-29"),
    "St John's loses an hour just after midnight": ("America/St_Johns", "2007-03-11"),
    "St John's loses two hours": ("America/St_Johns", "1988-04-03"),
    "Havana has no midnight": ("America/Havana", "2026-03-08"),
    "Havana has two midnights": ("America/Havana", "2026-11-01"),
    "Sao Paulo has no midnight": ("America/Sao_Paulo", "2018-11-04"),
    "Sao Paulo repeats an evening": ("America/Sao_Paulo", "2018-02-18"),
    "Recife changes twice in a week": ("America/Recife", "2000-10-15"),
    "Pyongyang repeats half an evening": ("Asia/Pyongyang", "2015-08-15"),
    "Pyongyang loses half an evening": ("Asia/Pyongyang", "2018-05-05"),
    "Caracas moves by half an hour": ("America/Caracas", "2016-05-01"),
    "Casey moves by three hours": ("Antarctica/Casey", "2020-10-04"),
    "Cairo has no midnight": ("Africa/Cairo", "2026-04-24"),
    "Beirut repeats an evening": ("Asia/Beirut", "2026-10-25"),
    "Nuuk loses an hour on a Saturday": ("America/Nuuk", "2026-03-28"),
    "the west end of the world": ("Etc/GMT+12", "2026-12-31"),
    "an ordinary week in Kolkata": ("Asia/Kolkata", "2026-01-01"),
}
THOROUGH = 50 if os.environ.get("QUARTERHOUR_THOROUGH") else 1


def patient(examples):
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(max_examples=examples * THOROUGH, deadline=None, database=None, suppress_health_check=checks)


def iso(instant):
    return instant.isoformat().replace("+00:00", "Z")


# Most of what can go wrong happens around midnight and in the small hours.
night = st.sampled_from([0, 1, 15, 30, 59, 60, 61, 90, 120, 121, 150, 180, 1380, 1381, 1395, 1410, 1439])
clocks = st.one_of(night, st.integers(0, 287).map(lambda fives: fives * 5), st.integers(0, 1439))


@st.composite
def windows(draw):
    start = draw(clocks)
    end = draw(st.one_of(clocks, st.just(1440)))
    if end == start:
        end = (start + 75) % 1440
    return [f"{minute // 60:02}:{minute % 60:02}" for minute in (start, end)]


lists = st.lists(windows(), max_size=3)


@st.composite
def intervals(draw, base):
    start = base + timedelta(minutes=draw(st.integers(-6 * 1440, 6 * 1440)), seconds=draw(odd_seconds))
    length = timedelta(minutes=draw(st.sampled_from([-20, 0, 0, 1, 10, 30, 45, 120, 1500])))
    return [iso(start), iso(start + length + timedelta(seconds=draw(odd_seconds)))]


odd_seconds = st.sampled_from([0, 0, 0, 0, 1, 59, 0.5, 59.999999])


@st.composite
def cases(draw, place=None):
    zone, change = PLACES[place or draw(st.sampled_from(sorted(PLACES)))]
    base = datetime.fromisoformat(f"{change}T00:00:00+00:00")
    start = base + timedelta(minutes=draw(st.integers(-3 * 1440, 2 * 1440)))
    length = timedelta(minutes=draw(st.one_of(st.integers(0, 3 * 1440), st.just(8 * 1440))))
    minutes = st.sampled_from([15, 20, 25, 30, 30, 60, 90])
    caps = st.one_of(st.none(), st.integers(0, 3))
    days = st.integers(-3, 3).map(lambda ahead: (base + timedelta(days=ahead)).date().isoformat())
    now = base + timedelta(minutes=draw(st.integers(-6 * 1440, 1440)), seconds=draw(odd_seconds))
    return {
        "mentor_tz": zone,
        "weekly": draw(st.dictionaries(st.sampled_from(WEEKDAYS), lists, min_size=2)),
        "overrides": draw(st.dictionaries(days, lists, max_size=3)),
        "busy": draw(st.lists(intervals(base), max_size=6)),
        "booked": draw(st.lists(intervals(base), max_size=4)),
        "duration_min": draw(minutes),
        "increment_min": draw(st.sampled_from([5, 7, 15, 30, 30, 60])),
        "buffer_before_min": draw(st.sampled_from([0, 0, 5, 60])),
        "buffer_after_min": draw(st.sampled_from([0, 0, 5, 45])),
        "min_notice_min": draw(st.sampled_from([0, 0, 30, 1440])),
        "horizon_days": draw(st.sampled_from([0, 1, 3, 9, 30, 30])),
        "daily_cap": draw(caps),
        "weekly_cap": draw(caps),
        "now_utc": iso(now),
        "range": [iso(start), iso(start + length)],
    }


@pytest.mark.parametrize("place", PLACES)
def test_the_engine_finds_what_the_slow_rival_finds(place):
    @patient(8)
    @given(cases(place))
    def compare(case):
        assert question(case).answer() == slow_slots(case)

    compare()


@patient(40)
@given(cases(), st.integers(0, 4 * 1440))
def test_cutting_the_range_changes_nothing(case, minute):
    asked = question(case)
    start, end = asked.between
    cut = min(start + timedelta(minutes=minute, seconds=13), end)

    first, second = asked._replace(between=(start, cut)), asked._replace(between=(cut, end))
    assert first.answer() + second.answer() == asked.answer()


@patient(40)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_everything_is_of_no_importance(case, random):
    shuffled = deepcopy(case)
    for several in (*shuffled["weekly"].values(), *shuffled["overrides"].values()):
        random.shuffle(several)
    random.shuffle(shuffled["busy"])
    random.shuffle(shuffled["booked"])

    assert question(shuffled).answer() == question(case).answer()


@patient(40)
@given(st.data())
def test_more_busy_time_never_adds_a_slot(data):
    case = data.draw(cases())
    base = datetime.fromisoformat(case["range"][0])
    busier = case | {"busy": case["busy"] + data.draw(st.lists(intervals(base), min_size=1, max_size=3))}

    assert set(question(busier).answer()) <= set(question(case).answer())


@patient(40)
@given(cases(), st.sampled_from(WEEKDAYS), windows())
def test_one_more_window_never_removes_a_slot(case, weekday, extra):
    richer = deepcopy(case)
    richer["weekly"].setdefault(weekday, []).append(extra)
    for several in richer["overrides"].values():
        several.append(extra)

    # A list that becomes longer leaves the dates that are overridden as they are.
    assert set(question(case).answer()) <= set(question(richer).answer())


@patient(40)
@given(cases())
def test_what_lies_outside_the_loading_range_is_of_no_importance(case):
    asked = question(case)
    needed = loading_range(asked.between, asked.rules)
    loaded = Taken(
        busy=[span for span in asked.taken.busy if needed.busy.meets(span)],
        booked=[span for span in asked.taken.booked if needed.booked.meets(span) or span[1] <= span[0]],
    )

    assert asked._replace(taken=loaded).answer() == asked.answer()


@patient(30)
@given(cases(), st.integers(0, 1440))
def test_what_is_listed_can_be_booked_and_nothing_else(case, skip):
    asked = question(case)
    listed = set(asked.answer())
    start, end = asked.between
    some = [start + timedelta(minutes=minute) for minute in range(skip, skip + 900, 15)]
    for instant in {*some, *listed, *(slot + timedelta(minutes=5) for slot in listed)}:
        if start <= instant < end:
            reason = why_not(instant, asked.hours, asked.rules, asked.taken, now=asked.now)
            free = is_free_slot(instant, asked.hours, asked.rules, asked.taken, now=asked.now)
            assert free is (instant in listed) is (reason is None)


@patient(40)
@given(cases(), st.integers(0, 12))
def test_a_limit_gives_the_beginning_of_the_list(case, limit):
    asked = question(case)
    few = free_slots(asked.hours, asked.rules, asked.taken, now=asked.now, between=asked.between, limit=limit)

    assert few == asked.answer()[:limit]


def test_every_place_has_its_change_where_we_look():
    quiet = {place for place, (zone, change) in PLACES.items() if not _changes(zone, change)}

    assert quiet == {"Kathmandu is a quarter off", "the west end of the world", "an ordinary week in Kolkata"}


def _changes(zone, change):
    from zoneinfo import ZoneInfo

    day = date.fromisoformat(change)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    around = [noon + timedelta(days=ahead) for ahead in (-2, -1, 0, 1, 2)]
    return len({instant.astimezone(ZoneInfo(zone)).utcoffset() for instant in around}) > 1
