"""Ten more minutes by consent: for both or for neither, and never where somebody is taken."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from psycopg.types.multirange import TimestamptzMultirange
from psycopg.types.range import TimestamptzRange
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.availability.models import BusyTime, OutsideCalendar
from quarterhour.core import outbox
from quarterhour.core.models import OutboxEvent
from quarterhour.notifications import mailings
from quarterhour.notifications.models import SentMail
from quarterhour.sessions import services
from quarterhour.sessions.longer import NoMoreTime, check_free, extend
from quarterhour.sessions.models import MentoringSession, Status, TimeClaim
from quarterhour.sessions.rules import WrongState

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def session(need, amara, now):
    """It ends in two minutes."""
    return make_session(need, amara, now - 23 * MINUTE, now=now - timedelta(days=1))


def more(session, by, now, **other):
    given = {"session_id": session.pk, "org_id": session.org_id, "ends_at": session.ends_at, "agreed_by": by.pk}
    return extend(**given | other, now=now)


def another(mentor, mentee, start, commons, **how):
    return make_session(NeedFactory(mentee=mentee, org=commons), mentor, start, **how)


def test_both_agree_and_it_ends_ten_minutes_later_for_both(session, leila, now):
    done = more(session, leila, now)

    assert done.ends_at == session.ends_at + 10 * MINUTE
    assert (done.sequence, done.status, done.changed_by) == (1, Status.CONFIRMED, leila)
    claims = TimeClaim.objects.filter(session=session)
    assert {(claim.during.lower, claim.during.upper) for claim in claims} == {(session.starts_at, done.ends_at)}
    assert OutboxEvent.objects.filter(name="SessionExtended").count() == 1


def test_calendars_are_told_once_it_took(session, leila, amara, now):
    more(session, leila, now)
    outbox.drain(now=now)
    for person in (leila, amara):
        row = SentMail.objects.within(session.org_id).get(person=person, reason=f"longer {session.pk} 1")
        calendar = next(
            part.get_payload(decode=True).decode() for part in mailings.message_for(row, now=now).walk()
            if part.get_content_type() == "text/calendar"
        )  # fmt: skip
        assert "SEQUENCE:1" in calendar
        assert "METHOD:REQUEST" in calendar


def test_agreed_twice_it_is_given_once(session, leila, now):
    more(session, leila, now)
    with pytest.raises(NoMoreTime, match="already"):
        more(session, leila, now)
    assert MentoringSession.objects.within(session.org_id).get().minutes == 35


@pytest.mark.parametrize("away", [0, 9])
@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_whoever_has_something_right_after_ends_in_time(session, leila, amara, commons, now, side, away):
    start = session.ends_at + away * MINUTE
    if side == "mentor":
        another(amara, PersonFactory(org=commons), start, commons)
    else:
        another(MentorFactory(org=commons), leila, start, commons)
    with pytest.raises(NoMoreTime, match="Amara" if side == "mentor" else "Leila"):
        more(session, leila, now)
    unchanged = MentoringSession.objects.within(commons).get(pk=session.pk)
    assert (unchanged.span, unchanged.sequence) == (session.span, 0)
    assert not OutboxEvent.objects.filter(name="SessionExtended").exists()


def test_what_begins_when_the_ten_minutes_end_is_in_nobodys_way(session, amara, leila, commons, now):
    another(amara, PersonFactory(org=commons), session.ends_at + 10 * MINUTE, commons)
    assert more(session, leila, now).minutes == 35


def test_a_hold_that_ran_out_is_in_nobodys_way(session, amara, leila, commons, now):
    held = another(amara, PersonFactory(org=commons), session.ends_at, commons, status=Status.HELD)
    MentoringSession.objects.within(commons).filter(pk=held.pk).update(held_until=now + MINUTE)
    with pytest.raises(NoMoreTime):
        check_free(session, now=now)
    MentoringSession.objects.within(commons).filter(pk=held.pk).update(held_until=now)
    assert more(session, leila, now).minutes == 35


def test_a_mentor_who_is_busy_elsewhere_ends_in_time(session, amara, leila, now):
    calendar = OutsideCalendar.objects.create(
        person=amara, kind="ics", name="x", shown="x", sealed="x", added_at=now, due_at=now
    )
    gone = TimestamptzMultirange([TimestamptzRange(session.ends_at, session.ends_at + 5 * MINUTE)])
    BusyTime.objects.create(person=amara, calendar=calendar, busy=gone)
    with pytest.raises(NoMoreTime, match="Amara"):
        more(session, leila, now)


def test_it_is_offered_in_the_last_three_minutes_and_not_after(session, now):
    for at in (session.ends_at - 3 * MINUTE - timedelta(seconds=1), session.ends_at):
        with pytest.raises(NoMoreTime, match="last three minutes"):
            check_free(session, now=at)
    check_free(session, now=session.ends_at - 3 * MINUTE)
    assert session.status == Status.CONFIRMED


def test_an_hour_is_the_most(need, amara, leila, now):
    long = make_session(need, amara, now - 58 * MINUTE, minutes=60)
    with pytest.raises(NoMoreTime, match="60 minutes"):
        more(long, leila, now)


def test_what_is_over_stays_over(session, leila, now):
    services.end(session=session, now=now)
    with pytest.raises(WrongState):
        more(session, leila, now)


@pytest.mark.django_db(transaction=True)
def test_of_more_time_and_a_booking_at_the_same_moment_one_is_first(leila, amara, commons, now, at_once):
    """Ten times: never both, and never a deadlock."""
    for n in range(10):
        start = now - 23 * MINUTE + n * timedelta(hours=1)
        session = another(amara, leila, start, commons)
        need = NeedFactory(mentee=PersonFactory(org=commons), org=commons)

        def agree(session=session):
            return more(session, leila, session.ends_at - 2 * MINUTE)

        def take(session=session, need=need):
            return services.book(
                need=need, mentor=amara, start=session.ends_at + 4 * MINUTE, minutes=25, by=need.mentee,
                now=session.ends_at - 2 * MINUTE,
            )  # fmt: skip

        at_once([agree, take] if n % 2 else [take, agree])
        claims = TimeClaim.objects.filter(person=amara, during__endswith__gt=start).order_by("during")
        spans = [claim.during for claim in claims]
        assert all(one.upper <= other.lower for one, other in pairwise(spans))
        fresh = MentoringSession.objects.within(commons).get(pk=session.pk)
        assert fresh.claims.count() == 2
        assert {claim.during.upper for claim in fresh.claims.all()} == {fresh.ends_at}
