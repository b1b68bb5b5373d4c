"""Times, places and questions as a mail says them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.notifications import words

LISBON, LAGOS, TOKYO = ZoneInfo("Europe/Lisbon"), ZoneInfo("Africa/Lagos"), ZoneInfo("Asia/Tokyo")
MORNING = datetime(2026, 11, 26, 9, 4, tzinfo=UTC)
TEN_FIFTEEN = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 10, 15, tzinfo=UTC)


def test_a_day_near_by_is_called_today_or_tomorrow_and_has_its_date():
    assert words.day_words(TEN_FIFTEEN, LISBON, now=MORNING) == "Today, Thursday 26 November"
    assert words.day_words(FRIDAY, LISBON, now=MORNING) == "Tomorrow, Friday 27 November"
    assert words.day_words(FRIDAY.replace(year=2027), LISBON, now=MORNING) == "Saturday 27 November 2027"


def test_today_is_the_readers_today():
    late = datetime(2026, 11, 26, 16, 30, tzinfo=UTC)

    assert words.day_words(late, TOKYO, now=MORNING) == "Tomorrow, Friday 27 November"


def test_small_numbers_and_lengths_are_said_in_words():
    assert [words.counted(n, "ring") for n in (1, 3, 11)] == ["a ring", "three rings", "11 rings"]
    told = ["a minute", "ten minutes", "a quarter of an hour", "20 minutes", "an hour", "90 minutes", "two hours"]
    assert [words.lasting(n) for n in (1, 10, 15, 20, 60, 90, 120)] == told


def test_a_subject_never_says_tomorrow():
    assert words.when_words(TEN_FIFTEEN, LISBON, now=MORNING) == "Today 10:15"
    assert words.when_words(FRIDAY, LISBON, now=MORNING) == "Fri 27 Nov 10:15"


def test_the_other_clock_is_told_when_it_differs():
    assert words.elsewhere(TEN_FIFTEEN, LISBON, LAGOS, whom="her") == "For her it is 11:15 in Lagos."
    assert words.elsewhere(TEN_FIFTEEN, LISBON, ZoneInfo("Europe/London"), whom="her") == ""


def test_the_other_clock_names_its_day_when_that_differs_too():
    evening = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)

    assert words.elsewhere(evening, LISBON, TOKYO, whom="Jun") == "For Jun it is 05:00 on Friday in Tokyo."


def test_the_hour_that_comes_twice_says_which_of_the_two_it_is():
    first = datetime(2026, 10, 25, 0, 15, tzinfo=UTC)
    second = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)

    assert words.clock_time(first, LISBON) == "01:15 (UTC+1)"
    assert words.clock_time(second, LISBON) == "01:15 (UTC+0)"
    assert words.clock_time(datetime(2026, 10, 25, 2, 15, tzinfo=UTC), LISBON) == "02:15"


def test_the_morning_after_the_skipped_hour_is_plain():
    assert words.clock_time(datetime(2026, 3, 29, 1, 0, tzinfo=UTC), LISBON) == "02:00"


@pytest.mark.parametrize("name", ["", "Nowhere/Never", "../../etc/passwd", "\x00", "Europe"])
def test_a_zone_that_is_none_becomes_utc(name):
    assert words.zone_of(name).key == "UTC"


@given(
    st.sampled_from(sorted(available_timezones())),
    st.integers(min_value=631_152_000, max_value=3_786_912_000),
)
def test_every_zone_has_words_for_every_moment(name, second):
    moment = datetime.fromtimestamp(second, UTC)
    zone = words.zone_of(name)

    said = " ".join(
        [words.day_words(moment, zone, now=MORNING), words.when_words(moment, zone, now=MORNING), words.place(zone)]
    )
    assert f"{moment.astimezone(zone):%H:%M}" in said


@given(st.text(max_size=300), st.integers(min_value=2, max_value=80))
def test_a_shortened_text_is_short_and_begins_like_the_whole(text, most):
    short = words.shorten(text, most)

    assert len(short) <= most
    assert short == text or text.startswith(short.removesuffix("…"))


def test_a_cut_leaves_no_accent_behind():
    flags = "e\u0301" * 40
    short = words.shorten(flags, 20)

    assert unicodedata.normalize("NFC", short).rstrip("…") == "é" * 9


@given(st.text(max_size=400))
def test_one_line_is_one_line_for_everybody(text):
    line = words.one_line(text)

    assert len(line.splitlines()) <= 1
    assert not set(line) & set("\r\n\x00\u202e\u2066")


@pytest.mark.parametrize(
    ("pronouns", "said"),
    [("she/her", "her"), ("he / him", "him"), ("they/them", "them"), ("xe/xem", "Sam"), ("", "Sam"), ("Hers", "Sam")],
)
def test_people_are_called_as_they_said_or_by_name(pronouns, said):
    assert words.whom(pronouns, "Sam") == said
