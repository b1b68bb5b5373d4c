"""Everybody presses at the same moment: real connections, real locks, one winner."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.double_booking import assert_nobody_is_booked_twice_or_half
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.core.commands import once
from quarterhour.core.models import OutboxEvent
from quarterhour.sessions import services
from quarterhour.sessions.models import MentoringSession, Status, TimeClaim
from quarterhour.sessions.services import SpanTaken

pytestmark = pytest.mark.django_db(transaction=True)

AT_TEN = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
ALL_DAY = {"mon": [["00:00", "24:00"]], "thu": [["00:00", "24:00"]], "fri": [["00:00", "24:00"]]}


def asking(count, org):
    return [NeedFactory(mentee=PersonFactory(org=org), org=org) for _ in range(count)]


def book(need, mentor, start, now):
    return lambda: services.book(need=need, mentor=mentor, start=start, minutes=25, by=need.mentee, now=now)


def kinds(answers) -> Counter:
    return Counter(type(answer).__name__ for answer in answers)


def test_a_hundred_bookings_of_one_slot_have_one_winner(amara, commons, now, at_once):
    answers = at_once([book(need, amara, AT_TEN, now) for need in asking(100, commons)])

    assert kinds(answers) == {"MentoringSession": 1, "SpanTaken": 99}
    assert all(len(a.starts) == 3 and AT_TEN not in a.starts for a in answers if isinstance(a, SpanTaken))
    assert OutboxEvent.objects.filter(name="SessionConfirmed").count() == 1
    assert_nobody_is_booked_twice_or_half()


def test_starts_that_overlap_without_being_equal_have_one_winner(amara, commons, now, at_once):
    starts = [AT_TEN + timedelta(minutes=15 * (n % 2)) for n in range(24)]
    answers = at_once([book(need, amara, at, now) for need, at in zip(asking(24, commons), starts, strict=True)])

    assert kinds(answers) == {"MentoringSession": 1, "SpanTaken": 23}
    assert_nobody_is_booked_twice_or_half()


def test_one_mentee_is_not_booked_with_two_mentors_at_a_time(leila, commons, now, at_once):
    mentors = [MentorFactory(org=commons, zone="Africa/Lagos") for _ in range(8)]
    needs = [NeedFactory(mentee=leila, org=commons) for _ in mentors]
    answers = at_once([book(need, mentor, AT_TEN, now) for need, mentor in zip(needs, mentors, strict=True)])

    assert kinds(answers) == {"MentoringSession": 1, "SpanTaken": 7}
    assert_nobody_is_booked_twice_or_half()


def test_of_many_holds_pressed_at_once_a_person_keeps_one(leila, commons, now, at_once):
    mentors = [MentorFactory(org=commons, zone="Africa/Lagos") for _ in range(8)]
    needs = [NeedFactory(mentee=leila, org=commons) for _ in mentors]

    def hold(need, mentor):
        return lambda: services.hold(need=need, mentor=mentor, start=AT_TEN, minutes=25, by=leila, now=now)

    answers = at_once([hold(need, mentor) for need, mentor in zip(needs, mentors, strict=True)])

    assert kinds(answers) == {"MentoringSession": 8}
    assert MentoringSession.objects.within(commons).filter(status=Status.HELD).count() == 1
    assert_nobody_is_booked_twice_or_half()


def test_the_minutes_of_a_week_hold_when_everybody_presses_at_once(commons, now, at_once):
    mentor = MentorFactory(org=commons, zone="UTC", weekly=ALL_DAY, rules={"weekly_minutes": 100})
    starts = [AT_TEN + timedelta(minutes=30 * n) for n in range(20)]
    answers = at_once([book(need, mentor, at, now) for need, at in zip(asking(20, commons), starts, strict=True)])

    assert kinds(answers) == {"MentoringSession": 4, "SpanTaken": 16}


@pytest.mark.parametrize("cap", ["daily_cap", "weekly_cap"])
def test_caps_hold_when_everybody_presses_at_once(commons, now, at_once, cap):
    mentor = MentorFactory(org=commons, zone="UTC", weekly=ALL_DAY, rules={cap: 3})
    starts = [AT_TEN + timedelta(minutes=30 * n) for n in range(20)]
    answers = at_once([book(need, mentor, at, now) for need, at in zip(asking(20, commons), starts, strict=True)])

    assert kinds(answers) == {"MentoringSession": 3, "SpanTaken": 17}


def test_people_who_book_each_other_never_wait_in_a_circle(commons, now, at_once):
    people = [MentorFactory(org=commons, zone="UTC", weekly=ALL_DAY) for _ in range(6)]
    deeds = []
    for n, mentee in enumerate(people):
        for m, mentor in enumerate(people):
            if n != m:
                need = NeedFactory(mentee=mentee, org=commons)
                deeds.append(book(need, mentor, AT_TEN + timedelta(minutes=30 * ((n + m) % 4)), now))
    answers = at_once(deeds * 2)

    assert set(kinds(answers)) == {"MentoringSession", "SpanTaken"}
    assert_nobody_is_booked_twice_or_half()


def test_a_double_click_books_once_and_gets_one_answer(need, amara, leila, now, at_once):
    session = services.hold(need=need, mentor=amara, start=AT_TEN, minutes=25, by=leila, now=now)
    key = uuid4()

    def press():
        def confirm():
            return {"status": services.confirm(session=session, by=leila, now=now).status}

        return once(
            key=key, person_key=str(leila.pk), name="confirm", body={"s": str(session.pk)}, run=confirm, now=now
        )

    answers = at_once([press] * 10)

    assert answers == [{"status": "confirmed"}] * 10
    assert OutboxEvent.objects.filter(name="SessionConfirmed").count() == 1


def test_two_tabs_that_confirm_one_hold_book_it_once(need, amara, leila, now, at_once):
    session = services.hold(need=need, mentor=amara, start=AT_TEN, minutes=25, by=leila, now=now)
    answers = at_once([lambda: services.confirm(session=session, by=leila, now=now)] * 8)

    assert kinds(answers) == {"MentoringSession": 1, "WrongState": 7}
    assert OutboxEvent.objects.count() == 1


def test_a_hold_that_runs_out_while_it_is_confirmed_is_one_or_the_other(amara, commons, now, at_once):
    later = now + timedelta(minutes=10)
    just_before = later - timedelta(seconds=1)
    for week in range(4):
        need, rival = asking(2, commons)
        start = AT_TEN + timedelta(weeks=week)
        held = services.hold(need=need, mentor=amara, start=start, minutes=25, by=need.mentee, now=now)
        confirmed, _, taken = at_once(
            [
                lambda held=held, by=need.mentee: services.confirm(session=held, by=by, now=just_before),
                lambda: services.expire(now=later),
                book(rival, amara, start, later),
            ]
        )
        held.refresh_from_db()
        won = [a for a in (confirmed, taken) if isinstance(a, MentoringSession)]
        assert len(won) <= 1
        assert (held.status == Status.CONFIRMED) == isinstance(confirmed, MentoringSession)
        assert TimeClaim.objects.filter(during__startswith=start).count() == 2 * len(won)
    assert_nobody_is_booked_twice_or_half()


def test_moved_or_released_but_never_both(amara, commons, now, at_once):
    told = Counter()
    for round_ in range(6):
        need = asking(1, commons)[0]
        session = make_session(need, amara, AT_TEN)
        deeds = [
            lambda s=session, by=need.mentee: services.cancel(session=s, by=by, now=now),
            lambda s=session: services.move(session=s, start=AT_TEN + timedelta(minutes=30), by=amara, now=now),
        ]
        released, moved = at_once(deeds) if round_ % 2 else reversed(at_once(deeds[::-1]))

        session.refresh_from_db()
        assert session.status == Status.CANCELLED
        assert isinstance(released, MentoringSession)
        assert session.sequence == (2 if isinstance(moved, MentoringSession) else 1)
        assert not TimeClaim.objects.filter(session=session).exists()
        told[type(moved).__name__] += 1
    assert set(told) <= {"MentoringSession", "WrongState"}
    assert OutboxEvent.objects.filter(name="SessionCancelled").count() == 6
    assert_nobody_is_booked_twice_or_half()


def test_two_who_move_to_one_time_do_not_meet_there(amara, commons, now, at_once):
    one, other = (make_session(n, amara, AT_TEN + timedelta(minutes=30 * i)) for i, n in enumerate(asking(2, commons)))
    there = AT_TEN + timedelta(days=1)
    answers = at_once([lambda s=s: services.move(session=s, start=there, by=s.mentee, now=now) for s in (one, other)])

    assert kinds(answers) == {"MentoringSession": 1, "SpanTaken": 1}
    assert_nobody_is_booked_twice_or_half()
