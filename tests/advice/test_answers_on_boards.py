"""An answer in writing lies on a decision as advice from a card does."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from tests.advice.deciding import MORNING, NO, YES, decide, laid, met, option, wrote
from tests.factories import MentorFactory, NeedFactory, PersonFactory

from quarterhour.advice import boards, handlers, sharing
from quarterhour.advice.decision_models import Guest, LaidPiece
from quarterhour.advice.decision_queries import (
    answers_to_lay,
    board_of,
    board_shown_to,
    decisions_of,
    laid_for,
    own_pieces,
)
from quarterhour.advice.perspectives import laid_out
from quarterhour.core.errors import Invalid, NotFound
from quarterhour.people.services import block
from quarterhour.sessions import writing
from quarterhour.sessions.events import WrittenAnswered

pytestmark = pytest.mark.django_db
SAID = "Put a date in the offer.\n\nIt made it a trial for me."


@pytest.fixture
def ines(commons):
    return MentorFactory(name="Inês Carvalho", org=commons)


@pytest.fixture
def decision(need):
    return decide(need)


def test_it_comes_by_itself_once_however_often_its_news_is_told(decision, need, ines, leila):
    ask = wrote(need, ines, SAID)
    handlers.lay_answer_on_decisions(WrittenAnswered(org_id=need.org_id, written_id=ask.pk), now=MORNING)
    (view,) = board_of(decision, reader=leila).views
    assert view.mentor == ines
    assert [(each.text, each.mentor, each.quotable) for each in view.pieces] == [(SAID, ines, False)]
    assert [each.voices for each in decisions_of(leila, org=need.org)] == [1]


def test_a_decision_made_later_has_what_was_written_before(need, ines):
    wrote(need, ines, SAID)
    assert laid(decide(need))["Inês"].text == SAID


def test_what_somebody_wrote_and_what_they_said_are_one_view(decision, need, ines, leila):
    wrote(need, ines, SAID)
    met(need, ines, "Ask who covers for you.")
    boards.fill(decision, now=MORNING)
    (view,) = board_of(decision, reader=leila).views
    assert [each.text for each in view.pieces] == [SAID, "Ask who covers for you."]
    assert boards.weigh(decision=decision, by=leila, weights={ines.pk: 2}).weights == {}


def test_an_answer_and_a_card_contradict_each_other(decision, need, ines, amara, leila, now):
    wrote(need, ines, SAID)
    met(need, amara, "Stay an engineer.")
    boards.fill(decision, now=MORNING)
    for name, text in (("Inês", YES), ("Amara", NO)):
        boards.place(laid=laid(decision)[name], by=leila, option=option(decision, text).pk, side="for", now=now)
    (conflict,) = laid_out(board_of(decision, reader=leila)).conflicts
    assert conflict.exact


def test_an_answer_to_another_question_comes_by_one_press_and_goes_by_another(decision, leila, ines, commons, now):
    ask = wrote(NeedFactory(mentee=leila, org=commons), ines, SAID)
    assert laid(decision) == {}
    assert answers_to_lay(decision, reader=leila) == [ask]
    assert [boards.lay_answer(decision=decision, by=leila, answer=ask.pk, now=now) for _ in "ab"] == [1, 0]
    assert answers_to_lay(decision, reader=leila) == []
    boards.take_off(laid=laid(decision)["Inês"], by=leila, now=now)
    boards.fill(decision, now=now)
    assert laid(decision) == {}, "what was taken off stays off"
    assert boards.lay_answer(decision=decision, by=leila, answer=ask.pk, now=now) == 1


def test_nobody_lays_what_others_were_told_or_what_is_no_answer(decision, leila, ines, commons, now, need):
    strangers = wrote(NeedFactory(mentee=PersonFactory(org=commons), org=commons), ines, SAID)
    waiting = writing.ask_in_writing(need=need, mentor=ines, by=leila, now=now)
    for ask in (strangers, waiting):
        with pytest.raises(NotFound):
            boards.lay_answer(decision=decision, by=leila, answer=ask.pk, now=now)
    assert answers_to_lay(decision, reader=leila) == []
    assert laid(decision) == {}


def test_its_author_places_it_where_the_owner_lets_them(decision, need, ines, amara, now):
    ask = wrote(need, ines, SAID)
    row = laid(decision)["Inês"]
    assert own_pieces(ines, answer=ask.pk) == []
    decision.advisers_place = True
    decision.save()
    assert own_pieces(ines, answer=ask.pk) == [row]
    mine = laid_for(row.pk, on=decision.pk, visible_to=ines)
    placed = boards.place(laid=mine, by=ines, option=option(decision, YES).pk, side="for", now=now)
    assert placed.placed_by == ines
    with pytest.raises(NotFound):
        laid_for(row.pk, on=decision.pk, visible_to=amara)
    block(other=decision.owner, by=ines, org=need.org, now=now)
    assert own_pieces(ines, answer=ask.pk) == []


def test_a_guest_reads_it_without_its_authors_name(decision, need, ines, amara, leila, now):
    wrote(need, ines, SAID)
    met(need, amara, "Stay an engineer.")
    boards.fill(decision, now=MORNING)
    guests = {
        mentor: sharing.share(
            decision=decision, by=leila, mentor=mentor.pk, others=mentor == amara, may_comment=False, now=now
        )
        for mentor in (amara, ines)
    }
    assert sorted((view.name, view.pieces[0].text) for view in board_shown_to(guests[amara]).views) == [
        ("", SAID), ("Amara Okafor", "Stay an engineer."),
    ]  # fmt: skip
    assert [view.name for view in board_shown_to(guests[ines]).views] == ["Inês Carvalho"]
    assert Guest.objects.within(need.org).count() == 2


def test_who_only_has_the_question_is_shown_nothing(decision, need, ines, leila, now):
    writing.ask_in_writing(need=need, mentor=ines, by=leila, now=now)
    with pytest.raises(Invalid):
        sharing.share(decision=decision, by=leila, mentor=ines.pk, others=False, may_comment=False, now=now)


def test_the_database_keeps_a_piece_from_one_place_alone(decision, need, ines, amara, now):
    ask = wrote(need, ines, SAID)
    met(need, amara, "Stay an engineer.")
    boards.fill(decision, now=MORNING)
    rows = LaidPiece.objects.within(need.org).filter(decision=decision)
    for wrong in ({"piece": None}, {"answer": ask}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.filter(answer=None).update(**wrong)
    assert rows.count() == 2
