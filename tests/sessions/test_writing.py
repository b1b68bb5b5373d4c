"""A question answered in writing: who may be asked, how it ends once, and that it counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.core import outbox
from quarterhour.core.errors import Invalid, NotAllowed, NotFound
from quarterhour.core.models import OutboxEvent
from quarterhour.needs.events import NeedClosed
from quarterhour.needs.models import Need
from quarterhour.needs.services import close
from quarterhour.people.models import Membership, Profile
from quarterhour.people.services import pause
from quarterhour.sessions import apart, services, writing
from quarterhour.sessions.freedom import SpanTaken
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.now import talk_now
from quarterhour.sessions.quotas import TooManyAsks, quota_of
from quarterhour.sessions.rules import WrongState
from quarterhour.sessions.writing_models import WrittenAsk
from quarterhour.trust.queries import helped_by

DAY = timedelta(days=1)
AT_TEN = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)  # 11:00 in Lagos


@pytest.fixture
def need(leila, commons):
    return NeedFactory(mentee=leila, org=commons)


@pytest.fixture
def ask(need, amara, now):
    return writing.ask_in_writing(need=need, mentor=amara, by=need.mentee, now=now)


def told(name: str) -> int:
    return OutboxEvent.objects.filter(name=name).count()


def helped(mentor, org) -> tuple[int, int]:
    """How many of how many said that it helped."""
    known = helped_by([mentor.pk], org=org)[mentor.pk]
    return known.helped, known.of


def state_of(ask) -> str:
    return WrittenAsk.objects.within(ask.org_id).get(pk=ask.pk).state


def test_a_question_is_answered_in_writing_and_it_helped(ask, amara, leila, commons, now):
    assert (ask.state, ask.answer_by) == ("asked", now + 2 * DAY)
    assert writing.to_answer(amara, org=commons, now=now) == [ask]

    writing.answer(ask=ask, text="  Put a review date in the offer.\x00\r\n", by=amara, now=now, would_talk=True)
    (answered,) = writing.written_of(ask.need_id, visible_to=leila)
    assert (answered.state, answered.answer) == ("answered", "Put a review date in the offer.")
    assert answered.would_talk
    assert writing.to_answer(amara, org=commons, now=now) == []

    writing.say_it_helped(ask=answered, quarters=1, by=leila, now=now)
    writing.say_it_helped(ask=answered, quarters=4, by=leila, now=now)
    assert (helped_by([amara.pk], org=commons)[amara.pk].of, helped_by([amara.pk], org=commons)[amara.pk].helped) == (
        1,
        1,
    )
    assert {name: told(name) for name in ("WrittenAsked", "WrittenAnswered", "WrittenHelped")} == {
        "WrittenAsked": 1, "WrittenAnswered": 1, "WrittenHelped": 2,
    }  # fmt: skip


def test_what_helped_in_writing_is_counted_beside_sessions(ask, amara, leila, commons, now):
    from quarterhour.trust.models import Helpfulness

    session = make_session(NeedFactory(mentee=leila, org=commons), amara, now - DAY, status="ended")
    Helpfulness.objects.create(org=commons, session=session, rater=leila, quarters=1, at=now)
    writing.answer(ask=ask, text="Yes.", by=amara, now=now)
    writing.say_it_helped(ask=ask, quarters=3, by=leila, now=now)

    assert (helped_by([amara.pk], org=commons)[amara.pk].of, helped_by([amara.pk], org=commons)[amara.pk].helped) == (
        2,
        1,
    )
    assert helped_by([amara.pk], org=commons, until=now) == {}


def test_helped_by_is_one_query(ask, amara, commons, now, django_assert_num_queries):
    with django_assert_num_queries(1):
        helped_by([amara.pk], org=commons)


@pytest.mark.parametrize("text", ["", "   \n ", "\x00\x07"])
def test_an_answer_of_nothing_is_refused_kindly(ask, amara, now, text):
    with pytest.raises(Invalid, match="Write an answer first"):
        writing.answer(ask=ask, text=text, by=amara, now=now)


def test_ten_thousand_characters_are_enough(ask, amara, now):
    with pytest.raises(Invalid) as refused:
        writing.answer(ask=ask, text="x" * 10_001, by=amara, now=now)
    assert refused.value.fields == {"answer": "That is 10,001 characters. Shorten it to 10,000."}
    assert len(writing.answer(ask=ask, text="x" * 10_000, by=amara, now=now).answer) == 10_000


def test_whoever_is_away_apart_or_no_mentor_is_not_asked(need, amara, leila, commons, now):
    def refused(mentor, by=leila):
        with pytest.raises(NotAllowed) as error:
            writing.ask_in_writing(need=need, mentor=mentor, by=by, now=now)
        return error.value.told

    assert refused(PersonFactory(org=commons)).endswith("cannot be asked at the moment. Choose somebody else.")
    assert refused(leila) == "That is you. Choose somebody else."
    assert refused(amara, by=amara) == "Only the person whose question it is can ask somebody."
    away = MentorFactory(org=commons)
    pause(person=away, org=commons, until=now.date() + 3 * DAY, now=now, today=now.date())
    assert "cannot be asked" in refused(away)
    gone = MentorFactory(org=commons, is_active=False)
    assert "cannot be asked" in refused(gone)
    apart.block(other=leila, by=amara, org=commons, now=now)
    assert refused(amara) == f"{amara.called} cannot be asked at the moment. Choose somebody else."
    assert told("WrittenAsked") == 0


def test_nobody_of_another_organisation_is_asked(need, leila, now):
    from quarterhour.core.models import Organisation

    elsewhere = Organisation.objects.create(name="Elsewhere", slug="elsewhere")
    with pytest.raises(NotAllowed):
        writing.ask_in_writing(need=need, mentor=MentorFactory(org=elsewhere), by=leila, now=now)
    assert not Membership.objects.filter(org=elsewhere, person=leila).exists()


def test_a_question_goes_to_a_mentor_once(need, ask, amara, leila, now):
    with pytest.raises(NotAllowed, match="has not answered yet"):
        writing.ask_in_writing(need=need, mentor=amara, by=leila, now=now)
    writing.decline(ask=ask, by=amara, now=now, note="No time this week")
    with pytest.raises(NotAllowed, match="has had your question already"):
        writing.ask_in_writing(need=need, mentor=amara, by=leila, now=now)


def test_what_was_taken_back_may_be_asked_again(need, ask, amara, leila, now):
    writing.take_back(ask=ask, by=leila, now=now)
    assert writing.written_of(need.pk, visible_to=leila) == []
    assert writing.ask_in_writing(need=need, mentor=amara, by=leila, now=now).state == "asked"


def test_a_mentor_who_is_asked_for_a_time_is_not_asked_in_writing_too(need, amara, leila, now):
    make_session(need, amara, now + DAY, status="asked")
    with pytest.raises(NotAllowed, match="has your question already"):
        writing.ask_in_writing(need=need, mentor=amara, by=leila, now=now)


@pytest.mark.parametrize("how", ["booked", "held, then booked", "now"])
@pytest.mark.parametrize("confirm", ["instant", "ask"])
def test_whoever_is_asked_for_a_time_has_it_in_writing_no_more(need, ask, amara, leila, commons, now, how, confirm):
    Profile.objects.within(commons).filter(person=amara).update(confirm=confirm)
    other = writing.ask_in_writing(need=need, mentor=MentorFactory(org=commons), by=leila, now=now)
    time = {"need": need, "mentor": amara, "start": AT_TEN, "minutes": 25, "by": leila, "now": now}
    if how == "now":
        session = talk_now(need=need, mentor=amara, minutes=25, now=now)
    elif how == "booked":
        session = services.book(**time)
    else:
        held = services.hold(**time)
        assert state_of(ask) == "asked"
        session = services.confirm(session=held, by=leila, now=now)

    assert session.status == ("asked" if confirm == "ask" and how != "now" else "confirmed")
    assert (state_of(ask), state_of(other), told("WrittenTakenBack")) == ("withdrawn", "asked", 1)
    assert writing.to_answer(amara, org=commons, now=now) == []


def test_a_time_that_is_taken_leaves_the_question_in_writing(need, ask, amara, leila, commons, now):
    make_session(NeedFactory(mentee=PersonFactory(org=commons), org=commons), amara, AT_TEN)
    with pytest.raises(SpanTaken):
        services.book(need=need, mentor=amara, start=AT_TEN, minutes=25, by=leila, now=now)
    assert (state_of(ask), told("WrittenTakenBack")) == ("asked", 0)


def test_the_third_of_three_may_become_a_request_for_a_time(need, ask, amara, leila, commons, now):
    Profile.objects.within(commons).filter(person=amara).update(confirm="ask")
    for _ in range(2):
        writing.ask_in_writing(need=need, mentor=MentorFactory(org=commons), by=leila, now=now)
    assert services.book(need=need, mentor=amara, start=AT_TEN, minutes=25, by=leila, now=now).status == "asked"
    assert quota_of(leila, org=commons, now=now).open == 3


def test_a_question_that_is_over_is_not_asked(need, amara, leila, now):
    close(need, now=now)
    with pytest.raises(Invalid, match="This question is over"):
        writing.ask_in_writing(need=need, mentor=amara, by=leila, now=now)


def test_requests_and_questions_in_writing_share_one_quota(leila, amara, commons, now):
    make_session(NeedFactory(mentee=leila, org=commons), amara, now + DAY, status="asked")
    for _ in range(2):
        need = NeedFactory(mentee=leila, org=commons)
        writing.ask_in_writing(need=need, mentor=MentorFactory(org=commons), by=leila, now=now)
    assert quota_of(leila, org=commons, now=now).told == "3 of 3 open, 3 of 5 this week"
    with pytest.raises(TooManyAsks, match="Three of your requests wait"):
        writing.ask_in_writing(
            need=NeedFactory(mentee=leila, org=commons), mentor=MentorFactory(org=commons), by=leila, now=now
        )


def test_a_quota_is_one_query(leila, commons, now, ask, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert quota_of(leila, org=commons, now=now).open == 1


def test_after_48_hours_it_is_closed_once(ask, amara, now):
    assert writing.expire(now=now + 2 * DAY - timedelta(seconds=1)) == 0
    with pytest.raises(WrongState, match="time to answer is over"):
        writing.answer(ask=ask, text="Late.", by=amara, now=now + 2 * DAY)
    assert writing.expire(now=now + 2 * DAY) == 1
    assert writing.expire(now=now + 2 * DAY) == 0
    assert (state_of(ask), told("WrittenDeclined")) == ("expired", 1)
    with pytest.raises(WrongState, match="The time to answer is over"):
        writing.decline(ask=ask, by=amara, now=now + 2 * DAY)


def test_it_ends_once_and_by_its_own_people(ask, amara, leila, commons, now):
    stranger = PersonFactory(org=commons)
    for deed in (
        lambda: writing.answer(ask=ask, text="x", by=stranger, now=now),
        lambda: writing.decline(ask=ask, by=stranger, now=now),
        lambda: writing.take_back(ask=ask, by=stranger, now=now),
        lambda: writing.say_it_helped(ask=ask, quarters=2, by=stranger, now=now),
        lambda: writing.written_for(ask.pk, visible_to=stranger),
    ):
        with pytest.raises(NotFound):
            deed()
    for deed in (
        lambda: writing.answer(ask=ask, text="x", by=leila, now=now),
        lambda: writing.decline(ask=ask, by=leila, now=now),
        lambda: writing.take_back(ask=ask, by=amara, now=now),
        lambda: writing.say_it_helped(ask=ask, quarters=2, by=amara, now=now),
    ):
        with pytest.raises(NotAllowed):
            deed()
    with pytest.raises(Invalid, match="no answer yet"):
        writing.say_it_helped(ask=ask, quarters=2, by=leila, now=now)
    with pytest.raises(Invalid, match="one of the five"):
        writing.say_it_helped(ask=ask, quarters=5, by=leila, now=now)
    writing.take_back(ask=ask, by=leila, now=now)
    with pytest.raises(WrongState, match="taken back"):
        writing.answer(ask=ask, text="x", by=amara, now=now)


def test_whoever_is_kept_apart_is_asked_no_more(ask, amara, leila, commons, now):
    apart.block(other=amara, by=leila, org=commons, now=now)
    assert (state_of(ask), told("WrittenTakenBack")) == ("withdrawn", 1)
    assert writing.to_answer(amara, org=commons, now=now) == []


def test_a_question_that_is_closed_is_in_nobodys_hands(ask, need, amara, leila, commons, now):
    other = writing.ask_in_writing(need=need, mentor=MentorFactory(org=commons), by=leila, now=now)
    writing.decline(ask=other, by=other.mentor, now=now)
    elsewhere = writing.ask_in_writing(need=NeedFactory(mentee=leila, org=commons), mentor=amara, by=leila, now=now)

    close(need, now=now)
    assert writing.to_answer(amara, org=commons, now=now) == [elsewhere]
    outbox.drain(now=now)
    assert (state_of(ask), state_of(other), state_of(elsewhere)) == ("withdrawn", "declined", "asked")

    close(need, now=now)
    writing.need_closed(NeedClosed(org_id=commons.pk, need_id=need.pk), now=now)
    assert (told("NeedClosed"), told("WrittenTakenBack")) == (1, 1)


def test_a_question_that_was_opened_again_meanwhile_stays_asked(ask, need, commons, now):
    close(need, now=now)
    Need.objects.within(commons).filter(pk=need.pk).update(closed_at=None)
    outbox.drain(now=now)
    assert state_of(ask) == "asked"


@pytest.mark.django_db(transaction=True)
def test_answer_no_taking_back_and_the_timer_at_once_end_it_once(commons, now, at_once):
    mentor, mentee = MentorFactory(org=commons), PersonFactory(org=commons)
    for _round in range(8):
        need = NeedFactory(mentee=mentee, org=commons)
        ask = writing.ask_in_writing(need=need, mentor=mentor, by=mentee, now=now - 3 * DAY * (_round % 2))
        WrittenAsk.objects.within(commons).filter(pk=ask.pk).update(asked_at=now - 30 * DAY)
        before = OutboxEvent.objects.exclude(name="WrittenAsked").count()
        deeds = [
            lambda a=ask: writing.answer(ask=a, text="Yes.", by=mentor, now=now),
            lambda a=ask: writing.decline(ask=a, by=mentor, now=now),
            lambda a=ask: writing.take_back(ask=a, by=mentee, now=now),
            lambda: writing.expire(now=now),
        ]
        at_once(deeds * 3)
        assert OutboxEvent.objects.exclude(name="WrittenAsked").count() == before + 1
        assert state_of(ask) != "asked"


@pytest.mark.django_db(transaction=True)
def test_answered_booked_and_closed_at_once_it_ends_once_and_nobody_waits_for_ever(commons, now, at_once):
    for _round in range(6):
        mentor, mentee = MentorFactory(org=commons), PersonFactory(org=commons)
        need = NeedFactory(mentee=mentee, org=commons)
        ask = writing.ask_in_writing(need=need, mentor=mentor, by=mentee, now=now)
        time = {"mentor": mentor, "start": AT_TEN, "minutes": 25, "by": mentee, "now": now}
        ends = OutboxEvent.objects.filter(name__in=("WrittenAnswered", "WrittenTakenBack"))
        before = ends.count()
        deeds = [
            lambda a=ask, m=mentor: writing.answer(ask=a, text="Yes.", by=m, now=now),
            lambda n=need, t=time: services.book(need=n, **t),
            lambda a=ask, m=mentee: writing.take_back(ask=a, by=m, now=now),
            lambda n=need: (
                close(n, now=now),
                writing.need_closed(NeedClosed(org_id=commons.pk, need_id=n.pk), now=now),
            ),
        ]
        at_once(deeds * 2)
        assert ends.count() == before + 1
        assert state_of(ask) in {"answered", "withdrawn"}
        assert MentoringSession.objects.within(commons).filter(need=need, status="confirmed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_asked_many_times_at_once_it_is_one_question_and_within_the_quota(commons, now, at_once):
    mentee, mentors = PersonFactory(org=commons), [MentorFactory(org=commons) for _ in range(6)]
    need = NeedFactory(mentee=mentee, org=commons)
    deeds = [lambda m=m: writing.ask_in_writing(need=need, mentor=m, by=mentee, now=now) for m in mentors * 2]

    def refused(deed):
        def _deed():
            try:
                return deed()
            except NotAllowed as error:
                return error

        return _deed

    answers = at_once([refused(deed) for deed in deeds])

    kept = [each for each in answers if isinstance(each, WrittenAsk)]
    assert len(kept) == len({each.mentor_id for each in kept}) == 3
    assert WrittenAsk.objects.within(commons).count() == 3
