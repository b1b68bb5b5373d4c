"""Everybody who was asked says yes at the same moment: one wins, two hundred times over."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from threading import Event
from time import sleep

import pytest
from django.db import transaction
from tests.double_booking import assert_nobody_is_booked_twice_or_half
from tests.factories import MentorFactory, NeedFactory, PersonFactory

from quarterhour.core.models import OutboxEvent
from quarterhour.sessions import apart, asking, services
from quarterhour.sessions.models import Ask, MentoringSession, Silence, Status

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)
EVERY_HOUR = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)
TIMES = 200


def test_of_three_who_say_yes_at_once_one_wins_two_hundred_times(commons, now, at_once):
    mentors = [
        MentorFactory(org=commons, zone="UTC", confirm="ask", weekly=EVERY_HOUR, rules={"weekly_minutes": 10_000})
        for _ in range(3)
    ]
    deeds = []
    for n in range(TIMES):
        mentee = PersonFactory(org=commons, zone="UTC")
        need = NeedFactory(mentee=mentee, org=commons)
        start = MONDAY + n * timedelta(minutes=30)
        asks = [
            services.book(need=need, mentor=mentor, start=start, minutes=25, by=mentee, now=now) for mentor in mentors
        ]
        deeds += [_yes(each, now) for each in asks]
        if n % 4 == 0:  # and its owner, who takes one of them back at the same moment
            deeds.append(_back(asks[n % 3], mentee, now))

    answers = Counter(type(answer).__name__ for answer in at_once(deeds))

    stands = Counter(MentoringSession.objects.within(commons).values_list("need", "status"))
    booked = [count for (_, status), count in stands.items() if status == Status.CONFIRMED]
    told = Counter(OutboxEvent.objects.values_list("name", flat=True))
    assert told["SessionConfirmed"] == TIMES, "one yes a question, whatever else was pressed"
    assert max(booked) == 1
    assert len(booked) >= TIMES * 3 // 4, "the owner let go of some, just after the yes"
    assert not any(status == Status.ASKED for _, status in stands)
    assert told["SessionThanked"] == sum(count for (_, status), count in stands.items() if status == Status.THANKED)
    assert set(answers) == {"MentoringSession", "WrongState"}
    assert_nobody_is_booked_twice_or_half()


def test_a_yes_and_the_choice_of_another_time_at_once_book_one(commons, now, at_once):
    mentors = [MentorFactory(org=commons, zone="UTC", confirm="ask", weekly=EVERY_HOUR) for _ in range(2)]
    deeds = []
    for n in range(12):
        mentee = PersonFactory(org=commons, zone="UTC")
        need = NeedFactory(mentee=mentee, org=commons)
        start = MONDAY + n * timedelta(hours=1)
        first, second = (
            services.book(need=need, mentor=mentor, start=start, minutes=15, by=mentee, now=now) for mentor in mentors
        )
        other = start + timedelta(minutes=15)
        asking.offer_times(session=first, starts=[other], by=mentors[0], now=now)
        deeds += [_choice(first, other, mentee, now), _yes(second, now)]

    answers = Counter(type(answer).__name__ for answer in at_once(deeds))

    assert answers == {"MentoringSession": 12, "WrongState": 12}
    assert_nobody_is_booked_twice_or_half()


def test_a_block_while_a_timer_lets_a_request_run_out_waits_and_is_no_deadlock(commons, now, at_once, monkeypatch):
    """The timer counts the mentor's silence; the block answers one request of theirs, and then would have the next."""
    mentor = MentorFactory(org=commons, zone="UTC", confirm="ask", weekly=EVERY_HOUR)
    mentee = PersonFactory(org=commons, zone="UTC")
    first, second = (
        services.book(need=need, mentor=mentor, start=MONDAY + n * QUARTER, minutes=15, by=mentee, now=now)
        for n, need in enumerate(NeedFactory.create_batch(2, mentee=mentee, org=commons))
    )
    later = now + timedelta(hours=49)
    MentoringSession.objects.within(commons).filter(pk=first.pk).update(answer_by=later + QUARTER)
    Silence.objects.create(org=commons, mentor=mentor, in_a_row=1)
    answered, let_go = Event(), apart._let_go

    def slowly(session, by, now):
        done = let_go(session, by, now)
        answered.set()
        sleep(0.3)
        return done

    monkeypatch.setattr(apart, "_let_go", slowly)

    blocked, ran_out = at_once(
        [
            lambda: apart.block(other=mentee, by=mentor, org=commons, now=later),
            lambda: answered.wait(5) and services.expire(now=later),
        ]
    )

    assert ([each.pk for each in blocked], ran_out) == ([first.pk, second.pk], 0)
    assert not Silence.objects.within(commons).filter(in_a_row__gt=0).exists()
    assert_nobody_is_booked_twice_or_half()


@pytest.mark.parametrize("meanwhile", ["nudge", "expire", "offer"])
def test_a_request_may_be_read_at_the_moment_it_is_written_about(commons, now, at_once, meanwhile):
    mentor = MentorFactory(org=commons, zone="UTC", confirm="ask", weekly=EVERY_HOUR)
    need = NeedFactory(mentee=PersonFactory(org=commons, zone="UTC"), org=commons)
    asked = services.book(need=need, mentor=mentor, start=MONDAY + DAY, minutes=15, by=need.mentee, now=now)
    Silence.objects.create(org=commons, mentor=mentor, in_a_row=1)
    at = now + (2 * DAY if meanwhile == "expire" else DAY)
    deed = {
        "nudge": lambda: asking.nudge(now=at),
        "expire": lambda: services.expire(now=at),
        "offer": lambda: asking.offer_times(session=asked, starts=[MONDAY + DAY + QUARTER], by=mentor, now=at),
    }[meanwhile]
    seen = Event()

    def read():
        with transaction.atomic():
            asking.note_read([asked], by=mentor, now=at)
            seen.set()
            sleep(0.3)

    at_once([read, lambda: seen.wait(5) and deed()])

    kept = Ask.objects.within(commons).get(session=asked)
    written = {"nudge": kept.nudged_at == at, "expire": kept.paused, "offer": kept.offered_at == at}
    assert (kept.read_at, written[meanwhile]) == (at, True)


def _yes(session, now):
    return lambda: services.accept(session=session, by=session.mentor, now=now)


def _back(session, mentee, now):
    return lambda: services.cancel(session=session, by=mentee, now=now)


def _choice(session, start, mentee, now):
    return lambda: asking.choose_time(session=session, start=start, by=mentee, now=now)
