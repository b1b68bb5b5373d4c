"""One quote wherever somebody can be quoted; a second one only where it bears on the question by itself."""

from __future__ import annotations

import pytest

from quarterhour.engines.matching import Asked, Piece, quotes

ASKED = Asked("How do I negotiate my salary when I move abroad with two offers?")
FIRST = Piece("a", "m", "story", "I once negotiated a salary abroad and had two offers in one week.", similarity=0.6)
MODEL = "I once saw our model bill pass 70,000. Moving to a small model took four months."


def second(text: str, similarity: float | None) -> list[str]:
    found = quotes(ASKED, [FIRST, Piece("b", "m", "story", text, similarity=similarity)])
    assert found[0].piece.id == "a"
    return [quote.piece.id for quote in found[1:]]


@pytest.mark.parametrize("similarity", [None, 0.0, 0.39])
@pytest.mark.parametrize("text", [MODEL, "I once worked nineteen nights on a tender and came fourth of four."])
def test_a_word_that_happens_to_be_the_same_is_no_second_quote(text, similarity):
    assert second(text, similarity) == []


@pytest.mark.parametrize(
    ("text", "similarity"),
    [
        ("I once said the number first and waited. They came up by a fifth.", 0.45),
        ("I once showed both offers, and the salary followed.", None),
        ("I once showed both offers, and the salary followed.", 0.1),
    ],
)
def test_what_is_near_in_meaning_or_says_the_same_words_is_one(text, similarity):
    assert second(text, similarity) == ["b"]


def test_whoever_has_only_something_else_is_still_heard_once():
    found = quotes(ASKED, [Piece(n, "m", "story", MODEL, similarity=0.0) for n in "ab"])
    assert len(found) == 1


def test_a_question_without_words_of_its_own_has_one_quote():
    found = quotes(Asked("?"), [FIRST, Piece("b", "m", "story", MODEL)])
    assert [quote.marks for quote in found] == [()]
