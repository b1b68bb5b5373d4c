"""A date that differs from the week says what it gives besides, and what becomes of the usual hours."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from quarterhour.availability.queries import Differing
from quarterhour.web.availability.once import besides, drawn_once, in_words

TUESDAY = date(2026, 11, 24)
WEEKLY = {"tue": [["09:00", "12:00"]], "fri": [["22:00", "02:00"]]}


@pytest.mark.parametrize(
    ("windows", "usual", "extra", "stays"),
    [
        ([["09:00", "12:00"], ["16:00", "16:30"]], [["09:00", "12:00"]], [("16:00", "16:30")], True),
        ([["09:00", "12:30"]], [["09:00", "12:00"]], [("12:00", "12:30")], True),
        ([["16:00", "16:30"]], [["09:00", "12:00"]], [("16:00", "16:30")], False),
        ([["08:00", "13:00"]], [["09:00", "12:00"]], [("08:00", "09:00"), ("12:00", "13:00")], True),
        ([["23:30", "24:00"]], [], [("23:30", "24:00")], True),
        ([["22:00", "02:30"]], [["22:00", "02:00"]], [("02:00", "02:30")], True),
        ([], [["09:00", "12:00"]], [], False),
    ],
)
def test_what_is_given_besides_is_what_the_week_does_not_give(windows, usual, extra, stays):
    assert besides(windows, usual) == (extra, stays)


@pytest.mark.parametrize(
    ("windows", "days", "said"),
    [
        ([["09:00", "12:00"], ["16:00", "16:30"]], 0, "besides the usual hours also 16:00 to 16:30"),
        ([["16:00", "16:30"]], 0, "16:00 to 16:30 in place of the usual hours"),
        ([["16:00", "16:30"], ["18:00", "19:00"]], 1, "16:00 to 16:30 and 18:00 to 19:00"),
        ([["09:00", "12:00"]], 0, "09:00 to 12:00 in place of the usual hours"),
        ([], 0, "away"),
    ],
)
def test_a_date_that_differs_is_said_without_a_puzzle(windows, days, said):
    day = TUESDAY + timedelta(days=days)
    assert in_words(Differing(day, day, windows), WEEKLY)["hours"] == said


def test_the_coming_seven_days_are_drawn_and_no_later_ones():
    half = [["16:00", "16:30"]]
    dates = [Differing(TUESDAY + timedelta(days=n), TUESDAY + timedelta(days=n), half) for n in (0, 6, 7)]
    away = Differing(TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=3), [])
    drawn = drawn_once([*dates, away], WEEKLY, today=TUESDAY)
    assert drawn == {
        "tue": [("16:00", "16:30", "once", "Tue 24 Nov")],
        "mon": [("16:00", "16:30", "once", "Mon 30 Nov")],
    }
