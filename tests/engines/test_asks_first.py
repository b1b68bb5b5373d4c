"""Whether a mentor is asked first: the strictest of the topics a question is about, or what they say for all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.engines.asks_first import asks_first
from quarterhour.engines.matching.family import Family
from quarterhour.engines.understand import Skill

# A small taxonomy: what each is a part of.
BROADER = {
    "music": "", "piano": "music", "jazz piano": "piano", "violin": "music", "cooking": "", "baking": "cooking",
}  # fmt: skip
FAMILY = Family([Skill(key, key, "area", broader) for key, broader in BROADER.items()])

skills = st.sampled_from([*BROADER, "unknown"])
words = st.sampled_from([True, False, None])
topics = st.lists(st.tuples(st.one_of(st.none(), skills), words), max_size=6)
questions = st.lists(skills, max_size=4)


def first(asked, known, *, otherwise=False):
    return asks_first(asked, known, otherwise=otherwise, family=FAMILY)


def above(skill: str) -> set[str]:
    """A skill and all it is a part of, one step after the other."""
    found = set()
    while skill:
        found.add(skill)
        skill = BROADER.get(skill, "")
    return found


@given(questions, topics, st.booleans())
def test_it_is_what_somebody_would_say_who_goes_through_the_topics_by_hand(asked, known, otherwise):
    met = [
        word
        for skill, word in known
        if skill is not None and any(one in above(skill) or skill in above(one) for one in asked)
    ]
    by_hand = otherwise if not met else any(otherwise if word is None else word for word in met)

    assert first(asked, known, otherwise=otherwise) == by_hand


@given(questions, topics, st.booleans(), st.randoms())
def test_the_order_of_topics_and_skills_says_nothing(asked, known, otherwise, rng):
    shuffled = rng.sample(asked, len(asked)), rng.sample(known, len(known))

    assert first(asked, known, otherwise=otherwise) == first(*shuffled, otherwise=otherwise)


@given(questions, topics, st.sampled_from([*BROADER]), st.booleans())
def test_a_topic_that_asks_first_is_never_loosened_by_another_one(asked, known, skill, otherwise):
    assert first([*asked, skill], [*known, (skill, True)], otherwise=otherwise)


@given(questions, topics, st.booleans())
def test_without_a_word_for_a_single_topic_the_profile_speaks(asked, known, otherwise):
    silent = [(skill, None) for skill, _ in known]

    assert first(asked, silent, otherwise=otherwise) == otherwise


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (["piano"], True),
        (["music"], True),  # what it is a part of
        (["jazz piano"], True),  # a part of it
        (["violin"], False),  # beside it
        (["cooking"], False),
        (["violin", "piano"], True),
        ([], False),
    ],
)
def test_a_topic_speaks_for_itself_its_parts_and_what_it_is_a_part_of(asked, expected):
    assert first(asked, [("piano", True)]) == expected


def test_a_topic_that_confirms_at_once_does_so_where_the_profile_asks_first():
    known = [("piano", False), ("cooking", None), (None, False)]

    assert not first(["piano"], known, otherwise=True)
    assert first(["piano", "cooking"], known, otherwise=True)
    assert first(["baking"], known, otherwise=True)
