"""Beside people who fit, whoever only comes near is called so."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from quarterhour.engines.matching import Asked
from quarterhour.matching import again
from quarterhour.web.match.page import _title


@pytest.mark.parametrize(
    ("near", "kind", "title"),
    [
        ([False, False, False], "decide", "Three people, different roads"),
        ([False, False, True], "decide", "Two people, and one who comes near"),
        ([False, True, True], "review", "One person, and two who come near"),
        ([False], "review", "One person, and why"),
        ([True, True, True], "review", "Three people, and why"),
    ],
)
def test_the_heading_counts_those_who_fit(near, kind, title):
    people = SimpleNamespace(cards=[SimpleNamespace(near=each) for each in near], confident=True)
    assert _title(people, kind, near=False) == title


@pytest.mark.parametrize(("confident", "expected"), [(True, {"low", "lower"}), (False, set())])
def test_a_chance_below_even_beside_one_above_is_near(monkeypatch, confident, expected):
    fits = [SimpleNamespace(mentor=SimpleNamespace(id=name), score=score) for name, score in SCORES.items()]
    monkeypatch.setattr(again.engine, "chances", lambda asked, ranked, *, family: [each.score for each in ranked])
    ranking = SimpleNamespace(confident=confident, asked=Asked("How?"), fits=fits)
    assert again._near(ranking, fits, {}) == expected


SCORES = {"low": 0.49, "high": 0.9, "even": 0.5, "lower": 0.1}
