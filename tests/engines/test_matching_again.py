"""One question, several sets of people: each is ranked as if it had been the first; and copies, found the slow way."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quarterhour.engines.matching import Asked, Judging, Mentor, Piece, Topic, family_of, rank
from quarterhour.engines.matching.copies import FEWEST, SHARED, copies
from quarterhour.engines.matching.terms import terms_of
from quarterhour.people.taxonomy import skills

FAMILY = family_of(skills())
ASKED = Asked("I was offered to lead the team I am on, and I like building.", skills={"team-leading": 0.8})
WORDS = ["lead", "team", "build", "offer", "ship", "river", "bread", "night", "tuesday", "piano", "goat", "copper"]
BEGAN = datetime(2026, 1, 5, tzinfo=UTC)

stories = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
people = st.lists(st.lists(stories, max_size=3), min_size=1, max_size=6)


def pieces_of(told: list[list[str]]) -> list[Piece]:
    return [
        Piece(f"{who} {place}", who, "story", text, similarity=len(text) / 100, since=BEGAN + timedelta(days=place))
        for who, texts in enumerate(told)
        for place, text in enumerate(texts)
    ]


def seen(fits) -> list:
    return [(fit.mentor.id, fit.score, fit.parts, [piece.id for piece in fit.pieces], fit.met) for fit in fits]


@given(people, st.integers(1, 5))
def test_people_are_ranked_as_if_nobody_had_been_before(told, first):
    mentors = [
        Mentor(who, (Topic("leading", "team-leading"),), not_for="No goats." * (who % 2)) for who in range(len(told))
    ]
    pieces, judging = pieces_of(told), Judging(ASKED, family=FAMILY)
    sets = (mentors[:first], mentors, mentors[first:], mentors)

    again = [seen(judging(them, pieces, total=90)) for them in sets]

    assert again == [seen(rank(ASKED, them, pieces, family=FAMILY, total=90)) for them in sets]


@given(people)
def test_copies_are_those_a_slow_reader_finds(told):
    pieces = pieces_of(told)
    rows = {
        place: set(zip(*(terms_of(piece.text)[at:] for at in range(3)), strict=False))
        for place, piece in enumerate(pieces)
    }
    order = sorted(rows, key=lambda place: (pieces[place].since, pieces[place].id))
    by_hand = set()
    for number, place in enumerate(order):
        earlier = [before for before in order[:number] if len(rows[before]) >= FEWEST]
        whose = Counter(next((one for one in earlier if row in rows[one]), None) for row in rows[place])
        del whose[None]
        if len(rows[place]) >= FEWEST and whose and max(whose.values()) >= SHARED * len(rows[place]):
            by_hand.add(place)

    assert copies(pieces) == by_hand
