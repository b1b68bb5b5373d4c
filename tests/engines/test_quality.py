"""What we say of quality is never more than was seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.engines.quality import likely_range

counts = st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_the_range_holds_what_was_seen(pair):
    helped, of = pair
    found = likely_range(helped, of)
    assert 0.0 <= found.low <= found.high <= 1.0
    if of:
        assert found.low <= helped / of <= found.high


@given(counts.filter(lambda pair: pair[1] > 0))
def test_more_sessions_of_the_same_kind_make_us_surer(pair):
    helped, of = pair
    few, many = likely_range(helped, of), likely_range(3 * helped, 3 * of)
    assert many.high - many.low < few.high - few.low


@pytest.mark.parametrize("pair", [(-1, 3), (4, 3), (0, -1)])
def test_counts_that_cannot_be_are_refused(pair):
    with pytest.raises(ValueError, match="cannot be"):
        likely_range(*pair)
