"""The waitlist: a time that comes free is kept for who is next, and goes on until somebody takes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.double_booking import assert_nobody_is_booked_twice_or_half
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.availability.events import AvailabilityChanged
from quarterhour.availability.models import Availability
from quarterhour.core import events, outbox
from quarterhour.core.errors import Invalid, NotAllowed
from quarterhour.core.models import OutboxEvent
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.matching.models import FreedTime, Waiter
from quarterhour.matching.waitlist.joining import join, leave, pass_on, take
from quarterhour.matching.waitlist.queries import kept_time, standing, waiter_for
from quarterhour.matching.waitlist.serving import SILENCE, move_on, serve
from quarterhour.needs.services import close
from quarterhour.people import services as people
from quarterhour.people.models import Skill, Topic
from quarterhour.sessions import services
from quarterhour.sessions.models import MentoringSession, Status

pytestmark = pytest.mark.django_db

SKILL = "moving-into-management"
AT_TEN = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
HOLD = timedelta(minutes=15)
ONE_QUARTER = {"thu": [["10:00", "10:25"]]}


@pytest.fixture
def mentor(commons):
    """Amara gives one quarter of an hour today, at ten in Lisbon, and nothing else this week."""
    return a_mentor("Amara Okafor", commons)


def a_mentor(name, org, weekly=None, **given):
    found = MentorFactory(name=name, org=org, weekly=weekly or ONE_QUARTER, rules={"horizon_days": 3}, **given)
    Skill.objects.update_or_create(pk=SKILL, defaults={"label": "x", "area": "x", "spellings": "x"})
    Topic.objects.within(org).update(skill=SKILL)
    index_mentors(org=org, mentor_ids=[found.pk])
    count_words(org.pk)
    return found


@pytest.fixture
def full(mentor, commons):
    """Amara's one quarter is booked by somebody."""
    return make_session(NeedFactory(mentee=PersonFactory(org=commons), org=commons), mentor, AT_TEN)


@pytest.fixture
def wait(full, mentor, commons, now):
    """Somebody new joins the list; the first of them waits longest."""
    so_far = []

    def begin(name="Leila", *, since=None, alone=True, **words):
        need = NeedFactory(mentee=PersonFactory(name=name, org=commons), org=commons, stated_at=now, **words)
        at = since or now - timedelta(hours=1) + timedelta(minutes=len(so_far))
        so_far.append(need)
        return join(need=need, by=need.mentee, mentor=mentor if alone else None, now=at)

    return begin


def release(session, now):
    services.cancel(session=session, by=session.mentee, now=now)
    outbox.drain(now=now)


def kept_for(org) -> list[str]:
    rows = FreedTime.objects.within(org).open().select_related("waiter__mentee")
    return [each.waiter.mentee.name for each in rows]


# --- a time comes free ------------------------------------------------------------------------------


def test_a_released_time_is_kept_for_who_is_next_for_a_quarter_of_an_hour(wait, full, commons, now):
    first, _second = wait("Leila"), wait("Noor")
    assert serve(org_id=commons.pk, now=now) == 0  # nothing is free yet
    release(full, now)

    assert kept_for(commons) == ["Leila"]
    session = kept_time(first, now=now)
    assert (session.status, session.starts_at, session.held_until) == (Status.HELD, AT_TEN, now + HOLD)
    assert OutboxEvent.objects.filter(name="TimeCameFree").count() == 1
    assert_nobody_is_booked_twice_or_half()


def test_taking_it_books_it_and_ends_the_waiting(wait, full, commons, now):
    first, second = wait("Leila"), wait("Noor")
    release(full, now)

    booked = take(session=kept_time(first, now=now), by=first.mentee, now=now + timedelta(minutes=14))

    assert booked.status == Status.CONFIRMED
    first.refresh_from_db()
    assert first.ended == Waiter.Ended.BOOKED
    assert standing(second, now=now) == (1, 1)


def test_passing_goes_to_the_next_at_once_and_is_not_offered_again(wait, full, commons, now):
    first = wait("Leila")
    wait("Noor")
    release(full, now)
    pass_on(session=kept_time(first, now=now), by=first.mentee, now=now)
    outbox.drain(now=now)
    assert kept_for(commons) == ["Noor"]

    noors = FreedTime.objects.within(commons).open().get().session
    pass_on(session=noors, by=noors.mentee, now=now)
    outbox.drain(now=now)
    assert kept_for(commons) == []  # both said no: it is free for everybody
    assert standing(first, now=now) == (1, 2)  # and both keep their place


def test_no_time_is_idle_while_somebody_waits(wait, full, commons, now):
    """The timer carries an unanswered time from one to the next, and each has it for fifteen minutes."""
    for name in ("Leila", "Noor", "Ruth"):
        wait(name)
    release(full, now)
    seen, at = [], now
    while at < now + 3 * HOLD:
        seen.append(kept_for(commons))
        at += timedelta(seconds=15)
        move_on(now=at)
    assert seen == [["Leila"]] * 60 + [["Noor"]] * 60 + [["Ruth"]] * 60
    assert kept_for(commons) == []  # everybody has had their quarter of an hour: it is free for all


def test_whoever_answers_nothing_three_times_is_not_kept_waiting_for(wait, full, commons, now, mentor):
    waiter = wait("Leila")
    Availability.objects.within(commons).update(weekly={"thu": [["10:00", "12:00"]]})
    at = now
    for _ in range(SILENCE):
        move_on(now=at)
        assert kept_for(commons) == ["Leila"]
        at += HOLD
    move_on(now=at)
    waiter.refresh_from_db()
    assert (waiter.ended, kept_for(commons)) == (Waiter.Ended.SILENT, [])


def test_new_hours_are_offered_to_those_who_wait(wait, mentor, commons, now):
    wait("Leila")
    Availability.objects.within(commons).filter(mentor=mentor).update(weekly={"thu": [["15:00", "15:25"]]})
    events.publish(AvailabilityChanged(org_id=commons.pk, mentor_id=mentor.pk), now=now)
    outbox.drain(now=now)
    assert kept_for(commons) == ["Leila"]
    assert FreedTime.objects.within(commons).open().get().session.starts_at == AT_TEN + timedelta(hours=5)


def test_a_time_that_was_free_when_they_joined_is_not_offered(commons, now):
    mentor = a_mentor("Amara Okafor", commons, {"thu": [["10:00", "12:00"]]})
    need = NeedFactory(mentee=PersonFactory(org=commons), org=commons, stated_at=now)
    join(need=need, by=need.mentee, mentor=mentor, now=now)
    assert serve(org_id=commons.pk, now=now) == 0


def test_whoever_fits_is_waited_for_and_newcomers_count(wait, full, commons, now):
    waiter = wait("Leila", alone=False)
    assert len(waiter.fits) == 1
    newcomer = a_mentor("Inês Carvalho", commons)
    events.publish(AvailabilityChanged(org_id=commons.pk, mentor_id=newcomer.pk), now=now)
    outbox.drain(now=now)
    assert kept_for(commons) == ["Leila"]
    assert FreedTime.objects.within(commons).open().get().session.mentor == newcomer


@pytest.mark.parametrize("why", ["elsewhere", "holds a time", "booked", "closed", "left", "apart", "over"])
def test_nothing_is_kept_for_whoever_cannot_or_need_not_have_it(wait, full, mentor, commons, now, why):
    first, _next = wait("Leila"), wait("Noor")
    leila = first.mentee
    other = MentorFactory(org=commons)
    another = NeedFactory(mentee=leila, org=commons)
    {
        "elsewhere": lambda: make_session(another, other, AT_TEN),
        "holds a time": lambda: services.hold(
            need=another, mentor=other, start=AT_TEN + timedelta(hours=1), minutes=25, by=leila, now=now
        ),
        "booked": lambda: make_session(first.need, other, AT_TEN + timedelta(hours=1)),
        "closed": lambda: close(first.need, now=now),
        "left": lambda: leave(need=first.need, by=leila, now=now),
        "apart": lambda: people.block(other=mentor, by=leila, org=commons, now=now),
        "over": lambda: Waiter.objects.within(commons).filter(pk=first.pk).update(until=now),
    }[why]()
    release(full, now)
    assert kept_for(commons) == ["Noor"]


def test_the_best_fitting_comes_first_and_patience_counts(wait, full, commons, now):
    """Fit decides among those who came together; after two days nobody newer comes before."""
    early, late = wait("Leila"), wait("Noor")
    key = next(iter(early.fits))
    Waiter.objects.within(commons).filter(pk=early.pk).update(fits={key: 0.3})
    Waiter.objects.within(commons).filter(pk=late.pk).update(fits={key: 0.9})
    early.refresh_from_db()
    late.refresh_from_db()
    assert (standing(late, now=now), standing(early, now=now)) == ((1, 2), (2, 2))

    Waiter.objects.within(commons).filter(pk=early.pk).update(since=now - timedelta(hours=48))
    release(full, now)
    assert kept_for(commons) == ["Leila"]


# --- joining and leaving ----------------------------------------------------------------------------


def test_leaving_lets_a_kept_time_go_to_the_next(wait, full, commons, now):
    first = wait("Leila")
    wait("Noor")
    release(full, now)
    leave(need=first.need, by=first.mentee, now=now)
    leave(need=first.need, by=first.mentee, now=now)  # twice is no mistake
    outbox.drain(now=now)
    assert kept_for(commons) == ["Noor"]


def test_joining_anew_begins_anew(wait, full, commons, now):
    first = wait("Leila")
    leave(need=first.need, by=first.mentee, now=now)
    again = join(need=first.need, by=first.mentee, now=now)
    assert (again.pk, again.since, again.ended, again.mentor) == (first.pk, now, "", None)
    assert Waiter.objects.within(commons).count() == 1


def test_one_waits_for_ones_own_open_question_with_somebody_one_may_meet(wait, full, mentor, commons, now):
    waiter = wait("Leila")
    with pytest.raises(NotAllowed):
        join(need=waiter.need, by=PersonFactory(org=commons), now=now)
    people.block(other=waiter.mentee, by=mentor, org=commons, now=now)
    with pytest.raises(NotAllowed, match="does not offer time here"):
        join(need=waiter.need, by=waiter.mentee, mentor=mentor, now=now)
    make_session(waiter.need, MentorFactory(org=commons), AT_TEN)
    with pytest.raises(Invalid, match="You have booked a time"):
        join(need=waiter.need, by=waiter.mentee, now=now)


def test_a_request_that_is_declined_leaves_the_place_on_the_list(commons, now):
    mentor = a_mentor("Tomasz Zieliński", commons, confirm="ask")
    full = make_session(NeedFactory(mentee=PersonFactory(org=commons), org=commons), mentor, AT_TEN)
    need = NeedFactory(mentee=PersonFactory(org=commons), org=commons, stated_at=now)
    waiter = join(need=need, by=need.mentee, mentor=mentor, now=now)
    release(full, now)
    asked = take(session=kept_time(waiter, now=now), by=need.mentee, now=now)
    outbox.drain(now=now)
    assert asked.status == Status.ASKED
    assert waiter_for(need, visible_to=need.mentee).ended == ""
    services.decline(session=asked, by=mentor, now=now)
    outbox.drain(now=now)
    assert kept_for(commons) == []  # not that time again
    assert standing(waiter, now=now) == (1, 1)


def test_nobody_else_sees_who_waits(wait, commons, now):
    waiter = wait("Leila")
    assert waiter_for(waiter.need, visible_to=PersonFactory(org=commons)) is None


def test_with_nobody_waiting_the_timer_asks_two_questions(db, commons, now, django_assert_num_queries):
    with django_assert_num_queries(2):  # who waits, what is kept
        assert move_on(now=now) == 0


def test_serving_twice_changes_nothing(wait, full, commons, now):
    wait("Leila")
    release(full, now)
    assert serve(org_id=commons.pk, now=now) == 0
    assert MentoringSession.objects.within(commons).filter(status=Status.HELD).count() == 1


def test_what_has_no_news_is_found_by_the_timer(wait, full, mentor, commons, now):
    """Somebody held the time and let it run out: no event tells of it."""
    wait("Leila")
    other = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
    services.cancel(session=full, by=full.mentee, now=now)
    services.hold(need=other, mentor=mentor, start=AT_TEN, minutes=25, by=other.mentee, now=now)
    outbox.drain(now=now)
    assert kept_for(commons) == []
    services.expire(now=now + timedelta(minutes=10))
    move_on(now=now + timedelta(minutes=10))
    assert kept_for(commons) == ["Leila"]


@pytest.mark.parametrize("many", [1, 6])
def test_looking_costs_the_same_however_many_wait(wait, full, commons, now, django_assert_num_queries, many):
    for n in range(many):
        wait(f"Person {n}")
    with django_assert_num_queries(
        7
    ):  # who waits, mentors, hours, overrides, time taken of both sides, what was passed
        serve(org_id=commons.pk, now=now)
