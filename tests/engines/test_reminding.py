"""Reminders come in time, awake, once of each kind, and not all at the same second."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.engines.reminding import (
    APART,
    BEFORE,
    LONGEST_QUIET,
    NIGHT,
    SPREAD,
    Kind,
    Quiet,
    after_quiet,
    quiet_around,
    reminders,
)

NONE = Quiet(time(0), time(0))
ZONES = ["UTC", "Europe/Lisbon", "America/New_York", "Africa/Lagos", "Australia/Lord_Howe", "Asia/Kathmandu"]
TURNS = [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]  # both, in Lisbon

near_a_turn = st.builds(
    lambda turn, seconds: turn + timedelta(seconds=seconds),
    st.sampled_from(TURNS),
    st.integers(-3 * 86400, 3 * 86400),
)
any_time = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
starts = near_a_turn | any_time
quarter = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
quiets = st.builds(Quiet, quarter, quarter).filter(lambda quiet: quiet.length <= LONGEST_QUIET)
ahead = st.timedeltas(timedelta(0), timedelta(days=9))


def on_the_wall(instant: datetime, zone: str, quiet: Quiet) -> bool:
    """Whether a clock on the wall shows a quiet hour: the slow, obvious way."""
    shown = instant.astimezone(ZoneInfo(zone)).time()
    if quiet.start <= quiet.end:
        return quiet.start <= shown < quiet.end
    return shown >= quiet.start or shown < quiet.end


@given(starts, ahead, st.sampled_from(ZONES), quiets, st.text(max_size=20))
def test_reminders_come_after_the_booking_awake_and_apart(start, ahead, zone, quiet, seed):
    found = reminders(start, booked_at=start - ahead, zone=zone, quiet=quiet, seed=seed)

    assert [due.kind for due in found] in ([], [Kind.SOON], [Kind.DAY, Kind.SOON])
    for due in found:
        assert start - ahead < due.at < due.until <= start
    for due in found[:-1]:
        assert not on_the_wall(due.at, zone, quiet)
        assert found[-1].at - due.at >= APART


@given(starts, ahead, st.sampled_from(ZONES), quiets, st.text(max_size=20))
def test_the_last_one_comes_whatever_the_hour(start, ahead, zone, quiet, seed):
    found = reminders(start, booked_at=start - ahead, zone=zone, quiet=quiet, seed=seed)

    last = [due for due in found if due.kind == Kind.SOON]
    assert bool(last) == (ahead > BEFORE[Kind.SOON])
    for due in last:
        assert BEFORE[Kind.SOON] <= start - due.at <= BEFORE[Kind.SOON] + SPREAD[Kind.SOON]


@given(starts, ahead, st.sampled_from(ZONES), st.text(max_size=20))
def test_without_quiet_hours_the_first_one_comes_a_day_before(start, ahead, zone, seed):
    found = reminders(start, booked_at=start - ahead, zone=zone, quiet=NONE, seed=seed)

    first = [due for due in found if due.kind == Kind.DAY]
    assert bool(first) == (ahead > BEFORE[Kind.DAY])
    for due in first:
        assert BEFORE[Kind.DAY] <= start - due.at <= BEFORE[Kind.DAY] + SPREAD[Kind.DAY]


@given(starts, st.sampled_from(ZONES))
def test_an_ordinary_night_costs_nobody_the_first_one(start, zone):
    found = reminders(start, booked_at=start - timedelta(days=4), zone=zone, quiet=NIGHT, seed="x")

    assert [due.kind for due in found] == [Kind.DAY, Kind.SOON]
    assert abs(start - BEFORE[Kind.DAY] - found[0].at) <= timedelta(hours=6)


@given(near_a_turn, quiets)
def test_a_wall_in_quiet_hours_is_always_within_the_stretch(instant, quiet):
    stretch = quiet_around(instant, zone="Europe/Lisbon", quiet=quiet)

    if on_the_wall(instant, "Europe/Lisbon", quiet):
        assert stretch is not None
    if stretch is not None:
        assert stretch[0] <= instant < stretch[1]
        assert abs(stretch[1] - stretch[0] - quiet.length) <= timedelta(hours=1)


@pytest.mark.parametrize(("turn", "hours"), [(TURNS[0], 8), (TURNS[1], 10)], ids=["spring", "autumn"])
def test_the_night_of_a_turn_is_an_hour_shorter_or_longer(turn, hours):
    from_, to = quiet_around(turn, zone="Europe/Lisbon", quiet=NIGHT)

    assert to - from_ == timedelta(hours=hours)


@pytest.mark.parametrize("turn", TURNS, ids=["spring", "autumn"])
def test_a_day_before_is_24_hours_also_over_a_turn(turn):
    start = turn + timedelta(hours=14)
    first, _ = reminders(start, booked_at=start - timedelta(days=5), zone="Europe/Lisbon", quiet=NIGHT, seed="x")

    assert timedelta(hours=24) <= start - first.at <= timedelta(hours=24, minutes=30)


@pytest.mark.parametrize(
    ("start", "shown"),
    [
        ((26, 6, 30), "Wed 07:"),  # half an hour later is nearer than the evening before
        ((26, 0, 30), "Tue 21:"),  # the evening before, so that nobody is woken
        ((26, 23, 30), "Wed 21:"),
        ((26, 15, 0), "Wed 14:"),
    ],
)
def test_the_first_one_leaves_the_night_by_the_nearer_side(start, shown):
    day, hour, minute = start
    begin = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
    first, _ = reminders(begin, booked_at=begin - timedelta(days=9), zone="Europe/Lisbon", quiet=NIGHT, seed="x")

    assert f"{first.at:%a %H:%M}".startswith(shown)


def test_seventy_thousand_at_one_hour_are_spread_over_its_minutes():
    start = datetime(2026, 11, 26, 10, tzinfo=UTC)
    rules = {"booked_at": start - timedelta(days=3), "zone": "UTC", "quiet": NIGHT}
    seconds = [[due.at.replace(microsecond=0) for due in reminders(start, **rules, seed=str(n))] for n in range(7000)]

    firsts, lasts = (Counter(at) for at in zip(*seconds, strict=True))
    assert max(firsts.values()) < 7000 / 1800 * 5  # thirty minutes hold 1,800 seconds
    assert max(lasts.values()) < 7000 / 120 * 2


def test_the_same_seed_gives_the_same_second():
    start = datetime(2026, 11, 26, 10, tzinfo=UTC)
    rules = {"booked_at": start - timedelta(days=3), "zone": "UTC", "quiet": NIGHT}

    assert reminders(start, **rules, seed="a") == reminders(start, **rules, seed="a")
    assert reminders(start, **rules, seed="a") != reminders(start, **rules, seed="b")


@given(starts, st.sampled_from(ZONES), quiets, st.text(max_size=20))
def test_what_is_late_waits_for_the_morning_or_is_left_to_the_last_one(now, zone, quiet, seed):
    until = now + timedelta(hours=9)
    rules = {"until": until, "zone": zone, "quiet": quiet, "seed": seed}

    assert after_quiet(Kind.SOON, now, **rules) == now
    later = after_quiet(Kind.DAY, now, **rules)
    if not on_the_wall(now, zone, quiet) and quiet_around(now, zone=zone, quiet=quiet) is None:
        assert later == now
    elif later is not None:
        assert now < later <= until - APART


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet": Quiet(time(6), time(22))},
        {"zone": "Mars/Olympus"},
        {"booked_at": datetime(2026, 1, 1)},  # noqa: DTZ001 - that is what is wrong with it
    ],
)
def test_what_cannot_be_is_refused(wrong):
    start = datetime(2026, 11, 26, 23, tzinfo=UTC)
    rules = {"booked_at": start - timedelta(days=3), "zone": "UTC", "quiet": NIGHT, "seed": "x"}

    with pytest.raises(ValueError, match=r"Quiet hours|time zone|has no zone"):
        reminders(start, **rules | wrong)
