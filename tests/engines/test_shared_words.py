"""Words that happen to be shared make nobody sure."""

from dataclasses import replace

import pytest

from quarterhour.engines.matching import SURE, Asked, Fit, Mentor, Parts, Weights, chances, is_confident
from quarterhour.engines.matching.family import Family
from quarterhour.engines.matching.fit import score_of

ASKED = Asked("Which eyepiece shows the rings of Saturn?")
NOTHING = Parts(words=0.0, meaning=0.0, topics=0.0, kind=1.0, language=1.0, not_for=0.0, coverage=0.0)
FAMILY = Family({})


def chance(**parts):
    """Of the first of two, the second of whom the model has read."""
    mine = replace(NOTHING, **parts)
    read = replace(NOTHING, meaning=0.01 if parts.get("meaning") else 0.0)
    ranked = [Fit(Mentor(name), score_of(one, Weights()), one, (), {}) for name, one in (("a", mine), ("b", read))]
    return chances(ASKED, ranked, family=FAMILY)[0]


def test_many_shared_words_alone_are_not_enough():
    assert chance(words=1.1, meaning=0.11) < SURE / 2


@pytest.mark.parametrize("met", [{"topics": 0.5, "meaning": 0.11}, {"meaning": 0.45}])
def test_with_a_topic_or_the_meaning_they_count_in_full(met):
    assert chance(words=0.6, **met) > 0.8
    assert chance(words=0.6, **met) > chance(words=0.2, **met)


def test_where_no_model_has_read_a_topic_has_to_be_met():
    assert chance(words=0.6) < SURE < chance(words=0.6, topics=0.4)


def test_somebody_else_may_be_sure_where_the_first_only_shares_words():
    words = replace(NOTHING, words=1.5, meaning=0.1)
    knows = replace(NOTHING, words=0.2, meaning=0.5, topics=0.9)
    ranked = [Fit(Mentor(name), score_of(one, Weights()), one, (), {}) for name, one in (("a", words), ("b", knows))]
    assert ranked[0].score > ranked[1].score
    assert chances(ASKED, ranked, family=FAMILY)[0] < SURE
    assert is_confident(ASKED, ranked, family=FAMILY)
