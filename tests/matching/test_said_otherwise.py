"""Shared pieces that stand against each other on a board: told without the board, and to nobody with a part in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.advice.deciding import NO, YES, decide, option
from tests.factories import MentorFactory, PersonFactory, make_session

from quarterhour.advice import boards
from quarterhour.advice import services as cards
from quarterhour.advice.decision_models import LaidPiece
from quarterhour.advice.services import AdviceWords, CardWords
from quarterhour.matching.knowledge import sharing
from quarterhour.matching.knowledge.contradicting import said_otherwise
from quarterhour.matching.knowledge.searching import look_for
from quarterhour.sessions.models import Status

pytestmark = pytest.mark.django_db
TALKED = datetime(2026, 11, 20, 10, 15, tzinfo=UTC)
LATER = TALKED + timedelta(hours=1)
SAYS_YES, SAYS_NO, ALSO_NO = "Take the lead role, with a date.", "Refuse the lead role.", "The lead role costs years."


@pytest.fixture
def reader(commons):
    return PersonFactory(name="Rafaela Quill", org=commons)


@pytest.fixture
def decision(need):
    return decide(need)


def told(need, text, *, share=True, mentor=None):
    """A card with one piece, which both let be found where `share`; returns the piece."""
    mentor = mentor or MentorFactory(org=need.org)
    session = make_session(need, mentor, TALKED, status=Status.ENDED)
    words = CardWords(insight="x", advice=[AdviceWords(text=text)])
    given = {"may_quote": False, "now": LATER}
    card = cards.write_card(session=session, by=need.mentee, words=words, seen=0, held_on=TALKED.date(), **given)
    cards.confirm_card(card=card, by=mentor, seen=1, **given)
    (piece,) = card.advice.all()
    if share:
        for person in (mentor, need.mentee):
            sharing.let_find(card=card, by=person, allowed=True, now=LATER)
        sharing.share(piece_id=piece.pk, session=session, by=mentor, text=text, applies_when="", keep=(), now=LATER)
    return piece


def stand(decision, piece, text=YES, side="for"):
    boards.fill(decision, now=LATER)
    row = LaidPiece.objects.within(decision.org_id).get(decision=decision, piece=piece)
    boards.place(laid=row, by=decision.owner, option=option(decision, text).pk, side=side, now=LATER)
    return row


@pytest.fixture
def three(need, decision):
    """One for saying yes, two for saying no."""
    pieces = [told(need, text) for text in (SAYS_YES, SAYS_NO, ALSO_NO)]
    for piece, text in zip(pieces, (YES, NO, NO), strict=True):
        stand(decision, piece, text)
    return pieces


def found(reader, org) -> dict[str, tuple[int, list[str]]]:
    """By the words of each piece, how many people are against it, and theirs."""
    pieces = look_for("lead role", reader=reader, org=org, now=LATER).pieces
    return {
        "".join(text for text, _ in each.parts): (each.otherwise.people, [one.text for one in each.otherwise.said])
        for each in pieces
    }


def test_two_people_contradict_one_and_one_contradicts_two(three, reader, commons):
    assert found(reader, commons) == {
        SAYS_YES: (2, [SAYS_NO, ALSO_NO]), SAYS_NO: (1, [SAYS_YES]), ALSO_NO: (1, [SAYS_YES]),
    }  # fmt: skip


def test_without_recorded_stances_nothing_is_said(need, decision, reader, commons):
    for text in (SAYS_YES, SAYS_NO):
        told(need, text)
    boards.fill(decision, now=LATER)
    assert list(found(reader, commons).values()) == [(0, [])] * 2


def test_what_is_not_shared_contradicts_nobody(need, decision, reader, commons):
    stand(decision, told(need, SAYS_YES), YES)
    stand(decision, told(need, SAYS_NO, share=False), NO)
    assert found(reader, commons) == {SAYS_YES: (0, [])}


def test_a_pair_that_was_let_go_and_a_piece_that_was_taken_off_are_told_no_more(
    decision, three, leila, reader, commons
):
    rows = {row.piece_id: row for row in LaidPiece.objects.within(commons).filter(decision=decision)}
    yes, no, also = (rows[piece.pk] for piece in three)
    boards.label(decision=decision, by=leila, a=yes.pk, b=no.pk, word="dismissed", now=LATER)
    assert found(reader, commons)[SAYS_YES] == (1, [ALSO_NO])
    boards.take_off(laid=also, by=leila, now=LATER)
    assert found(reader, commons)[SAYS_YES] == (0, [])


def test_two_pieces_of_one_author_never_count_against_each_other(need, decision, reader, commons, amara):
    stand(decision, told(need, SAYS_YES, mentor=amara), YES)
    session = make_session(need, amara, TALKED + timedelta(days=1), status=Status.ENDED)
    words = CardWords(insight="x", advice=[AdviceWords(text=SAYS_NO)])
    later, day = LATER + timedelta(days=1), TALKED.date() + timedelta(days=1)
    card = cards.write_card(
        session=session, by=need.mentee, words=words, seen=0, held_on=day, may_quote=False, now=later
    )
    cards.confirm_card(card=card, by=amara, seen=1, may_quote=False, now=later)
    stand(decision, card.advice.get(), NO)
    assert found(reader, commons) == {SAYS_YES: (0, [])}


def test_who_has_a_part_in_the_decision_is_told_nothing(need, three, leila, commons):
    owners = {each.piece.takeaway.session.mentor for each in LaidPiece.objects.within(commons)}
    assert len(owners) == 3
    for person in (leila, *owners):
        assert list(found(person, commons).values()) == [(0, [])] * 3


def test_it_costs_the_same_however_many_there_are(need, decision, three, reader, django_assert_num_queries):
    reader.org_ids  # noqa: B018 - read once a request
    with django_assert_num_queries(4):  # boards, what lies on them, options, what was let go
        assert len(said_otherwise([piece.pk for piece in three], reader=reader, org=need.org)) == 3
    with django_assert_num_queries(1):
        assert said_otherwise([uuid4()], reader=reader, org=need.org) == {}


def test_the_page_shows_both_side_by_side_and_nothing_of_the_board(client, three, reader, clock_at_noon):
    client.force_login(reader)
    page = " ".join(client.get(reverse("knowledge:search"), {"q": "lead role"}).content.decode().split())
    assert "Two people may contradict this one" in page
    assert page.count("One person may contradict this one") == 2
    assert "We never say who is." in page
    for private in (YES, NO, "Leila", "Haddad"):
        assert private not in page


@pytest.fixture
def clock_at_noon(monkeypatch):
    monkeypatch.setattr("quarterhour.core.clock.now", lambda: LATER)
