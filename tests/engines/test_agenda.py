from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.engines.agenda import SHARES, box_at, cue_at, time_boxes

lengths = st.integers(min_value=4, max_value=480)


@given(lengths)
def test_the_boxes_fill_the_session_without_a_gap(minutes):
    boxes = time_boxes(minutes)

    assert [box.name for box in boxes] == ["context", "dig", "options", "commit"]
    assert boxes[0].starts == 0
    assert boxes[-1].ends == minutes
    assert all(before.ends == after.starts for before, after in pairwise(boxes))
    assert all(box.minutes >= 1 for box in boxes)


@given(st.integers(min_value=13, max_value=480))
def test_from_a_quarter_of_an_hour_on_no_box_is_a_minute_off_its_share(minutes):
    whole = sum(share for _, share in SHARES)

    for box, (_, share) in zip(time_boxes(minutes), SHARES, strict=True):
        assert abs(box.minutes - Fraction(minutes * share, whole)) < 1


@pytest.mark.parametrize(
    ("minutes", "boxes"),
    [
        (15, [1, 5, 5, 4]),
        (25, [2, 9, 8, 6]),
        (30, [2, 11, 10, 7]),
        (45, [4, 16, 14, 11]),
        (60, [5, 22, 19, 14]),
    ],
)
def test_the_lengths_people_choose_have_these_boxes(minutes, boxes):
    assert [box.minutes for box in time_boxes(minutes)] == boxes


@pytest.mark.parametrize("minutes", [-1, 0, 3, 481])
def test_a_length_without_room_for_four_boxes_is_refused(minutes):
    with pytest.raises(ValueError, match="Give 4 to 480"):
        time_boxes(minutes)


@given(lengths, st.floats(min_value=-7200, max_value=36_000))
def test_the_running_box_is_the_one_that_holds_the_second(minutes, seconds):
    boxes = time_boxes(minutes)

    running = box_at(boxes, seconds)

    if running is None:
        assert seconds < 0 or seconds >= minutes * 60
    else:
        assert running.starts * 60 <= seconds < running.ends * 60


@given(lengths)
def test_the_cue_falls_three_minutes_before_the_end(minutes):
    assert cue_at(minutes) == max(0, (minutes - 3) * 60)
