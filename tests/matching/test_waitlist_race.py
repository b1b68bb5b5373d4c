"""Many wait, many serve, and everybody presses at the same moment: one has the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.double_booking import assert_nobody_is_booked_twice_or_half
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.core.errors import Changed
from quarterhour.matching.models import FreedTime, Waiter
from quarterhour.matching.waitlist.joining import pass_on, take
from quarterhour.matching.waitlist.serving import move_on, serve
from quarterhour.sessions import services
from quarterhour.sessions.models import MentoringSession, Status

pytestmark = pytest.mark.django_db(transaction=True)

AT_TEN = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
WAITING = 12


@pytest.fixture
def mentor(commons):
    return MentorFactory(org=commons, weekly={"thu": [["10:00", "10:25"]]}, rules={"horizon_days": 3})


@pytest.fixture
def waiters(commons, mentor, now):
    """Twelve who wait for the same quarter of an hour, which has just come free."""

    def one(n):
        need = NeedFactory(mentee=PersonFactory(org=commons), org=commons, stated_at=now)
        until = now + timedelta(days=3)
        told = {"need": need, "mentee": need.mentee, "mentor": mentor, "fits": {str(mentor.pk): 0.5}}
        return Waiter.objects.create(org=commons, since=now + timedelta(seconds=n), until=until, **told)

    return [one(n) for n in range(WAITING)]


def held(org) -> int:
    return MentoringSession.objects.within(org).filter(status=Status.HELD).count()


def test_of_many_who_serve_at_once_one_keeps_the_time_and_for_the_first(waiters, commons, now, at_once):
    kept = at_once([lambda: serve(org_id=commons.pk, now=now)] * 12)
    assert sum(kept) == 1
    assert FreedTime.objects.within(commons).get().waiter == waiters[0]
    assert held(commons) == 1
    assert_nobody_is_booked_twice_or_half()


def test_whoever_is_quicker_on_the_page_has_it_and_nobody_is_promised_it(waiters, mentor, commons, now, at_once):
    others = [NeedFactory(mentee=PersonFactory(org=commons), org=commons) for _ in range(11)]

    def book(need):
        return lambda: services.book(need=need, mentor=mentor, start=AT_TEN, minutes=25, by=need.mentee, now=now)

    at_once([lambda: serve(org_id=commons.pk, now=now), *map(book, others)])
    taking = MentoringSession.objects.within(commons).filter(status__in=[Status.HELD, Status.CONFIRMED])
    assert taking.count() == 1
    promised = FreedTime.objects.within(commons).open()
    assert promised.count() == held(commons)
    assert_nobody_is_booked_twice_or_half()


def test_taken_and_passed_in_the_same_moment_it_is_one_of_the_two(waiters, commons, now, at_once):
    serve(org_id=commons.pk, now=now)
    session = FreedTime.objects.within(commons).get().session
    me = session.mentee
    deeds = [lambda: take(session=session, by=me, now=now), lambda: pass_on(session=session, by=me, now=now)] * 6
    answers = at_once(deeds)
    session.refresh_from_db()
    assert session.status in {Status.CONFIRMED, Status.DROPPED}
    assert any(not isinstance(answer, Changed) for answer in answers)
    assert FreedTime.objects.within(commons).open().filter(session=session).count() == 0
    assert_nobody_is_booked_twice_or_half()


def test_many_freed_times_reach_as_many_people_from_many_hands(commons, now, at_once):
    weekly = {"thu": [["10:00", "16:00"]]}
    mentors = [MentorFactory(org=commons, weekly=weekly) for _ in range(2)]
    for n in range(20):
        need = NeedFactory(mentee=PersonFactory(org=commons), org=commons, stated_at=now)
        fits = {str(each.pk): 0.5 for each in mentors}
        Waiter.objects.create(
            org=commons, need=need, mentee=need.mentee, fits=fits, since=now + timedelta(seconds=n),
            until=now + timedelta(days=1),
        )  # fmt: skip
    at_once([lambda: move_on(now=now)] * 12)
    move_on(now=now)
    assert FreedTime.objects.within(commons).open().count() == held(commons) == 20
    assert_nobody_is_booked_twice_or_half()


def test_a_time_booked_elsewhere_meanwhile_leaves_the_list_in_peace(waiters, mentor, commons, now):
    make_session(NeedFactory(mentee=PersonFactory(org=commons), org=commons), mentor, AT_TEN)
    assert serve(org_id=commons.pk, now=now) == 0
    assert FreedTime.objects.within(commons).count() == 0
