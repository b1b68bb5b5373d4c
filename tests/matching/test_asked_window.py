"""The hours somebody can use: what a question says about when."""

from datetime import UTC, date, datetime

import pytest

from quarterhour.matching.capacity import window_of
from quarterhour.matching.cards import Asked
from quarterhour.matching.people import window_asked

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
LISBON = "Europe/Lisbon"  # UTC in winter


@pytest.mark.parametrize(
    ("when", "decide_by", "last"),
    [
        ("now", None, 23),
        ("today", None, 23),
        ("today", date(2026, 11, 26), 23),
        ("week", None, 29),
        ("week", date(2026, 11, 26), 26),  # an answer is due on Thursday: nobody's Friday helps
        ("week", date(2026, 12, 26), 29),
        ("week", date(2026, 11, 20), 29),  # that day is over
        ("any", date(2026, 11, 26), 26),
    ],
)
def test_the_window_ends_with_the_last_day_that_helps(when, decide_by, last):
    asked = Asked(
        text="Shares?", kind="decide", minutes=25, when=when, languages=("en",), skills=(), decide_by=decide_by
    )
    assert window_asked(asked, LISBON, MONDAY) == window_of(
        MONDAY, datetime(2026, 11, last + 1, tzinfo=UTC), now=MONDAY
    )


@pytest.mark.parametrize("decide_by", [None, date(2026, 11, 20)])
def test_whoever_has_time_has_no_window(decide_by):
    asked = Asked(
        text="Shares?", kind="decide", minutes=25, when="any", languages=("en",), skills=(), decide_by=decide_by
    )
    assert window_asked(asked, LISBON, MONDAY) is None
