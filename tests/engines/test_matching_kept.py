"""What is kept for the next question says what it said the first time."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quarterhour.engines.matching.family import Family, family_of
from quarterhour.engines.matching.terms import placed_terms, telling
from quarterhour.engines.understand import Skill
from quarterhour.engines.words import tokens
from quarterhour.people.taxonomy import skills

TEXTS = st.text(st.sampled_from("ab C.'’ \n\u00a0é管理職ไทยक\u093c1+#n.et"), max_size=40)


@given(TEXTS, st.integers(0, 40), st.integers(0, 40))
@example("I don't know. 管理職の人", 2, 7)
@example("c++ .net ab", 1, 5)
def test_a_part_of_a_text_has_the_words_it_would_have_alone(text, one, other):
    start, end = sorted((min(one, len(text)), min(other, len(text))))

    by_itself = [(start + t.start, start + t.end, telling(t, "en")) for t in tokens(text[start:end])]

    assert list(placed_terms(text, "en", start, end)) == by_itself


names = st.sampled_from("abcdefg")


@given(st.lists(st.tuples(names, st.sampled_from(["", *"abcdefgx"])), max_size=7), names, names)
def test_what_helps_with_a_skill_is_what_is_near_it(pairs, asked, known):
    family = Family(Skill(one, one, "x", broader=above) for one, above in dict(pairs).items())

    for _ in range(2):  # found, and kept
        assert family.helped_by(known).get(asked, 0.0) == family.nearness(asked, known)
        assert family.helpers_of(asked).get(known, 0.0) == family.nearness(asked, known)


@pytest.mark.parametrize("known", ["leadership", "salary-negotiation", "not in the taxonomy"])
def test_the_whole_taxonomy_is_told_as_one_by_one(known):
    family = family_of(skills())
    one_by_one = {one.id: near for one in skills() if (near := family.nearness(one.id, known))}

    assert {
        one: near for one, near in family.helped_by(known).items() if one != known or one in one_by_one
    } == one_by_one
