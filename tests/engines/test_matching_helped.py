"""Similar past needs vote for those who met them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quarterhour.engines.matching.helped import PastHelp, votes

NOW = datetime(2026, 11, 23, 9, 4, tzinfo=UTC)


def past(who="a", similarity=0.8, days=0, helped=3) -> PastHelp:
    return PastHelp(who, similarity, NOW - timedelta(days=days), helped)


def test_a_vote_counts_half_after_a_year():
    assert votes([past(days=365)], now=NOW)["a"] == pytest.approx(votes([past()], now=NOW)["a"] / 2)


def test_what_helped_more_counts_more_and_what_did_not_help_counts_nothing():
    counted = [votes([past(helped=quarters)], now=NOW).get("a", 0) for quarters in range(5)]
    assert counted == sorted(counted)
    assert counted[0] == 0
    assert votes([past(helped=1)], now=NOW)["a"] < votes([past(helped=None)], now=NOW)["a"] < counted[3]


def test_many_middling_needs_do_not_outweigh_their_number():
    few = votes([past(similarity=0.9)], now=NOW)["a"]
    many = votes([past(similarity=0.5)] * 50, now=NOW)["a"]
    assert many < few


@pytest.mark.parametrize("similarity", [0.35, 0.0, -1.0, float("nan")])
def test_what_is_not_alike_votes_for_nobody(similarity):
    assert votes([past(similarity=similarity)], now=NOW) == {}


def test_a_need_met_in_the_future_counts_like_today():
    assert votes([past(days=-3)], now=NOW) == votes([past()], now=NOW)
