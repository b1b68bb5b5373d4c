"""A decision: laid out, filled by the cards, placed, made, looked back on; and nobody else's business."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from tests.advice.deciding import NO, SAID, TODAY, WORDS, YES, decide, laid, met, option, three_views
from tests.factories import MentorFactory, NeedFactory, PersonFactory

from quarterhour.advice import boards, decisions, handlers
from quarterhour.advice.boards import Place
from quarterhour.advice.decision_models import Decision, LaidPiece, PerspectiveLabel, Side
from quarterhour.advice.decision_queries import board_of, cards_to_lay, decision_for, decisions_of, laid_for, own_pieces
from quarterhour.advice.decisions import DecisionWords, OptionWords
from quarterhour.advice.events import TakeawayWritten
from quarterhour.advice.models import Takeaway
from quarterhour.advice.services import AdviceWords, words_of, write_card
from quarterhour.core.errors import Changed, Invalid, NotFound
from quarterhour.core.models import OutboxEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(need):
    return three_views(need)


@pytest.fixture
def decision(need, three):
    return decide(need)


def refused(run, **given) -> dict[str, str]:
    with pytest.raises(Invalid) as wrong:
        run(**given)
    return wrong.value.fields


def record(
    decision, text=YES, *, reason="The date makes it a trial.", back=TODAY + timedelta(days=30), seen=None, **more
):
    decision.refresh_from_db()
    given = {"by": decision.owner, "today": TODAY, "now": more.pop("now", None) or decision.made_at} | more
    chosen = option(decision, text).pk if text else None
    seen = decision.version if seen is None else seen
    return decisions.record(
        decision=decision, option=chosen, reason=reason, look_back_on=back, seen=seen, **given
    )  # fmt: skip


# --- laying it out ---------------------------------------------------------------------------------


def test_the_cards_of_the_question_lie_on_the_board_from_the_start(decision, leila):
    board = board_of(decision, reader=leila)
    assert [view.mentor.name for view in board.views] == list(SAID)
    assert [piece.piece.text for piece in board.pieces] == list(SAID.values())
    assert {view.line for view in board.views} == {"Director of engineering"}
    assert OutboxEvent.objects.filter(name="DecisionMade", payload__decision_id=str(decision.pk)).count() == 1


def test_a_card_that_is_written_later_comes_by_itself_and_only_once(decision, need, leila, now):
    session = met(need, MentorFactory(name="Jun Takahashi", org=need.org), "Ask who covers for you.", when="you lead")
    card = Takeaway.objects.within(need.org).get(session=session)
    for _ in range(2):
        handlers.lay_on_decisions(TakeawayWritten(org_id=need.org_id, takeaway_id=card.pk, version=1), now=now)
    board = board_of(decision, reader=leila)
    assert [piece.piece.text for piece in board.pieces][3:] == ["Ask who covers for you."]
    assert board.pieces[3].condition == "you lead"


def test_advice_of_another_question_comes_by_one_press_and_goes_by_another(decision, leila, commons, now):
    other = NeedFactory(mentee=leila, org=commons, text="How do I get asked first?")
    session = met(other, MentorFactory(name="Jun Takahashi", org=commons), "Count for a week.")
    assert [card.session for card in cards_to_lay(decision, reader=leila)] == [session]
    assert boards.lay_card(decision=decision, by=leila, session=session, now=now) == 1
    assert boards.lay_card(decision=decision, by=leila, session=session, now=now) == 0
    assert cards_to_lay(decision, reader=leila) == []
    boards.take_off(laid=laid(decision)["Jun"], by=leila, now=now)
    assert "Jun" not in laid(decision)
    boards.fill(decision, now=now)
    assert "Jun" not in laid(decision), "what was taken off stays off"
    assert boards.lay_card(decision=decision, by=leila, session=session, now=now) == 1
    assert "Jun" in laid(decision)


def test_a_card_without_advice_says_so(decision, need, now, leila):
    session = met(need, MentorFactory(org=need.org), "x")
    Takeaway.objects.within(need.org).get(session=session).advice.all().delete()
    with pytest.raises(Invalid, match="no advice"):
        boards.lay_card(decision=decision, by=leila, session=session, now=now)


def test_somebody_elses_session_cannot_be_laid(decision, commons, now, leila):
    others = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
    session = met(others, MentorFactory(org=commons), "Not for you.")
    with pytest.raises(NotFound):
        boards.lay_card(decision=decision, by=leila, session=session, now=now)


def test_a_corrected_card_keeps_its_places_and_a_new_sentence_is_a_new_piece(decision, need, leila, three, now):
    row = laid(decision)["Amara"]
    boards.place(laid=row, by=leila, option=option(decision, YES).pk, side=Side.FOR, now=now)
    card = row.piece.takeaway
    words = words_of(card)
    better = AdviceWords(text=SAID["Amara Okafor"].replace("Nobody", "No one"))
    more = AdviceWords(text="Something else entirely, about money.")
    write_card(
        session=card.session, by=leila, words=replace(words, advice=[better, more]), seen=1, may_quote=False,
        held_on=TODAY - timedelta(days=9), now=now,
    )  # fmt: skip
    rows = LaidPiece.objects.within(need.org).filter(decision=decision, piece__takeaway=card)
    assert [(each.side, each.piece.text) for each in rows] == [("for", better.text)]
    boards.fill(decision, now=now)
    assert [each.side for each in rows.all()] == ["for", ""]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (replace(WORDS, question=" \x00 "), "question"),
        (replace(WORDS, question="x" * 401), "question"),
        (replace(WORDS, context="ö" * 4001), "context"),
        (replace(WORDS, options=[OptionWords(text="Only one")]), "option-0"),
        (replace(WORDS, options=[OptionWords(text="A"), OptionWords(text=""), OptionWords(text="a ")]), "option-2"),
        (replace(WORDS, options=[OptionWords(text=str(n)) for n in range(7)]), "option-0"),
        (replace(WORDS, options=[*WORDS.options, OptionWords(text="x" * 10_000)]), "option-2"),
        (replace(WORDS, criteria=["x" * 121]), "criterion-0"),
        (replace(WORDS, decide_by=date(9999, 12, 31)), "decide_by"),
        (replace(WORDS, decide_by=TODAY - timedelta(days=1)), "decide_by"),
        (replace(WORDS, decide_by=date(1, 1, 1)), "decide_by"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_what_cannot_be_decided_is_said_beside_its_field(need, words, field):
    assert field in refused(decide, need=need, words=words)
    assert not Decision.objects.within(need.org).exists()


def test_any_writing_is_kept_as_it_was_meant(need):
    words = DecisionWords(
        question="Ask\x00 <b>now</b>?\r\nOr 待つ?", options=[OptionWords(text="نعم"), OptionWords(text="לא 🤷")],
        criteria=["pay", "", "pay", "sleep"],
    )  # fmt: skip
    made = decide(need, words)
    assert made.question == "Ask <b>now</b>? Or 待つ?"
    assert [each.text for each in made.options.all()] == ["نعم", "לא 🤷"]
    assert made.criteria == ["pay", "sleep"]


def test_a_decision_of_somebody_elses_question_is_refused(need, commons):
    with pytest.raises(NotFound):
        decisions.make(
            owner=PersonFactory(org=commons), org=commons, words=WORDS, need=need, today=TODAY, now=need.stated_at
        )


# --- changing it -----------------------------------------------------------------------------------


def test_a_corrected_option_keeps_what_was_said_and_a_removed_one_lets_go(decision, leila, now):
    yes, no = option(decision, YES), option(decision, NO)
    rows = laid(decision)
    boards.place(laid=rows["Amara"], by=leila, option=yes.pk, side="for", now=now)
    boards.place(laid=rows["Inês"], by=leila, option=no.pk, side="for", now=now)
    words = replace(WORDS, options=[OptionWords(text="Yes, on trial", known=yes.pk), OptionWords(text="Leave")])
    changed = decisions.change(decision=decision, by=leila, words=words, seen=1, today=TODAY, now=now)
    rows = laid(decision)
    assert (changed.version, rows["Amara"].option.text) == (2, "Yes, on trial")
    assert rows["Inês"].option is None


def test_the_second_tab_hears_of_the_first(decision, leila, now):
    given = {"decision": decision, "by": leila, "words": WORDS, "today": TODAY, "now": now}
    decisions.change(**given, seen=1)
    with pytest.raises(Changed):
        decisions.change(**given, seen=1)
    with pytest.raises(Changed):
        record(decision, seen=1)


def test_a_day_that_is_over_may_stay_when_something_else_is_changed(need, leila, now):
    made = decide(need, replace(WORDS, decide_by=TODAY))
    later, words = TODAY + timedelta(days=9), replace(WORDS, decide_by=TODAY, context="More")
    assert decisions.change(decision=made, by=leila, words=words, seen=1, today=later, now=now).context == "More"


def test_the_option_that_was_chosen_cannot_be_left_out(decision, leila, now):
    record(decision)
    fields = refused(decisions.change, decision=decision, by=leila, words=WORDS, seen=2, today=TODAY, now=now)
    assert "option-0" in fields


# --- where advice stands ---------------------------------------------------------------------------


def test_one_press_places_advice_and_the_last_press_counts(decision, leila, now):
    row, yes = laid(decision)["Amara"], option(decision, YES)
    for side in (Side.FOR, Side.AGAINST):
        boards.place(laid=row, by=leila, option=yes.pk, side=side, now=now)
    row = laid(decision)["Amara"]
    assert (row.option, row.side, row.placed_by, row.version) == (yes, "against", leila, 3)
    boards.place(laid=row, by=leila, option=yes.pk, side=Side.BESIDE, now=now)
    assert (laid(decision)["Amara"].option, laid(decision)["Amara"].side) == (None, "beside")


@pytest.mark.parametrize(("there", "side"), [(True, "maybe"), (False, "for"), (None, "for")])
def test_a_place_that_does_not_exist_is_refused(decision, leila, now, there, side):
    key = option(decision, YES).pk if there else uuid4() if there is False else None
    with pytest.raises(Invalid):
        boards.place(laid=laid(decision)["Amara"], by=leila, option=key, side=side, now=now)


def test_an_option_of_another_decision_is_refused(decision, need, leila, now):
    other = decide(need)
    with pytest.raises(Invalid):
        boards.place(
            laid=laid(decision)["Amara"], by=leila, option=option(other, YES).pk, side="for", now=now
        )  # fmt: skip


def test_what_it_rests_on_is_written_once_and_a_second_tab_is_told(decision, leila, now):
    row = laid(decision)["Inês"]
    words = Place(
        option=option(decision, YES).pk, side="against", condition="in this company", assumption="grades stick",
        confidence="high", change_mind="a written grade",
    )  # fmt: skip
    boards.describe(laid=row, by=leila, words=words, seen=1, now=now)
    with pytest.raises(Changed):
        boards.describe(laid=row, by=leila, words=words, seen=1, now=now)
    long = replace(words, condition="x" * 401, confidence="certain", side="x")
    assert set(refused(boards.describe, laid=row, by=leila, words=long, seen=2, now=now)) == {
        "condition", "confidence", "stance",
    }  # fmt: skip
    assert laid(decision)["Inês"].change_mind == "a written grade"


def test_the_mentor_places_their_own_advice_where_the_owner_lets_them(need, three):
    amara, ines = three["Amara"], three["Inês"]
    closed = decide(need)
    opened = decide(need, replace(WORDS, advisers_place=True))
    session = laid(opened)["Amara"].piece.takeaway.session_id
    assert [each.decision for each in own_pieces(amara, session=session)] == [opened]
    assert laid_for(laid(opened)["Amara"].pk, on=opened.pk, visible_to=amara)
    for decision, person in ((closed, amara), (opened, ines)):
        with pytest.raises(NotFound):
            laid_for(laid(decision)["Amara"].pk, on=decision.pk, visible_to=person)


# --- weights and labels ----------------------------------------------------------------------------


def test_everybody_counts_the_same_until_the_owner_says_otherwise(decision, leila, three):
    assert {view.weight for view in board_of(decision, reader=leila).views} == {1}
    weighed = boards.weigh(decision=decision, by=leila, weights={three["Amara"].pk: 3, three["Inês"].pk: 0})
    assert [view.weight for view in board_of(weighed, reader=leila).views] == [3, 1, 0]
    equal = boards.weigh(decision=decision, by=leila, weights={})
    assert {view.weight for view in board_of(equal, reader=leila).views} == {1}


@pytest.mark.parametrize("weight", [-1, 4, 10**9])
def test_a_weight_out_of_range_is_refused(decision, leila, three, weight):
    with pytest.raises(Invalid):
        boards.weigh(decision=decision, by=leila, weights={three["Amara"].pk: weight})


def test_who_said_nothing_has_no_weight(decision, leila):
    with pytest.raises(Invalid):
        boards.weigh(decision=decision, by=leila, weights={leila.pk: 1})


def test_what_is_said_of_two_pieces_is_kept_with_what_was_proposed(decision, leila, now):
    a, b = laid(decision)["Inês"].pk, laid(decision)["Amara"].pk
    given = {"decision": decision, "by": leila, "now": now}
    boards.label(**given, a=a, b=b, word="conflict", proposed=0.7)
    boards.label(**given, a=b, b=a, word="dismissed", proposed=0.7)
    row = PerspectiveLabel.objects.within(decision.org_id).get()
    assert (row.word, row.proposed, row.a_id < row.b_id) == ("dismissed", 0.7, True)
    boards.label(**given, a=a, b=b, word="")
    assert not PerspectiveLabel.objects.within(decision.org_id).exists()
    with pytest.raises(NotFound):
        boards.label(**given, a=a, b=a, word="conflict")
    with pytest.raises(Invalid):
        boards.label(**given, a=a, b=b, word="perhaps")


# --- choosing, and looking back --------------------------------------------------------------------


def test_a_choice_has_a_reason_and_a_day_to_look_back(decision, now):
    made = record(decision, now=now)
    assert (made.chosen.text, made.decided_at, made.look_back_on) == (YES, now, TODAY + timedelta(days=30))
    later = record(decision, reason="And he agreed.", now=now + timedelta(hours=1))
    assert (later.reason, later.decided_at, later.look_back_round) == ("And he agreed.", now, 1)
    opened = record(decision, None, reason="", back=None)
    assert (opened.chosen, opened.decided_at, opened.look_back_on) == (None, None, None)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"back": TODAY}, "look_back_on"),
        ({"back": date(9999, 1, 1)}, "look_back_on"),
        ({"back": date(1, 1, 1)}, "look_back_on"),
    ],
)
def test_half_a_choice_is_asked_for_the_rest(decision, given, field):
    assert field in refused(lambda: record(decision, **given))


def test_looking_back_closes_the_loop_and_can_be_said_anew(decision, leila, now):
    with pytest.raises(Changed):
        decisions.look_back(decision=decision, by=leila, quarters=3, words="", now=now)
    record(decision)
    for quarters in (3, 4):
        done = decisions.look_back(decision=decision, by=leila, quarters=quarters, words="It held.", now=now)
    assert (done.outcome, done.outcome_words, done.looked_back_at) == (4, "It held.", now)
    for wrong in (None, 5, -1):
        assert "outcome" in refused(
            decisions.look_back, decision=decision, by=leila, quarters=wrong, words="", now=now
        )  # fmt: skip


def test_another_choice_is_looked_back_on_anew(decision, leila, now):
    record(decision)
    decisions.look_back(decision=decision, by=leila, quarters=1, words="Badly.", now=now)
    again = record(decision, NO, reason="I went back.")
    assert (again.outcome, again.outcome_words, again.looked_back_at, again.look_back_round) == (None, "", None, 2)


# --- whose it is -----------------------------------------------------------------------------------


def test_nobody_else_reads_or_changes_it(decision, commons, three, now):
    stranger = PersonFactory(org=commons)
    for person in (stranger, three["Amara"]):
        with pytest.raises(NotFound):
            decision_for(decision.pk, visible_to=person)
        with pytest.raises(NotFound):
            decisions.change(decision=decision, by=person, words=WORDS, seen=1, today=TODAY, now=now)
        with pytest.raises(NotFound):
            boards.weigh(decision=decision, by=person, weights={})
        with pytest.raises(NotFound):
            decisions.remove(decision=decision, by=person)
        assert decisions_of(person, org=commons) == []


def test_it_goes_without_a_trace_and_the_cards_stay(decision, leila, commons):
    record(decision)
    decisions.remove(decision=decision, by=leila)
    assert decisions_of(leila, org=commons) == []
    assert Takeaway.objects.within(commons).count() == 3


def test_the_board_costs_the_same_however_much_lies_on_it(decision, need, leila, now, django_assert_num_queries):
    assert leila.org_ids
    with django_assert_num_queries(4):  # pieces with people, options, headlines, labels
        board_of(decision, reader=leila)
    for n in range(6):
        met(need, MentorFactory(org=need.org), f"Advice {n}.", f"More {n}.", days_ago=20 + n)
    assert boards.fill(decision, now=now) == 12
    with django_assert_num_queries(4):
        board_of(decision, reader=leila)
    with django_assert_num_queries(1):
        decisions_of(leila, org=need.org)
