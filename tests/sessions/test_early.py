"""Whoever was slower is told at once: a refusal that one reading gives waits for nobody's lock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import NeedFactory, PersonFactory, make_session

from quarterhour.core.errors import NotAllowed
from quarterhour.core.limits import spend
from quarterhour.engines.hours import awake
from quarterhour.people.services import block
from quarterhour.sessions import nearest, services
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.rules import WrongState
from quarterhour.sessions.services import SpanTaken

AT_TEN = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def told(django_db_setup):
    """What a refused deed said, and the statements it sent that lock somebody."""

    def _told(refusal, deed):
        with CaptureQueriesContext(connection) as sent, pytest.raises(refusal) as refused:
            deed()
        return refused.value, [each["sql"] for each in sent if "FOR NO KEY UPDATE" in each["sql"]]

    return _told


def hold(need, mentor, start, now):
    return services.hold(need=need, mentor=mentor, start=start, minutes=25, by=need.mentee, now=now)


def test_a_time_somebody_else_holds_is_refused_without_a_lock(amara, leila, commons, now, told, db):
    hold(NeedFactory(mentee=PersonFactory(org=commons), org=commons), amara, AT_TEN, now)

    taken, locks = told(SpanTaken, lambda: hold(NeedFactory(mentee=leila, org=commons), amara, AT_TEN, now))

    assert taken.told == "Amara Okafor was just booked for that time. Your question is saved."
    assert len(taken.starts) == 3
    assert AT_TEN not in taken.starts
    assert locks == []


def test_the_other_times_are_those_the_locks_would_have_told(amara, leila, commons, now, db):
    need = NeedFactory(mentee=leila, org=commons)
    make_session(NeedFactory(mentee=PersonFactory(org=commons), org=commons), amara, AT_TEN)
    with pytest.raises(SpanTaken) as early:
        hold(need, amara, AT_TEN, now)
    with pytest.raises(SpanTaken) as late:
        services.book(need=need, mentor=amara, start=AT_TEN, minutes=25, by=leila, now=now)

    assert early.value.starts == late.value.starts
    assert early.value.told == late.value.told


def test_what_somebody_holds_themselves_is_in_nobodys_way(amara, leila, commons, now, db):
    need = NeedFactory(mentee=leila, org=commons)
    hold(need, amara, AT_TEN, now)
    hold(need, amara, AT_TEN + timedelta(minutes=15), now)

    assert MentoringSession.objects.within(commons).filter(status=Status.HELD).count() == 1


def test_a_hold_that_ran_out_is_in_nobodys_way(amara, leila, commons, now, db):
    hold(NeedFactory(mentee=PersonFactory(org=commons), org=commons), amara, AT_TEN, now)
    kept = hold(NeedFactory(mentee=leila, org=commons), amara, AT_TEN, now + timedelta(minutes=11))

    assert kept.status == Status.HELD


def test_whoever_is_kept_apart_hears_of_no_other_times(amara, leila, commons, now, told, db):
    make_session(NeedFactory(mentee=PersonFactory(org=commons), org=commons), amara, AT_TEN)
    block(by=amara, other=leila, org=commons, now=now)

    refused, _ = told(NotAllowed, lambda: hold(NeedFactory(mentee=leila, org=commons), amara, AT_TEN, now))

    assert refused.told == "Amara Okafor does not offer time here. Your question is saved."


@pytest.mark.parametrize(("state", "deed"), [(Status.THANKED, "accept"), (Status.CONFIRMED, "confirm")])
def test_a_session_that_was_read_in_another_state_is_refused_without_a_lock(
    amara, leila, commons, now, told, db, state, deed
):
    session = make_session(NeedFactory(mentee=leila, org=commons), amara, AT_TEN, status=state)
    by = amara if deed == "accept" else leila

    _, locks = told(WrongState, lambda: getattr(services, deed)(session=session, by=by, now=now))

    assert locks == []


times = st.integers(0, 21 * 24 * 4).map(lambda n: NOON + timedelta(minutes=15 * n))


@given(free=st.sets(times, max_size=40), near=times, known=st.sets(times, max_size=3))
def test_the_nearest_three_are_those_of_all_there_are(free, near, known):
    """However few are asked for at first."""
    here = ZoneInfo("America/Lima")
    by_day = awake(near.astimezone(here))

    def between(pair):
        return sorted(start for start in free if pair[0] <= start < pair[1])

    found = nearest.nearest(between, near=near, now=NOON, zone="America/Lima", known=known)

    first, last = nearest.horizon(near, NOON)
    left = [start for start in between((first, last)) if start not in known]
    by_hand = sorted(left, key=lambda start: (by_day and not awake(start.astimezone(here)), abs(start - near), start))
    assert found == sorted(by_hand[:3])


@pytest.mark.django_db(transaction=True)
def test_a_count_of_tries_waits_for_the_disk_only_with_something_that_does(now):
    def sent():
        with CaptureQueriesContext(connection) as queries:
            spend("tries", most=3, per=HOUR, now=now, told="Too many.")
        return " ".join(each["sql"] for each in queries)

    from django.db import transaction

    assert "synchronous_commit" in sent()
    with transaction.atomic():
        assert "synchronous_commit" not in sent()
