"""What is said about a ranking: phrases, what mattered, what one chip less would bring, and how it is kept."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.engines.matching import (
    FEATURES,
    VERSION,
    Asked,
    Mentor,
    Parts,
    Piece,
    Topic,
    Weights,
    counterfactual,
    family_of,
    features_of,
    quotes,
    rank,
    replay,
    table_of,
    what_mattered,
)
from quarterhour.people.taxonomy import skills

FAMILY = family_of(skills())
ASKED = Asked("How do I negotiate my salary?", "practise", {"salary-negotiation": 0.9})
TOLD = "I negotiated my salary with a number on paper, and waited until they spoke first in the room."


def mentor(name, **changes):
    given_ = {"topics": (Topic("salary negotiation", "salary-negotiation", "lived"),), "languages": frozenset({"en"})}
    return Mentor(name, **(given_ | changes))


def piece(who, **changes):
    return Piece(who, who, **({"kind": "story", "text": f"{who} said: {TOLD}", "similarity": 0.6} | changes))


def found(asked, who, what):
    return rank(asked, who, what, family=FAMILY)


# --- phrases ---------------------------------------------------------------------------------------------


def marked(asked, text):
    quote = quotes(asked, [Piece("s", "m", "story", text)])[0]
    return [quote.text[start:end] for start, end in quote.marks]


def test_words_that_belong_together_are_marked_as_one_phrase():
    assert marked(ASKED, "I negotiated my salary on paper.") == ["negotiated my salary"]


def test_a_phrase_ends_where_a_sentence_or_another_thought_does():
    assert marked(ASKED, "I like to negotiate. Salary is a long word here.") == ["negotiate", "Salary"]
    assert marked(ASKED, "I negotiate contracts about salary questions.") == ["negotiate", "salary"]


# --- what mattered ---------------------------------------------------------------------------------------


def test_what_mattered_is_said_in_words_and_never_as_a_number():
    who = [mentor("a"), mentor("b", topics=()), mentor("c", topics=())]
    ranked = found(ASKED, who, [piece("a"), piece("b", text="It rained all day in the town.", similarity=0.1)])
    reasons = what_mattered(ASKED, ranked[0], ranked)

    assert ranked[0].mentor.id == "a"
    assert {"has lived through salary negotiation", "uses your words in a story"} <= {one.says for one in reasons}
    assert not any(letter.isdigit() for one in reasons for letter in one.says)
    assert len(reasons) <= 3


def test_what_everybody_shares_is_no_reason_for_one():
    who = [mentor("a"), mentor("b")]
    ranked = found(ASKED, who, [piece("a", text=TOLD[:60]), piece("b", text=TOLD[:60] + " again")])

    assert "topics" not in {one.feature for one in what_mattered(ASKED, ranked[0], ranked)}
    assert what_mattered(ASKED, found(ASKED, [Mentor("nobody")], [])[0], []) == []


def test_speaking_the_language_and_offering_the_kind_are_said():
    asked = Asked("Hola", "practise", language="es")
    who = [
        mentor("es", languages=frozenset({"es"}), helps_with=frozenset({"practise"})),
        mentor("en", helps_with=frozenset({"review"})),
    ]
    ranked = found(asked, who, [])

    assert [one.says for one in what_mattered(asked, ranked[0], ranked)] == [
        "speaks the language you wrote in",
        "practises with people",
    ]


# --- one chip less ---------------------------------------------------------------------------------------

CHIPS = {"lang:de": "with German", "day:fri": "without Friday"}


def asked_of_four():
    who = [mentor(name) for name in "abcd"]
    sentences = ["on paper", "by letter to the board", "at a fair in May", "after a long and quiet winter"]
    told = [
        piece(name, text=f"I once had to negotiate my salary {said}; {name} is what they call me here.")
        for name, said in zip("abcd", sentences, strict=True)
    ]
    return found(ASKED, who, told)


def test_the_chip_that_brings_the_most_is_named():
    relaxed = counterfactual(
        ASKED,
        asked_of_four(),
        {"a": frozenset({"day:fri"}), "b": frozenset({"lang:de"}), "c": frozenset({"lang:de"})},
        CHIPS,
        family=FAMILY,
    )

    assert relaxed.chip == "lang:de"
    assert set(relaxed.gained) == {"b", "c"}
    assert relaxed.says == "With German: 2 more."


def test_who_is_kept_out_twice_is_gained_by_neither_and_the_order_of_chips_breaks_a_tie():
    ranked = asked_of_four()
    twice = {"a": frozenset(CHIPS), "b": frozenset({"day:fri"}), "c": frozenset({"lang:de"})}

    assert counterfactual(ASKED, ranked, {"a": frozenset(CHIPS)}, CHIPS, family=FAMILY) is None
    assert counterfactual(ASKED, ranked, twice, CHIPS, family=FAMILY).chip == "lang:de"
    assert counterfactual(ASKED, ranked, {"b": frozenset({"unknown"})}, CHIPS, family=FAMILY) is None
    assert counterfactual(ASKED, ranked, twice, CHIPS, family=FAMILY, least=2) is None
    assert counterfactual(ASKED, [], twice, {}, family=FAMILY) is None


def test_who_does_not_fit_is_no_gain():
    ranked = found(Asked("Blind tasting of wine", skills={"wine-and-sommelier": 0.9}), [mentor("a")], [piece("a")])

    assert counterfactual(ASKED, ranked[:0], {"a": frozenset({"lang:de"})}, CHIPS, family=FAMILY) is None
    wine = Asked("Blind tasting of wine", skills={"wine-and-sommelier": 0.9}, meant={"wine-and-sommelier": 0.7})
    assert counterfactual(wine, ranked, {"a": frozenset({"lang:de"})}, CHIPS, family=FAMILY) is None


# --- kept and replayed -----------------------------------------------------------------------------------


def test_every_number_of_a_fit_is_a_documented_feature_in_a_fixed_order():
    assert [feature.name for feature in FEATURES] == list(Parts.__dataclass_fields__)
    assert all(feature.unit and feature.why for feature in FEATURES)
    assert VERSION


weights = st.builds(Weights, *[st.floats(0, 2) for _ in range(6)])


@given(weights, st.floats(-1, 1), st.sampled_from(["en", "es"]))
def test_a_stored_ranking_replays_to_the_same_scores(chosen, similarity, language):
    who = [mentor("a", not_for="salary"), mentor("b", topics=(), helps_with=frozenset({"review"})), mentor("c")]
    asked = Asked(ASKED.text, "practise", ASKED.skills, frozenset({"en"}), language)
    ranked = rank(asked, who, [piece("a", similarity=similarity), piece("b")], family=FAMILY, weights=chosen)
    stored = np.frombuffer(table_of(ranked).tobytes(), dtype=np.float32).reshape(-1, len(FEATURES))

    assert replay(stored, chosen) == pytest.approx([fit.score for fit in ranked], abs=1e-4)
    assert features_of(ranked[0]).nbytes == 4 * len(FEATURES)
    for row in stored:
        for value, feature in zip(row, FEATURES, strict=True):
            assert feature.least is None or value >= feature.least - 1e-6
            assert feature.most is None or value <= feature.most + 1e-6


def test_rows_of_another_version_are_refused_and_none_are_none():
    with pytest.raises(ValueError, match="cannot be replayed"):
        replay(np.zeros((2, len(FEATURES) + 1), dtype=np.float32), Weights())
    assert replay(table_of([]), Weights()).shape == (0,)
