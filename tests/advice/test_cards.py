"""A card is kept by both, quoted only while both allow it, and its actions remember what became of them."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from tests.factories import NeedFactory, PersonFactory, make_session

from quarterhour.advice import queries, services
from quarterhour.advice.models import Action, Confirmation, Takeaway
from quarterhour.advice.services import ActionWords, AdviceWords, CardWords
from quarterhour.core.errors import Changed, Invalid, NotAllowed, NotFound
from quarterhour.core.models import Organisation, OutboxEvent
from quarterhour.sessions.models import ChatLine, HowKept, Notes, Status
from quarterhour.sessions.rules import WrongState
from quarterhour.trust.services import say_how_it_helped

pytestmark = pytest.mark.django_db

TALKED = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
AFTER = TALKED + timedelta(minutes=26)
HELD_ON = TALKED.date()
REVIEW, BLOCK = "Ask Marek for a review date in the offer", "Block Tuesdays for code, and tell the team"
CARD = CardWords(
    insight="A role can have an end date.",
    advice=[AdviceWords(text="Say yes, with a review after six months.", applies_when="The team is small")],
    actions=[ActionWords(text=REVIEW, due=date(2026, 11, 30)), ActionWords(text=BLOCK, due=date(2026, 12, 1))],
)


@pytest.fixture
def session(need, amara):
    return make_session(need, amara, TALKED, status=Status.ENDED)


def write(session, by, words=CARD, *, seen=0, may_quote=False, now=AFTER):
    return services.write_card(
        session=session, by=by, words=words, seen=seen, may_quote=may_quote, held_on=HELD_ON, now=now
    )


def confirm(card, by, *, seen=1, may_quote=False):
    return services.confirm_card(card=card, by=by, seen=seen, may_quote=may_quote, now=AFTER)


def news() -> list[str]:
    return list(OutboxEvent.objects.order_by("pk").values_list("name", flat=True))


def quotable(session) -> bool:
    return Takeaway.objects.within(session.org).get(session=session).quotable


def agreed_version(session, person) -> int:
    return Confirmation.objects.within(session.org).get(takeaway__session=session, person=person).version


def test_whoever_writes_a_card_has_confirmed_it(session, leila):
    card = write(session, leila)

    assert card.version == 1
    assert agreed_version(session, leila) == 1
    assert services.words_of(queries.card_of(session, visible_to=leila)) == CARD
    assert news() == ["TakeawayWritten"]


def test_both_keep_one_card(session, leila, amara):
    confirm(write(session, leila), amara)

    assert [agreed_version(session, each) for each in (leila, amara)] == [1, 1]
    assert news() == ["TakeawayWritten", "TakeawayConfirmed"]


def test_a_change_asks_the_other_side_anew(session, leila, amara):
    confirm(write(session, leila), amara)
    changed = write(session, amara, CardWords(insight="A role is a trial for both."), seen=1)

    assert changed.version == 2
    assert (agreed_version(session, amara), agreed_version(session, leila)) == (2, 0)
    assert Takeaway.objects.within(session.org).count() == 1


def test_the_same_words_again_are_a_confirmation(session, leila, amara):
    write(session, leila)
    card = write(session, amara, seen=1)

    assert card.version == 1
    assert news() == ["TakeawayWritten", "TakeawayConfirmed"]


@pytest.mark.parametrize("seen", [0, 2, -1])
def test_the_slower_of_two_is_told_and_changes_nothing(session, leila, amara, seen):
    write(session, leila)
    with pytest.raises(Changed, match="Leila changed the card meanwhile"):
        write(session, amara, CardWords(insight="Mine"), seen=seen)

    assert queries.card_of(session, visible_to=amara).insight == CARD.insight
    assert news() == ["TakeawayWritten"]


def test_a_second_tab_of_ones_own_is_told_so(session, leila):
    write(session, leila)
    with pytest.raises(Changed, match="already kept in another tab"):
        write(session, leila, CardWords(insight="Mine"), seen=0)


def test_a_card_changed_while_it_was_read_is_not_confirmed(session, leila, amara):
    card = write(session, leila)
    write(session, leila, CardWords(insight="Something else"), seen=1)

    with pytest.raises(Changed, match="Look at it once more"):
        confirm(card, amara, seen=1)
    assert not Confirmation.objects.within(session.org).filter(person=amara).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_the_first_card_at_once_one_is_told(session, leila, amara):
    start, answers = threading.Barrier(2), []

    def writer(by):
        start.wait()
        try:
            answers.append(write(session, by, CardWords(insight=f"By {by.first_name}")).insight)
        except Changed as told:
            answers.append(told.status)
        finally:
            connection.close()

    threads = [threading.Thread(target=writer, args=[by]) for by in (leila, amara)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert answers.count(409) == 1
    assert Takeaway.objects.within(session.org).get().insight in answers


def test_a_card_is_written_once_they_talked(need, amara, leila):
    ahead = make_session(need, amara, AFTER + timedelta(hours=1))
    with pytest.raises(WrongState, match="once you have talked"):
        write(ahead, leila)

    released = make_session(need, amara, TALKED, status=Status.CANCELLED)
    with pytest.raises(WrongState):
        write(released, leila)

    running = make_session(need, amara, AFTER - timedelta(minutes=5))
    assert write(running, leila).version == 1


def test_strangers_learn_nothing(session, leila, commons):
    card, stranger = write(session, leila), PersonFactory(org=commons)
    action = card.actions.first()

    for attempt in (
        lambda: write(session, stranger, seen=1),
        lambda: confirm(card, stranger),
        lambda: services.let_quote(card=card, by=stranger, may_quote=False, now=AFTER),
        lambda: services.set_fate(action=action, by=stranger, fate="done", now=AFTER),
        lambda: queries.action_for(action.pk, of=session.pk, visible_to=stranger),
        lambda: queries.written_in(session, visible_to=stranger),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert queries.card_of(session, visible_to=stranger) is None


# --- quoting ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mine", "yours"), [(True, True), (True, False), (False, True), (False, False)])
def test_advice_is_quoted_only_when_both_allow_it(session, leila, amara, mine, yours):
    confirm(write(session, leila, may_quote=mine), amara, may_quote=yours)
    assert quotable(session) is (mine and yours)


def test_nothing_is_quoted_before_both_confirmed(session, leila):
    write(session, leila, may_quote=True)
    assert not quotable(session)


def test_either_side_takes_consent_back_at_once(session, leila, amara):
    for by in (leila, amara):
        card = queries.card_of(session, visible_to=leila) or write(session, leila, may_quote=True)
        services.let_quote(card=card, by=leila, may_quote=True, now=AFTER)
        confirm(card, amara, may_quote=True)
        assert quotable(session)

        services.let_quote(card=card, by=by, may_quote=False, now=AFTER)
        assert not quotable(session)
        assert news()[-1] == "TakeawayConfirmed"  # whoever keeps quotes looks again
        services.let_quote(card=card, by=by, may_quote=True, now=AFTER)
        assert quotable(session)


def test_changed_words_are_not_quoted_until_both_agreed_anew(session, leila, amara):
    confirm(write(session, leila, may_quote=True), amara, may_quote=True)
    card = write(session, leila, CardWords(insight="Other words"), seen=1, may_quote=True)

    assert not quotable(session)
    assert news()[-1] == "TakeawayConfirmed"
    with pytest.raises(WrongState, match="confirm it first"):
        services.let_quote(card=card, by=amara, may_quote=True, now=AFTER)
    services.let_quote(card=card, by=amara, may_quote=False, now=AFTER)
    assert not Confirmation.objects.within(session.org).get(person=amara).may_quote


# --- actions ---------------------------------------------------------------------------------------


def test_an_action_keeps_its_fate_when_the_card_changes(session, leila):
    card = write(session, leila)
    first, second = card.actions.all()
    services.set_fate(action=first, by=leila, fate="done", now=AFTER)
    services.set_fate(action=second, by=leila, fate="doing", now=AFTER)

    corrected = [
        ActionWords(text=BLOCK, known=second.pk),
        ActionWords(text=REVIEW + ", please", due=date(2026, 12, 3), known=first.pk),
        ActionWords(text="Ask who covers on-call"),
    ]
    write(session, leila, CardWords(insight=CARD.insight, actions=corrected), seen=1)

    rows = Action.objects.within(session.org).filter(takeaway=card)
    assert [(a.pk, a.text, a.fate) for a in rows[:2]] == [
        (second.pk, BLOCK, "doing"),
        (first.pk, REVIEW + ", please", "done"),
    ]
    assert (rows[2].text, rows[2].fate) == ("Ask who covers on-call", "open")


def test_another_sentence_in_an_old_row_is_a_new_action(session, leila):
    card = write(session, leila)
    first = card.actions.first()
    services.set_fate(action=first, by=leila, fate="done", now=AFTER)

    write(session, leila, CardWords(actions=[ActionWords(text="Call the bank", known=first.pk)]), seen=1)

    (only,) = Action.objects.within(session.org).filter(takeaway=card)
    assert (only.text, only.fate) == ("Call the bank", "open")
    assert only.pk != first.pk


@pytest.mark.parametrize("owner", ["mentee", "mentor"])
def test_whoever_took_it_on_says_what_became_of_it(session, leila, amara, owner):
    action = write(session, leila, CardWords(actions=[ActionWords(text="Write it down", owner=owner)])).actions.get()
    may, may_not = (leila, amara) if owner == "mentee" else (amara, leila)

    with pytest.raises(NotAllowed):
        services.set_fate(action=action, by=may_not, fate="done", now=AFTER)
    services.set_fate(action=action, by=may, fate="done", now=AFTER)
    action.refresh_from_db()
    assert (action.fate, action.fate_at) == ("done", AFTER)


def test_what_both_took_on_either_may_tick(session, leila, amara):
    action = write(session, leila, CardWords(actions=[ActionWords(text="Meet again", owner="both")])).actions.get()
    services.set_fate(action=action, by=amara, fate="done", now=AFTER)
    assert services.set_fate(action=action, by=leila, fate="open", now=AFTER).fate == "open"
    with pytest.raises(Invalid):
        services.set_fate(action=action, by=leila, fate="forgotten", now=AFTER)


# --- what a card may hold --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "field", "told"),
    [
        (CardWords(), "insight", "one sentence"),
        (CardWords(insight=" \x00 \n"), "insight", "one sentence"),
        (CardWords(insight="x" * 10_001), "insight", "That is 10,001 characters. Shorten it to 2,000."),
        (CardWords(insight="x", advice=[AdviceWords(text="y" * 2_001)]), "advice-0", "Shorten it to 2,000"),
        (CardWords(insight="x", advice=[AdviceWords(text="", applies_when="z")]), "advice-0", "Write the advice"),
        (CardWords(advice=[AdviceWords(text="y", applies_when="z" * 401)]), "when-0", "Shorten it to 400"),
        (CardWords(actions=[ActionWords(text="a"), ActionWords(text="b" * 401)]), "action-1", "Shorten it"),
        (CardWords(actions=[ActionWords(text="a", owner="landlord")]), "owner-0", "whose"),
        (CardWords(actions=[ActionWords(text="a", due=date(1, 1, 1))]), "due-0", "within five years"),
        (CardWords(actions=[ActionWords(text="a", due=date(9999, 12, 31))]), "due-0", "within five years"),
        (CardWords(actions=[ActionWords(text="a", due=HELD_ON - timedelta(days=2))]), "due-0", "after the session"),
        (CardWords(actions=[ActionWords(text=str(n)) for n in range(21)]), "insight", "20 actions at most"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(words, field, told):
    with pytest.raises(Invalid) as refused:
        services.checked(words, held_on=HELD_ON)
    assert told in refused.value.fields[field]


def test_any_script_is_kept_as_written_without_what_no_database_takes(session, leila):
    arabic, hebrew, family = "للدور نهاية\u200f", "\u05e9\u05dc\u05d5\u05dd", "👩\u200d👩\u200d👧"
    spoken = f"{arabic} \x00{hebrew} {family} e\u0301"
    card = write(session, leila, CardWords(insight=spoken, actions=[ActionWords(text="  "), ActionWords(text="اسأل")]))

    card.refresh_from_db()
    assert card.insight == f"{arabic} {hebrew} {family} é"
    assert [action.text for action in card.actions.all()] == ["اسأل"]


def test_a_day_of_the_other_sides_calendar_is_no_mistake():
    yesterday = CardWords(actions=[ActionWords(text="a", due=HELD_ON - timedelta(days=1))])
    assert services.checked(yesterday, held_on=HELD_ON).actions == yesterday.actions


# --- filled in beforehand --------------------------------------------------------------------------


def notes(session, text):
    return Notes.objects.create(org=session.org, session=session, text=text, saved_at=AFTER)


def test_a_card_is_filled_in_from_notes_and_chat(session, leila, amara):
    notes(session, "Fear is losing Tuesdays\n- Leila sends Marek the draft by Monday 30 November")
    for who, text in ((leila, "Thank you"), (amara, "I will send you the template by Friday")):
        ChatLine.objects.create(org=session.org, session=session, person=who, text=text, at=AFTER)

    written = queries.written_in(session, visible_to=leila)
    card = queries.proposed(session, written, held_on=HELD_ON)

    assert [said.who for said in written.chat] == ["mentee", "mentor"]
    assert [(a.owner, a.due) for a in card.actions] == [
        ("mentee", date(2026, 11, 30)),
        ("mentor", date(2026, 11, 27)),
    ]
    assert "draft" in card.actions[0].text
    assert services.checked(card, held_on=HELD_ON) == card


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- Leila sends " + "the long draft " * 4_000 + " by Friday",
        "\n".join(f"- Leila sends letter {n} by Friday" for n in range(60)),
    ],
)
def test_whatever_stands_in_the_notes_gives_a_card_that_could_be_kept(session, leila, text):
    notes(session, text)
    written = queries.written_in(session, visible_to=leila)
    card = queries.proposed(session, written, held_on=HELD_ON)

    assert len(card.actions) <= services.MOST_ACTIONS
    if card.actions:
        assert services.checked(card, held_on=HELD_ON).actions == card.actions


# --- what became of it -----------------------------------------------------------------------------


def test_what_became_of_the_advice_counts_only_what_we_know(commons, amara, now):
    def given(start, *, verdict="", card=None, helped=None):
        need = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
        held = make_session(need, amara, start, status=Status.ENDED)
        if verdict:
            HowKept.objects.create(org=commons, session=held, word=verdict, facts={}, rule=1, judged_at=start)
        if card:
            written = write(held, need.mentee, CardWords(insight="x", actions=[ActionWords(text="y")]))
            Action.objects.within(commons).filter(takeaway=written).update(fate=card)
        if helped is not None:
            say_how_it_helped(session=held, by=need.mentee, quarters=helped, now=AFTER)

    start = TALKED - timedelta(days=3)
    given(start, verdict="held")
    given(start + timedelta(hours=1), card="done")
    given(start + timedelta(hours=2), verdict="unknown", card="doing")
    given(start + timedelta(hours=3), helped=0)
    given(start + timedelta(hours=4), verdict="missed by mentee", card="done")
    given(start + timedelta(hours=5))

    assert queries.outcomes_of(amara, org=commons) == queries.Outcomes(met=4, acted=1, unknown=1)
    elsewhere = Organisation.objects.create(name="Elsewhere", slug="elsewhere")
    assert queries.outcomes_of(amara, org=elsewhere) == queries.Outcomes(met=0, acted=0, unknown=0)


def test_a_card_costs_the_same_however_long(session, leila, django_assert_num_queries):
    many = CardWords(insight="x", actions=[ActionWords(text=str(n)) for n in range(20)])
    write(session, leila, many)
    with django_assert_num_queries(5):  # organisations of the reader, card, advice, actions, confirmations
        services.words_of(queries.card_of(session, visible_to=leila))


@pytest.mark.parametrize(
    ("minutes", "keeps", "step"),
    [(12, None, "booked"), (12, "amara", "booked"), (12, "leila", "met"), (25, None, "met"), (39, None, "met")],
)
def test_a_question_moves_on_once_its_card_is_kept_or_the_time_is_over(need, amara, leila, minutes, keeps, step):
    now = TALKED + timedelta(minutes=minutes)
    session = make_session(need, amara, TALKED)
    if keeps:
        write(session, {"amara": amara, "leila": leila}[keeps], now=now)
    stands = queries.standings([need], visible_to=leila, now=now)[need.pk]
    assert (stands.at, stands.session, stands.actions) == (step, session, 2 if keeps == "leila" else 0)


def test_what_was_done_counts_while_the_room_is_open_still(need, amara, leila):
    now = TALKED + timedelta(minutes=30)
    card = write(make_session(need, amara, TALKED), leila, now=now)
    Action.objects.within(need.org).filter(takeaway=card, text=BLOCK).update(fate=Action.Fate.DONE)
    assert queries.standings([need], visible_to=leila, now=now)[need.pk].at == "acted"


def test_a_card_that_changed_since_is_not_kept(session, leila, amara):
    card = write(session, leila)
    confirm(card, amara)
    assert queries.kept_by(leila, [session], now=AFTER) == queries.kept_by(amara, [session], now=AFTER) == {session.pk}
    write(session, amara, CardWords(insight="Something else."), seen=1)
    assert queries.kept_by(leila, [session], now=AFTER) == set()
