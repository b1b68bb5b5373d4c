"""A board: who agrees, where they part and on what that rests, what is missing, whatever the order."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterhour.engines.perspectives import Layout, Missing, Piece, Stance, lay_out

DECISION = "Should I open my own bakery or stay at the hotel?"
OPTIONS = ["Open my own", "Stay at the hotel"]
OPEN, STAY = Stance(OPTIONS[0], in_favour=True), Stance(OPTIONS[1], in_favour=True)

AMA = Piece(
    "ama",
    "Open it. I did at your age and paid the loan back within six years.",
    "Baker with two shops",
    OPEN,
    conditions=("the rent stays below a tenth",),
    assumptions=("the street has no bakery",),
    confidence="high",
)
BEN = Piece("ben", "Do it while you are angry.", stance=OPEN, assumptions=("The street has no bakery",))
CEM = Piece("cem", "Stay, if they let you run the kitchen.", stance=STAY, assumptions=("the hotel will promote her",))
DIA = Piece("dia", "Ask the chamber about the oven first.", stance=Stance("", in_favour=True))


def test_three_mentors_who_disagree():
    board = lay_out(DECISION, OPTIONS, [AMA, BEN, CEM, DIA])

    assert [(group.keys, group.option, group.exact) for group in board.groups] == [
        (("ama", "ben"), "Open my own", True),
        (("cem",), "Stay at the hotel", True),
        (("dia",), "", True),
    ]
    assert board.groups[0].rests_on == ("the street has no bakery", "the rent stays below a tenth")
    assert [(each.a, each.b, each.exact, each.p) for each in board.conflicts] == [
        ("ama", "cem", True, 1.0),
        ("ben", "cem", True, 1.0),
    ]
    assert board.conflicts[0].rests_on == (
        ("the street has no bakery", "the rent stays below a tenth"),
        ("the hotel will promote her",),
    )
    assert board.conflicts[0].question == (
        "Which is nearer to how it is for you: “the street has no bakery”, or “the hotel will promote her”?"
    )
    assert board.missing == ()


def test_nobody_contradicts_themselves():
    both = [replace(BEN, voice="one"), replace(CEM, voice="one"), replace(DIA, voice="two")]
    assert lay_out(DECISION, OPTIONS, both).conflicts == ()
    assert len(lay_out(DECISION, OPTIONS, [both[0], replace(CEM, voice="two")]).conflicts) == 1


def test_a_conflict_without_grounds_still_becomes_a_question():
    one, other = Piece("1", "Open it.", stance=OPEN), Piece("2", "Stay.", stance=STAY)
    with_ground = Piece("3", "Stay.", stance=STAY, assumptions=("the money is there",))

    assert lay_out(DECISION, OPTIONS, [one, other]).conflicts[0].question == (
        "What would have to be true for “Open my own”, and what for “Stay at the hotel”?"
    )
    assert lay_out(DECISION, OPTIONS, [one, with_ground]).conflicts[0].question == (
        "Is it so for you: “the money is there”? One of the two rests on it."
    )


def test_two_that_were_only_read_are_asked_about_both_options():
    said = [
        Piece("1", "Open it, you will be glad you did."),
        Piece("2", "Never open a shop, you would regret it. Stay."),
    ]

    assert [each.question for each in lay_out(DECISION, OPTIONS, said).conflicts] == [
        "What would have to be true for “Open my own”, and what for “Stay at the hotel”?"
    ]
    assert [each.question for each in lay_out("Should I open a bakery?", [], said).conflicts] == [
        "Ask both of them: what would make you say the opposite?"
    ]


@pytest.mark.parametrize(
    "lived", ["I led a team for six years.", "We sold ours in May.", "I've opened two.", "It was my own."]
)
def test_who_lived_through_it_is_heard(lived):
    found = lay_out(DECISION, OPTIONS, [Piece("1", lived), Piece("2", "Open it now.")]).missing

    assert "experience" not in [each.kind for each in found]


def test_what_is_missing_is_said():
    nobody = lay_out(DECISION, OPTIONS, [])
    alone = lay_out(DECISION, OPTIONS, [Piece("1", "Just open the place and enjoy.", stance=OPEN)])

    assert nobody == Layout(missing=(Missing("voices", "", "Nobody has spoken yet."),))
    assert [(each.kind, each.option) for each in alone.missing] == [
        ("voices", ""),
        ("against", "Open my own"),
        ("for", "Stay at the hotel"),
        ("experience", ""),
        ("cost", ""),
        ("date", ""),
        ("condition", ""),
    ]


def test_of_three_options_each_wants_a_voice_for_and_one_against():
    options = ["Convert all", "Convert part", "Convert none"]
    pieces = [
        Piece("1", "I converted all of it in 2019, if the bank agrees.", stance=Stance("Convert all", in_favour=True)),
        Piece("2", "It cost us two years.", stance=Stance("Convert part", in_favour=False)),
    ]

    found = lay_out("Which fields should I convert?", options, pieces).missing

    assert [(each.kind, each.option) for each in found] == [
        ("against", "Convert all"),
        ("for", "Convert part"),
        ("for", "Convert none"),
        ("against", "Convert none"),
    ]


def test_only_what_was_recorded_is_missed_in_texts_nobody_can_read():
    pieces = [
        Piece(
            "1", "Mach den Laden auf, du wirst es nicht bereuen, das Viertel braucht endlich gutes Brot.", stance=OPEN
        ),
        Piece("2", "Bleib im Hotel, solange die Kinder klein sind, und lerne dort noch ein paar Jahre.", stance=STAY),
    ]

    assert [each.kind for each in lay_out(DECISION, OPTIONS, pieces).missing] == ["condition"]


def test_proposals_stand_below_what_was_recorded():
    guess = Piece("eve", "Never open a shop, you would regret it. Stay at the hotel.")

    board = lay_out(DECISION, OPTIONS, [guess, AMA, CEM])

    assert board.conflicts[0].exact
    assert ("ama", "eve", False) in [(each.a, each.b, each.exact) for each in board.conflicts]
    assert all(each.p < 1 for each in board.conflicts if not each.exact)
    assert all(each.because for each in board.conflicts)


pieces = st.lists(
    st.builds(
        Piece,
        key=st.sampled_from("abcdefgh"),
        text=st.sampled_from(
            ["Go for it.", "Stay where you are.", "Ask the bank first.", "", "Bleib da, mein Freund."]
        ),
        stance=st.sampled_from([None, OPEN, STAY, Stance(OPTIONS[0], in_favour=False), Stance("", in_favour=True)]),
        assumptions=st.lists(st.sampled_from(["rent is low", "she is well"]), max_size=2).map(tuple),
        confidence=st.sampled_from(["", "low", "high"]),
    ),
    max_size=7,
    unique_by=lambda piece: piece.key,
)


@given(pieces, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_the_order_of_the_pieces_does_not_matter(given_pieces, draw):
    other = list(given_pieces)
    draw.shuffle(other)

    one, two = lay_out(DECISION, OPTIONS, given_pieces), lay_out(DECISION, OPTIONS, other)

    assert one.conflicts == two.conflicts
    assert one.missing == two.missing
    assert {frozenset(group.keys) for group in one.groups} == {frozenset(group.keys) for group in two.groups}


@given(pieces)
@settings(deadline=None, max_examples=60)
def test_everybody_is_in_exactly_one_group_and_nobody_beside_somebody_they_part_with(given_pieces):
    board = lay_out(DECISION, OPTIONS, given_pieces)

    placed = [key for group in board.groups for key in group.keys]
    assert sorted(placed) == sorted(piece.key for piece in given_pieces)
    together = {frozenset(pair) for group in board.groups for pair in zip(group.keys, group.keys[1:], strict=False)}
    assert not together & {frozenset((each.a, each.b)) for each in board.conflicts}


@given(pieces)
@settings(deadline=None, max_examples=40)
def test_exact_conflicts_are_just_those_between_opposite_stances(given_pieces):
    side = {OPEN: 1, STAY: -1, Stance(OPTIONS[0], in_favour=False): -1}
    sides = {piece.key: side.get(piece.stance, 0) for piece in given_pieces}

    found = {frozenset((each.a, each.b)) for each in lay_out(DECISION, OPTIONS, given_pieces).conflicts if each.exact}

    assert found == {frozenset((a, b)) for a in sides for b in sides if sides[a] * sides[b] < 0}


@pytest.mark.parametrize("size", [30])
def test_thirty_pieces_are_laid_out_within_a_second(size):
    many = [Piece(f"{number:02}", f"Open it in year {number}, I would not wait. {AMA.text}") for number in range(size)]

    began = time.process_time()
    board = lay_out(DECISION, OPTIONS, many)

    assert time.process_time() - began < 1
    assert sum(len(group.keys) for group in board.groups) == size
