"""Spans: joined, taken away and shared, against sets of single hours."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from quarterhour.engines.spans import Span, intersect, merged, shared, subtract, union, without

START = datetime(2026, 5, 4, tzinfo=UTC)
pairs = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8)


def hours(spans):
    return {hour for start, end in spans for hour in range(start, end)}


def as_spans(several):
    return [Span(START + timedelta(hours=start), START + timedelta(hours=end)) for start, end in several]


def is_tidy(spans):
    return all(start < end for start, end in spans) and all(one[1] < other[0] for one, other in pairwise(spans))


@given(pairs)
def test_merging_keeps_every_hour_in_as_few_spans_as_possible(several):
    assert hours(merged(several)) == hours(several)
    assert is_tidy(merged(several))


@given(pairs, pairs)
def test_taking_away_leaves_what_is_in_no_hole(several, holes):
    left = without(merged(several), merged(holes))

    assert hours(left) == hours(several) - hours(holes)
    assert is_tidy(left)


@given(pairs, pairs)
def test_sharing_keeps_what_is_in_both(one, other):
    both = shared(merged(one), merged(other))

    assert hours(both) == hours(one) & hours(other)
    assert is_tidy(both)


@given(pairs, pairs)
def test_spans_of_datetimes_obey_the_same_rules(one, other):
    assert union(as_spans(one), as_spans(other)) == as_spans(merged([*one, *other]))
    assert subtract(as_spans(one), as_spans(other)) == as_spans(without(merged(one), merged(other)))
    assert intersect(as_spans(one), as_spans(other)) == as_spans(shared(merged(one), merged(other)))


@given(st.tuples(st.integers(0, 9), st.integers(0, 9)), st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_spans_meet_when_they_share_an_hour(one, other):
    first, second = as_spans([one, other])

    assert first.meets(second) is second.meets(first) is bool(hours([one]) & hours([other]))


def test_a_span_holds_its_start_and_not_its_end():
    span = Span(START, START + timedelta(minutes=25))

    assert span.holds(span.start)
    assert not span.holds(span.end)
    assert span.length == timedelta(minutes=25)
