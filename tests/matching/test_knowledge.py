"""Words of advice that others find: both allow it, the author presses, and taking it back holds at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.advice import services as cards
from quarterhour.advice.models import AdvicePiece
from quarterhour.advice.services import AdviceWords, CardWords
from quarterhour.core.errors import Invalid, NotAllowed, NotFound
from quarterhour.core.models import Organisation
from quarterhour.matching.knowledge import sharing
from quarterhour.matching.knowledge.searching import asked_alike, look_for, own_pieces, shown_now
from quarterhour.matching.knowledge_models import SharedPiece, Tried
from quarterhour.needs.models import NeedTopic
from quarterhour.people.models import Block, Skill
from quarterhour.sessions.models import Notes, Status
from quarterhour.sessions.rules import WrongState
from quarterhour.trust.models import Helpfulness

pytestmark = pytest.mark.django_db

TALKED = datetime(2026, 11, 25, 10, 15, tzinfo=UTC)
LATER = TALKED + timedelta(hours=1)
SAID = "Put the way back in writing while they still want you. A review date makes stepping back a clause."
WHEN = "The team is small and your manager agrees to a date"


@pytest.fixture
def session(leila, amara, commons):
    return make_session(NeedFactory(mentee=leila, org=commons), amara, TALKED, status=Status.ENDED)


@pytest.fixture
def reader(commons):
    return PersonFactory(name="Rafaela Quill", org=commons)


def card_of(session, *, text=SAID, when=WHEN):
    """A card both confirmed."""
    words = CardWords(insight="x", advice=[AdviceWords(text=text, applies_when=when)])
    told = {"may_quote": False, "now": LATER}
    card = cards.write_card(session=session, by=session.mentee, words=words, seen=0, held_on=TALKED.date(), **told)
    return cards.confirm_card(card=card, by=session.mentor, seen=1, **told)


def allow(card, *people):
    for person in people:
        sharing.let_find(card=card, by=person, allowed=True, now=LATER)


def press(session, text=None, when=None, keep=()):
    """The author shares the first piece, in the words proposed or in these."""
    (first, *_) = sharing.proposals(session, visible_to=session.mentor)
    return sharing.share(
        piece_id=first.piece.pk, session=session, by=session.mentor, text=first.text if text is None else text,
        applies_when=first.when if when is None else when, keep=keep, now=LATER,
    )  # fmt: skip


def shared(session, **words):
    card = card_of(session, **words)
    allow(card, session.mentor, session.mentee)
    return press(session)


def found(reader, org, text="how do I step back from being a lead"):
    return look_for(text, reader=reader, org=org, now=LATER).pieces


def said(piece) -> str:
    return "".join(text for text, _ in piece.parts)


# --- consent ---------------------------------------------------------------------------------------


def test_nothing_is_found_before_both_allow_it_and_the_author_presses(session, reader, commons):
    card = card_of(session)
    assert found(reader, commons) == []
    allow(card, session.mentor)
    press(session)
    assert found(reader, commons) == [], "the mentee has not allowed it"
    allow(card, session.mentee)

    (piece,) = found(reader, commons)
    assert said(piece) == SAID


def test_the_author_presses_only_after_allowing_it_on_the_card(session):
    card = card_of(session)
    allow(card, session.mentee)

    with pytest.raises(WrongState):
        press(session)


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_either_side_takes_it_back_at_once(session, reader, commons, side):
    piece = shared(session)
    card = piece.piece.takeaway

    sharing.let_find(card=card, by=getattr(session, side), allowed=False, now=LATER)

    assert found(reader, commons) == []
    assert asked_alike(session.need.text, reader=reader, org=commons) == 0
    assert not SharedPiece.objects.within(commons).exists(), "its words are gone, not hidden"


def test_consent_is_given_to_words_one_has_seen(session):
    card = card_of(session)
    words = CardWords(insight="y", advice=[AdviceWords(text="Wait.")])
    cards.write_card(
        session=session, by=session.mentor, words=words, seen=1, may_quote=False, held_on=TALKED.date(), now=LATER
    )

    with pytest.raises(WrongState):
        allow(card, session.mentee)


def test_a_changed_card_is_not_found_until_both_allow_it_again(session, reader, commons):
    piece = shared(session)
    words = CardWords(insight="x", advice=[AdviceWords(text=SAID + " And sign it.", applies_when=WHEN)])
    card = cards.write_card(
        session=session, by=session.mentor, words=words, seen=1, may_quote=False, held_on=TALKED.date(), now=LATER
    )
    assert found(reader, commons) == []

    cards.confirm_card(card=card, by=session.mentee, seen=2, may_quote=False, now=LATER)
    allow(card, session.mentor, session.mentee)
    assert found(reader, commons) == [], "the words shared are those of the card before"
    assert press(session).pk == piece.pk
    assert len(found(reader, commons)) == 1


def test_strangers_neither_allow_nor_share_nor_look_at_what_would_be_shown(session, reader):
    card = card_of(session)

    with pytest.raises(NotFound):
        sharing.let_find(card=card, by=reader, allowed=True, now=LATER)
    for person in (reader, session.mentee):
        with pytest.raises(NotFound):
            sharing.proposals(session, visible_to=person)


# --- the words -------------------------------------------------------------------------------------


def test_only_words_the_author_saw_are_shared(session, reader, commons):
    card = card_of(session)
    allow(card, session.mentor, session.mentee)

    typed = "Ask Leila before you sign, leila@town.example."
    with pytest.raises(sharing.NotClean):
        press(session, text=typed)

    (first,) = sharing.proposals(session, visible_to=session.mentor)
    again = sharing.look_again(first, session=session, text=typed, when="", keep=[])
    assert again.text == "Ask somebody before you sign, an address."
    assert not SharedPiece.objects.within(commons).exists()


def test_a_doubt_stays_out_unless_the_author_keeps_it_and_a_name_always(session):
    card = card_of(session, text="Ask Zorblatt and Leila before you sign.")
    allow(card, session.mentor)
    (proposal,) = sharing.proposals(session, visible_to=session.mentor)

    assert proposal.doubts == ["Zorblatt"]
    kept = press(session, text="Ask Zorblatt and somebody before you sign.", keep=["Zorblatt", "Leila"])
    assert kept.text == "Ask Zorblatt and somebody before you sign."
    with pytest.raises(sharing.NotClean):
        press(session, text="Ask Zorblatt and Leila before you sign.", keep=["Zorblatt", "Leila"])


def test_members_and_whoever_speaks_in_the_notes_are_known_by_name(session, commons):
    PersonFactory(name="Marcus Holt", org=commons)
    Notes.objects.create(org=commons, session=session, text="Grace: ask twice\nso it is", saved_at=LATER)
    card_of(session, text="Marcus did it so. Grace too.")

    (proposal,) = sharing.proposals(session, visible_to=session.mentor)

    assert proposal.text == "Somebody did it so. Somebody too."


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "   ",
        "\u202e",
        "x" * 10_000,
        "A" + "\u0301" * 5_000,
        "' OR 1=1 --",
        "<script>x</script>",
        "请问阿玛拉",
        "𝕏",
    ],
)
def test_any_words_are_shared_as_text_or_refused_with_a_sentence(session, text):
    card = card_of(session)
    allow(card, session.mentor)

    told, shown = "", text
    try:
        shown = press(session, text=text, when="").text
    except Invalid as refused:
        told = refused.told

    assert told.endswith(".") if told else shown == text


# --- who finds it ----------------------------------------------------------------------------------


def test_nobody_of_another_organisation_finds_it(session, reader):
    shared(session)
    elsewhere = Organisation.objects.create(name="Elsewhere", slug="elsewhere")
    stranger = PersonFactory(org=elsewhere)

    assert found(stranger, elsewhere) == []
    assert found(stranger, session.org) == []
    assert found(reader, elsewhere) == []


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_who_is_gone_or_apart_takes_their_advice_along(session, reader, commons, side):
    shared(session)
    person = getattr(session, side)
    assert len(found(reader, commons)) == 1

    block = Block.objects.create(org=commons, blocker=person, blocked=reader, created_at=LATER)
    assert found(reader, commons) == []
    Block.objects.within(commons).filter(pk=block.pk).delete()
    Block.objects.create(org=commons, blocker=session.mentee, blocked=session.mentor, created_at=LATER)
    assert found(reader, commons) == []
    Block.objects.within(commons).delete()
    person.is_active = False
    person.save()
    assert found(reader, commons) == []
    person.is_active = True
    person.save()
    person.memberships.all().delete()
    assert found(reader, commons) == []


def test_typing_errors_are_forgiven_and_words_found_are_marked(session, reader, commons):
    shared(session)

    looked = look_for("reviw date", reader=reader, org=commons, now=LATER)

    assert looked.meant == "review date"
    assert [text for text, is_marked in looked.pieces[0].parts if is_marked] == ["review", "date"]


def test_what_is_about_something_else_is_not_found(session, reader, commons):
    shared(session)

    assert found(reader, commons, "sourdough starter dies in winter") == []


def test_one_telling_word_of_a_question_finds_nothing_that_is_about_something_else(leila, amara, reader, commons):
    need = NeedFactory(mentee=leila, org=commons, text="My neck hurts after an hour at the desk. What helps?")
    session = make_session(need, amara, TALKED, status=Status.ENDED)
    shared(session, text="Raise your screen by a hand's width.", when="Your neck hurts")

    assert found(reader, commons, "How do I ask for a raise?") == []
    assert len(found(reader, commons, "raise")) == 1  # who types one word looks for that word


def test_a_question_like_it_is_told_by_how_many_people_asked(session, reader, commons, leila):
    shared(session)
    again = make_session(
        NeedFactory(mentee=leila, org=commons), MentorFactory(org=commons), TALKED, status=Status.ENDED
    )
    shared(again)
    other = make_session(
        NeedFactory(mentee=PersonFactory(org=commons), org=commons), MentorFactory(org=commons), TALKED,
        status=Status.ENDED,
    )  # fmt: skip
    shared(other)

    assert asked_alike("I was offered the lead role and fear losing the building", reader=reader, org=commons) == 2
    assert asked_alike("I was offered the lead role and fear losing the building", reader=leila, org=commons) == 1
    assert asked_alike("sourdough starter dies in winter", reader=reader, org=commons) == 0


def test_facets_count_what_they_would_leave(session, reader, commons):
    shared(session)
    old = make_session(NeedFactory(mentee=PersonFactory(org=commons), org=commons), MentorFactory(org=commons), TALKED)
    row = shared(old)
    row.piece.takeaway.written_at = LATER - timedelta(days=800)
    row.piece.takeaway.save()

    looked = look_for("", reader=reader, org=commons, now=LATER)
    assert {each.key: each.count for each in looked.facets} == {"year": 1}
    assert looked.total == 2
    assert len(look_for("", reader=reader, org=commons, only=["year"], now=LATER).pieces) == 1
    assert look_for("", reader=reader, org=commons, only=["no such"], now=LATER).pieces == []


# --- how often it helped ---------------------------------------------------------------------------


def test_no_answer_is_told_before_there_are_three(session, commons):
    row = shared(session)
    Helpfulness.objects.create(org=commons, session=session, rater=session.mentee, quarters=4, at=LATER)
    one, two, looker = (PersonFactory(org=commons) for _ in range(3))
    assert found(looker, commons)[0].told.of == 0

    sharing.say_tried(shared_id=row.pk, by=one, helped=True, now=LATER)
    assert found(looker, commons)[0].told.of == 0, "two people: the session's own and a reader"
    sharing.say_tried(shared_id=row.pk, by=two, helped=False, reason="Too late in the year.", now=LATER)

    told = found(looker, commons)[0].told
    assert (told.helped, told.of, told.early) == (2, 3, True)


def test_one_answer_a_person_that_can_change_and_be_taken_back(session, reader, commons):
    row = shared(session)
    for helped in (True, False, False):
        sharing.say_tried(shared_id=row.pk, by=reader, helped=helped, now=LATER)
    assert list(Tried.objects.visible_to(reader).values_list("helped", flat=True)) == [False]

    sharing.say_tried(shared_id=row.pk, by=reader, helped=None, now=LATER)

    assert not Tried.objects.visible_to(reader).exists()


def test_the_two_who_talked_do_not_answer_as_readers(session):
    row = shared(session)
    for person in (session.mentor, session.mentee):
        with pytest.raises(NotAllowed):
            sharing.say_tried(shared_id=row.pk, by=person, helped=True, now=LATER)


def test_for_whom_it_did_not_is_cleaned_and_told_from_three_people_on(session, commons):
    row = shared(session)
    people = [PersonFactory(org=commons) for _ in range(3)]
    for n, person in enumerate(people):
        reason = f"Not where Amara is the boss, {'abc'[n]}@x.example."
        sharing.say_tried(shared_id=row.pk, by=person, helped=False, reason=reason, now=LATER)
        told = found(PersonFactory(org=commons), commons)[0].reasons
        assert told == ([] if n < 2 else ["Not where somebody is the boss, an address."])


def test_nobody_answers_about_what_they_may_not_read(session):
    row = shared(session)

    with pytest.raises(NotFound):
        sharing.say_tried(shared_id=row.pk, by=PersonFactory(), helped=True, now=LATER)


# --- the author's own ------------------------------------------------------------------------------


def test_the_author_alone_takes_a_piece_out(session, reader, commons):
    row = shared(session)
    assert [each.pk for each in own_pieces(session.mentor)] == [row.pk]
    assert shown_now([row]) == {row.pk}
    with pytest.raises(NotFound):
        sharing.take_out(shared_id=row.pk, by=session.mentee)

    sharing.take_out(shared_id=row.pk, by=session.mentor)

    assert found(reader, commons) == []
    assert AdvicePiece.objects.within(commons).exists(), "the card keeps it"


@pytest.mark.parametrize("many", [1, 4])
def test_looking_costs_the_same_however_much_there_is(many, reader, commons, django_assert_num_queries):
    leading = Skill.objects.create(pk="leading", label="Leading", area="work", spellings="leading")
    for _ in range(many):
        need = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
        NeedTopic.objects.create(org=commons, need=need, skill=leading)
        shared(make_session(need, MentorFactory(org=commons), TALKED, status=Status.ENDED))
    reader.org_ids  # noqa: B018 - read once a request

    # pieces, tried, mentees' answers, topics of the questions, authors' levels, boards
    with django_assert_num_queries(6):
        assert len(found(reader, commons)) == many
    with django_assert_num_queries(2):  # what is close, and what of it this reader may read
        asked_alike("I was offered the lead role and fear losing the building", reader=reader, org=commons)
    with django_assert_num_queries(1):  # nothing is close
        assert asked_alike("Which paint keeps on a wet wall?", reader=reader, org=commons) == 0
