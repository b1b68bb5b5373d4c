"""Asks that need a yes: several at once, the first yes, other times, somebody better, silence."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from psycopg.types.multirange import TimestamptzMultirange
from psycopg.types.range import TimestamptzRange
from tests.double_booking import assert_nobody_is_booked_twice_or_half
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.availability.models import Availability, BusyTime, OutsideCalendar
from quarterhour.core.errors import Invalid, NotAllowed, NotFound
from quarterhour.core.models import OutboxEvent
from quarterhour.people.models import Profile
from quarterhour.people.services import block, pause
from quarterhour.sessions import asking, queries, quotas, rules, services, silence
from quarterhour.sessions.models import Ask, MentoringSession, Silence, Status, TimeClaim
from quarterhour.sessions.services import SpanTaken

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)  # 10:00 in Lagos and Warsaw
DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)


@pytest.fixture
def mentors(commons):
    """Three who want to be asked first, free on weekdays from nine to twelve in Warsaw."""
    names = ("Tomasz Zieliński", "Inês Carvalho", "Jun Takahashi")
    return [MentorFactory(name=name, zone="Europe/Warsaw", org=commons, confirm="ask") for name in names]


def ask(need, mentor, start=MONDAY, now=None):
    return services.book(need=need, mentor=mentor, start=start, minutes=25, by=need.mentee, now=now)


def status_of(session) -> str:
    return MentoringSession.objects.within(session.org_id).get(pk=session.pk).status


def news() -> Counter:
    return Counter(OutboxEvent.objects.values_list("name", flat=True))


# --- up to three at once, the first yes wins ---------------------------------------------------------


def test_three_mentors_are_asked_for_the_same_hour_and_for_hours_that_overlap(need, mentors, now):
    starts = [MONDAY, MONDAY, MONDAY + QUARTER]
    asks = [ask(need, mentor, start, now) for mentor, start in zip(mentors, starts, strict=True)]

    assert [each.status for each in asks] == [Status.ASKED] * 3
    assert {each.asked_at for each in asks} == {now}
    assert TimeClaim.objects.count() == 6
    assert_nobody_is_booked_twice_or_half()


def test_the_first_yes_books_its_time_and_lets_the_others_go(need, mentors, now):
    first, second, third = (ask(need, mentor, MONDAY, now) for mentor in mentors)

    services.accept(session=second, by=mentors[1], now=now)

    assert [status_of(each) for each in (first, second, third)] == [Status.THANKED, Status.CONFIRMED, Status.THANKED]
    assert set(TimeClaim.objects.values_list("session", flat=True)) == {second.pk}
    assert news() == {"SessionAsked": 3, "SessionConfirmed": 1, "SessionThanked": 2}
    assert_nobody_is_booked_twice_or_half()
    with pytest.raises(rules.WrongState, match="Somebody else said yes first"):
        services.accept(session=first, by=mentors[0], now=now)


def test_whoever_was_let_go_is_free_for_somebody_else_at_once(need, mentors, commons, now):
    ask(need, mentors[0], MONDAY, now)
    services.accept(session=ask(need, mentors[1], MONDAY, now), by=mentors[1], now=now)
    other = NeedFactory(mentee=PersonFactory(org=commons), org=commons)

    assert ask(other, mentors[0], MONDAY, now).status == Status.ASKED


def test_booking_somebody_who_confirms_at_once_is_a_yes_too(need, mentors, amara, leila, now):
    asked = ask(need, mentors[0], MONDAY, now)
    held = services.hold(need=need, mentor=amara, start=MONDAY, minutes=25, by=leila, now=now)
    assert status_of(asked) == Status.ASKED

    services.confirm(session=held, by=leila, now=now)

    assert (status_of(held), status_of(asked)) == (Status.CONFIRMED, Status.THANKED)
    assert_nobody_is_booked_twice_or_half()


def test_another_question_takes_no_hour_for_which_this_one_asks(need, mentors, leila, commons, now):
    ask(need, mentors[0], MONDAY, now)
    another = NeedFactory(mentee=leila, org=commons)

    with pytest.raises(SpanTaken, match="already booked for that time yourself"):
        ask(another, mentors[1], MONDAY, now)


def test_a_mentor_gives_an_hour_once_whoever_asks(need, mentors, commons, now):
    ask(need, mentors[0], MONDAY, now)
    other = NeedFactory(mentee=PersonFactory(org=commons), org=commons)

    with pytest.raises(SpanTaken):
        ask(other, mentors[0], MONDAY, now)


def test_a_yes_leaves_other_questions_of_the_same_person_alone(need, mentors, leila, commons, now):
    another = ask(NeedFactory(mentee=leila, org=commons), mentors[1], MONDAY + timedelta(hours=1), now)

    services.accept(session=ask(need, mentors[0], MONDAY, now), by=mentors[0], now=now)

    assert status_of(another) == Status.ASKED


def test_one_mentor_has_a_question_once(need, mentors, now):
    ask(need, mentors[0], MONDAY, now)
    with pytest.raises(NotAllowed, match="has your question already"):
        ask(need, mentors[0], MONDAY + timedelta(hours=1), now)


# --- quotas ------------------------------------------------------------------------------------------


def test_a_fourth_request_at_a_time_is_refused(need, mentors, commons, tomasz, leila, now):
    for n, mentor in enumerate(mentors):
        ask(need, mentor, MONDAY + n * timedelta(minutes=45), now)

    with pytest.raises(quotas.TooManyAsks, match="Release one of them") as refused:
        ask(need, tomasz, MONDAY + timedelta(hours=25), now)
    assert refused.value.status == 429
    with pytest.raises(quotas.TooManyAsks, match="Three of your requests wait"):
        ask(NeedFactory(mentee=leila, org=commons), tomasz, MONDAY + timedelta(hours=25), now)


def test_a_sixth_request_in_a_week_is_refused_until_monday(need, mentors, leila, now):
    for n in range(5):
        assert quotas.quota_of(leila, org=need.org, now=now).told == f"0 of 3 open, {n} of 5 this week"
        services.cancel(session=ask(need, mentors[0], MONDAY, now), by=leila, now=now)

    with pytest.raises(quotas.TooManyAsks, match="asked 5 times this week"):
        ask(need, mentors[0], MONDAY, now)
    monday = datetime(2026, 11, 30, 0, 5, tzinfo=UTC)
    assert ask(need, mentors[0], MONDAY, monday).status == Status.ASKED


def test_what_is_booked_at_once_counts_for_no_quota(need, amara, leila, now):
    ask(need, amara, MONDAY, now)
    assert quotas.quota_of(leila, org=need.org, now=now).this_week == 0


# --- other times -------------------------------------------------------------------------------------

TWO, THREE = MONDAY + DAY, MONDAY + DAY + timedelta(hours=1)


def test_other_times_are_kept_for_the_mentee_and_taken_with_one_press(need, mentors, leila, now):
    asked, rival = ask(need, mentors[0], MONDAY, now), ask(need, mentors[1], MONDAY, now)

    asking.offer_times(session=asked, starts=[TWO, THREE], by=mentors[0], now=now, words="Not on Monday.")

    asked.refresh_from_db()
    assert (asked.status, asked.starts_at, queries.offered(asked)) == (Status.ASKED, TWO, [TWO, THREE])
    assert_nobody_is_booked_twice_or_half()
    assert TimeClaim.objects.filter(person=mentors[0]).count() == 2  # both are kept
    with pytest.raises(rules.WrongState, match="Leila chooses among them"):
        services.accept(session=asked, by=mentors[0], now=now)

    done = asking.choose_time(session=asked, start=THREE, by=leila, now=now)

    assert (done.status, done.starts_at, status_of(rival)) == (Status.CONFIRMED, THREE, Status.THANKED)
    assert_nobody_is_booked_twice_or_half()
    assert TimeClaim.objects.filter(person=mentors[0]).count() == 1  # the other is free again


def test_the_time_asked_for_is_free_once_others_are_offered(need, mentors, commons, now):
    asking.offer_times(session=ask(need, mentors[0], MONDAY, now), starts=[TWO], by=mentors[0], now=now)
    other = NeedFactory(mentee=PersonFactory(org=commons), org=commons)

    assert ask(other, mentors[0], MONDAY, now).status == Status.ASKED


def test_a_time_offered_second_that_is_gone_leaves_the_first(need, mentors, leila, commons, now):
    asked = ask(need, mentors[0], MONDAY, now)
    asking.offer_times(session=asked, starts=[TWO, THREE], by=mentors[0], now=now)
    for start in (TWO, THREE):
        with pytest.raises(SpanTaken):
            ask(NeedFactory(mentee=PersonFactory(org=commons), org=commons), mentors[0], start, now)
    elsewhere = ask(NeedFactory(mentee=leila, org=commons), mentors[1], THREE, now)  # her own hour is hers

    with pytest.raises(SpanTaken, match="One of you is booked") as gone:
        asking.choose_time(session=asked, start=THREE, by=leila, now=now)

    assert len(gone.value.starts) == 3
    assert {TWO, THREE}.isdisjoint(gone.value.starts)
    assert all(abs(start - THREE) < 2 * DAY for start in gone.value.starts)
    assert (status_of(asked), status_of(elsewhere)) == (Status.ASKED, Status.ASKED)
    assert asking.choose_time(session=asked, start=TWO, by=leila, now=now).status == Status.CONFIRMED
    assert_nobody_is_booked_twice_or_half()


def test_whoever_is_asked_for_another_time_is_reminded_of_it_after_a_day(need, mentors, leila, now):
    asked = ask(need, mentors[0], MONDAY + DAY, now)
    asking.offer_times(session=asked, starts=[TWO + DAY], by=mentors[0], now=now)
    later = now + timedelta(hours=20)
    asking.ask_for(session=asked, start=THREE + DAY, by=leila, now=later)

    assert asking.nudge(now=now + timedelta(hours=25)) == 0
    assert asking.nudge(now=later + timedelta(hours=25)) == 1
    assert asking.nudge(now=later + timedelta(hours=26)) == 0


def test_a_request_for_another_time_is_neither_read_nor_called_to_mind_yet(need, mentors, leila, now):
    asked = ask(need, mentors[0], TWO, now)
    asking.note_read([asked], by=mentors[0], now=now)
    assert asking.nudge(now=now + DAY) == 1
    later = now + DAY + timedelta(hours=2)
    asking.offer_times(session=asked, starts=[THREE], by=mentors[0], now=later)

    asking.ask_for(session=asked, start=THREE + DAY, by=leila, now=later)

    kept = Ask.objects.within(need.org_id).get(session=asked)
    assert (kept.read_at, kept.nudged_at) == (None, None)
    asking.note_read([MentoringSession.objects.within(need.org_id).get(pk=asked.pk)], by=mentors[0], now=later)
    assert [asking.nudge(now=later + wait) for wait in (timedelta(hours=23), DAY, DAY + QUARTER)] == [0, 1, 0]
    kept.refresh_from_db()
    assert (kept.read_at, kept.nudged_at) == (later, later + DAY)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"paused_until": datetime(2026, 12, 20, tzinfo=UTC).date()}, "away until 20 December"),
        ({"is_mentor": False}, "does not offer time at the moment"),
        ({"lengths": [45]}, "does not offer 25 minutes"),
    ],
)
def test_another_time_is_not_asked_of_somebody_who_gives_none_by_now(need, mentors, leila, now, change, told):
    asked = ask(need, mentors[0], MONDAY, now)
    asking.offer_times(session=asked, starts=[TWO], by=mentors[0], now=now)
    Profile.objects.within(need.org_id).filter(person=mentors[0]).update(**change)

    with pytest.raises(NotAllowed, match=told):
        asking.ask_for(session=asked, start=THREE, by=leila, now=now)

    assert queries.offered(asked) == [TWO]
    assert asking.choose_time(session=asked, start=TWO, by=leila, now=now).status == Status.CONFIRMED


def test_another_time_that_is_not_free_is_refused_with_three_others(need, mentors, leila, commons, now):
    asked = ask(need, mentors[0], MONDAY, now)
    asking.offer_times(session=asked, starts=[TWO], by=mentors[0], now=now)
    ask(NeedFactory(mentee=PersonFactory(org=commons), org=commons), mentors[0], THREE, now)

    with pytest.raises(SpanTaken, match="was just booked for that time") as gone:
        asking.ask_for(session=asked, start=THREE, by=leila, now=now)

    assert len(gone.value.starts) == 3
    assert {TWO, THREE}.isdisjoint(gone.value.starts)
    assert asking.ask_for(session=asked, start=gone.value.starts[0], by=leila, now=now).status == Status.ASKED


@pytest.mark.parametrize("deed", ["offer", "offer second", "ask for"])
def test_a_hold_that_ran_out_stands_in_nobodys_way(need, mentors, leila, commons, now, deed):
    asked = ask(need, mentors[0], MONDAY, now)
    if deed == "ask for":
        asking.offer_times(session=asked, starts=[TWO], by=mentors[0], now=now)
    other = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
    held = services.hold(need=other, mentor=mentors[0], start=THREE, minutes=25, by=other.mentee, now=now)
    later = now + timedelta(minutes=11)

    if deed == "ask for":
        asking.ask_for(session=asked, start=THREE, by=leila, now=later)
    else:
        starts = [THREE] if deed == "offer" else [TWO, THREE]
        asking.offer_times(session=asked, starts=starts, by=mentors[0], now=later)

    assert TimeClaim.objects.filter(person=mentors[0], during__startswith=THREE).get().session == asked
    assert status_of(held) == Status.DROPPED
    assert_nobody_is_booked_twice_or_half()


@pytest.mark.parametrize("take", [asking.choose_time, asking.ask_for])
def test_what_the_mentee_holds_themselves_gives_way_to_their_choice(need, mentors, leila, commons, now, take):
    asked = ask(need, mentors[0], MONDAY, now)
    asking.offer_times(session=asked, starts=[TWO, THREE], by=mentors[0], now=now)
    start = THREE if take == asking.choose_time else THREE + DAY
    another = NeedFactory(mentee=leila, org=commons)
    held = services.hold(need=another, mentor=mentors[1], start=start, minutes=25, by=leila, now=now)

    assert take(session=asked, start=start, by=leila, now=now).starts_at == start

    assert status_of(held) == Status.DROPPED
    assert_nobody_is_booked_twice_or_half()


def test_what_the_mentee_holds_is_not_the_mentors_to_drop(need, mentors, leila, commons, now):
    asked = ask(need, mentors[0], MONDAY, now)
    another = NeedFactory(mentee=leila, org=commons)
    held = services.hold(need=another, mentor=mentors[1], start=THREE, minutes=25, by=leila, now=now)

    asking.offer_times(session=asked, starts=[TWO], by=mentors[0], now=now)

    assert (status_of(held), TimeClaim.objects.filter(session=held).count()) == (Status.HELD, 2)


def test_times_that_are_kept_are_let_go_with_the_request(need, mentors, leila, now):
    asked = ask(need, mentors[0], MONDAY, now)
    asking.offer_times(session=asked, starts=[TWO, THREE], by=mentors[0], now=now)
    services.cancel(session=asked, by=leila, now=now)
    assert not TimeClaim.objects.exists()


def test_times_offered_beside_each_other_may_overlap_and_count_once(need, mentors, leila, commons, now):
    Availability.objects.within(commons).filter(mentor=mentors[0]).update(weekly_minutes=60)
    asked = ask(need, mentors[0], MONDAY, now)

    asking.offer_times(session=asked, starts=[TWO, TWO + QUARTER, THREE], by=mentors[0], now=now)

    assert TimeClaim.objects.filter(person=mentors[0]).count() == 3
    assert_nobody_is_booked_twice_or_half()
    other = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
    assert ask(other, mentors[0], MONDAY, now).status == Status.ASKED  # 25 of 60 minutes are promised, not 75
    assert asking.choose_time(session=asked, start=TWO + QUARTER, by=leila, now=now).status == Status.CONFIRMED
    assert_nobody_is_booked_twice_or_half()


@pytest.mark.parametrize("why", ["over", "elsewhere"])
def test_a_time_that_is_gone_says_so_and_others_are_asked_for(need, mentors, leila, now, why):
    asked, rival = ask(need, mentors[0], MONDAY, now), ask(need, mentors[1], MONDAY, now)
    asking.offer_times(session=asked, starts=[TWO, THREE], by=mentors[0], now=now)
    at = now
    if why == "elsewhere":
        given = {"kind": "ics", "name": "Work", "shown": "x", "sealed": "x", "added_at": now, "due_at": now}
        calendar = OutsideCalendar.objects.create(person=mentors[0], **given)
        gone_for = TimestamptzMultirange([TimestamptzRange(THREE, THREE + QUARTER)])
        BusyTime.objects.create(person=mentors[0], calendar=calendar, busy=gone_for)
    else:
        at = THREE + QUARTER
        MentoringSession.objects.within(need.org_id).filter(pk=asked.pk).update(answer_by=at + DAY)

    with pytest.raises(SpanTaken) as gone:
        asking.choose_time(session=asked, start=THREE, by=leila, now=at)

    instead = asking.ask_for(session=asked, start=gone.value.starts[-1], by=leila, now=at)
    assert (instead.status, instead.starts_at, instead.sequence) == (Status.ASKED, gone.value.starts[-1], 1)
    assert queries.offered(asked) == []
    assert (quotas.quota_of(leila, org=need.org, now=at).open, status_of(rival)) == (2, Status.ASKED)
    assert_nobody_is_booked_twice_or_half()
    assert services.accept(session=asked, by=mentors[0], now=at).status == Status.CONFIRMED


@pytest.mark.parametrize(
    ("starts", "error", "told"),
    [
        ([], Invalid, "one time at least"),
        ([MONDAY], Invalid, "the time you were asked for"),
        ([TWO, THREE, TWO + QUARTER, THREE + QUARTER], Invalid, "Three times are enough"),
        ([datetime(2026, 12, 1, 20, tzinfo=UTC)], SpanTaken, "does not offer that time"),
    ],
)
def test_times_that_cannot_be_offered_change_nothing(need, mentors, now, starts, error, told):
    asked = ask(need, mentors[0], MONDAY, now)
    with pytest.raises(error, match=told):
        asking.offer_times(session=asked, starts=starts, by=mentors[0], now=now)
    assert queries.offered(asked) == []
    assert_nobody_is_booked_twice_or_half()


def test_times_are_offered_once_by_the_mentor_and_chosen_by_the_mentee_alone(need, mentors, leila, now):
    asked = ask(need, mentors[0], MONDAY, now)
    with pytest.raises(NotAllowed):
        asking.offer_times(session=asked, starts=[TWO], by=leila, now=now)
    with pytest.raises(NotFound):
        asking.offer_times(session=asked, starts=[TWO], by=mentors[1], now=now)
    asking.offer_times(session=asked, starts=[TWO], by=mentors[0], now=now)
    with pytest.raises(asking.AlreadyOffered):
        asking.offer_times(session=asked, starts=[THREE], by=mentors[0], now=now)
    with pytest.raises(NotAllowed):
        asking.choose_time(session=asked, start=TWO, by=mentors[0], now=now)
    with pytest.raises(Invalid, match="none of the times"):
        asking.choose_time(session=asked, start=THREE, by=leila, now=now)


def test_an_offer_nobody_chose_from_runs_out_and_is_held_against_nobody(need, mentors, now):
    asked = ask(need, mentors[0], MONDAY, now)
    asking.offer_times(session=asked, starts=[TWO], by=mentors[0], now=now + timedelta(hours=47))
    asked.refresh_from_db()
    assert asked.answer_by == now + timedelta(hours=47) + DAY

    services.expire(now=asked.answer_by)

    assert status_of(asked) == Status.EXPIRED
    assert not Silence.objects.within(need.org).filter(in_a_row__gt=0).exists()


# --- somebody better ---------------------------------------------------------------------------------


def test_somebody_better_is_asked_only_once_the_owner_of_the_question_presses(need, mentors, leila, now):
    asked = ask(need, mentors[0], MONDAY, now)

    asking.pass_on(session=asked, to=mentors[1], by=mentors[0], now=now, words="She did it twice.")

    assert status_of(asked) == Status.DECLINED
    assert not MentoringSession.objects.within(need.org).filter(mentor=mentors[1]).exists()
    assert not TimeClaim.objects.exists()

    done = asking.ask_instead(session=asked, start=MONDAY, minutes=25, by=leila, now=now)

    assert (done.status, done.mentor, done.need) == (Status.ASKED, mentors[1], need)


def test_nobody_is_named_who_may_not_be_asked(need, mentors, leila, commons, now):
    asked = ask(need, mentors[0], MONDAY, now)
    ask(need, mentors[1], MONDAY, now)
    away, blocked, apart, plain = (*(MentorFactory(org=commons) for _ in range(3)), PersonFactory(org=commons))
    stranger = MentorFactory()
    pause(person=away, org=commons, until=now.date() + 9 * DAY, now=now, today=now.date())
    block(other=blocked, by=leila, org=commons, now=now)
    block(other=mentors[0], by=apart, org=commons, now=now)

    for person in (mentors[0], leila, mentors[1], away, blocked, apart, plain, stranger):
        with pytest.raises(NotAllowed):
            asking.pass_on(session=asked, to=person, by=mentors[0], now=now)
    assert status_of(asked) == Status.ASKED


def test_nobody_is_asked_instead_who_was_not_named(need, mentors, leila, now):
    asked = ask(need, mentors[0], MONDAY, now)
    services.decline(session=asked, by=mentors[0], now=now)
    with pytest.raises(NotAllowed, match="Nobody was named"):
        asking.ask_instead(session=asked, start=MONDAY, minutes=25, by=leila, now=now)


# --- read, nudged, silent ----------------------------------------------------------------------------


def test_reading_is_noted_the_first_time_by_the_mentor_alone(need, mentors, leila, now):
    asked = ask(need, mentors[0], MONDAY, now)
    asking.note_read([asked], by=leila, now=now)
    assert not Ask.objects.within(need.org).exists()

    asking.note_read([asked], by=mentors[0], now=now)
    asking.note_read([asked], by=mentors[0], now=now + DAY)

    assert Ask.objects.within(need.org).get(session=asked).read_at == now


def test_a_nudge_comes_after_a_day_and_once(need, mentors, now):
    ask(need, mentors[0], MONDAY, now)

    assert asking.nudge(now=now + DAY - timedelta(seconds=1)) == 0
    assert [asking.nudge(now=now + DAY + n * timedelta(minutes=1)) for n in range(3)] == [1, 0, 0]
    assert news()["SessionNudged"] == 1


def test_nobody_is_nudged_who_answered_or_whose_time_is_over(need, mentors, now):
    first, second, third = (ask(need, mentor, MONDAY, now) for mentor in mentors)
    services.decline(session=first, by=mentors[0], now=now)
    asking.offer_times(session=second, starts=[TWO], by=mentors[1], now=now)
    MentoringSession.objects.within(need.org).filter(pk=third.pk).update(answer_by=now + DAY)

    assert asking.nudge(now=now + DAY) == 0


def let_one_run_out(mentor, org, now, hours=48) -> MentoringSession:
    need = NeedFactory(mentee=PersonFactory(org=org), org=org)
    session = make_session(need, mentor, now + timedelta(days=9), status=Status.ASKED, now=now)
    MentoringSession.objects.within(org).filter(pk=session.pk).update(answer_by=now + timedelta(hours=hours))
    services.expire(now=now + timedelta(hours=hours))
    session.refresh_from_db()
    return session


def is_found(mentor, org, now) -> bool:
    return Profile.objects.within(org).mentors().not_paused(now.date()).filter(person=mentor).exists()


def test_two_silences_in_a_row_pause_a_mentor_until_one_press(mentors, commons, now):
    let_one_run_out(mentors[0], commons, now)
    assert is_found(mentors[0], commons, now)

    last = let_one_run_out(mentors[0], commons, now + DAY)

    assert not is_found(mentors[0], commons, now + 60 * DAY)
    assert Ask.objects.within(commons).get(session=last).paused
    assert silence.is_paused_for_it(mentors[0], org=commons)

    silence.come_back(mentors[0], org=commons, now=now)

    assert is_found(mentors[0], commons, now)
    assert not silence.is_paused_for_it(mentors[0], org=commons)
    let_one_run_out(mentors[0], commons, now + 2 * DAY)
    assert is_found(mentors[0], commons, now), "the count began anew"


@pytest.mark.parametrize("answer", ["yes", "no", "other time", "somebody better"])
def test_any_answer_in_between_begins_the_count_anew(need, mentors, commons, now, answer):
    let_one_run_out(mentors[0], commons, now)
    asked = ask(need, mentors[0], MONDAY, now)
    {
        "yes": lambda: services.accept(session=asked, by=mentors[0], now=now),
        "no": lambda: services.decline(session=asked, by=mentors[0], now=now),
        "other time": lambda: asking.offer_times(session=asked, starts=[TWO], by=mentors[0], now=now),
        "somebody better": lambda: asking.pass_on(session=asked, to=mentors[1], by=mentors[0], now=now),
    }[answer]()

    let_one_run_out(mentors[0], commons, now)

    assert is_found(mentors[0], commons, now)


def test_a_request_for_the_next_hour_is_held_against_nobody(mentors, commons, now):
    for _ in range(3):
        let_one_run_out(mentors[0], commons, now, hours=1)
    assert is_found(mentors[0], commons, now)
