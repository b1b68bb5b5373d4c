"""Ten minutes after the start somebody waits alone: one press, and never while the other one is there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories import NeedFactory, PersonFactory, make_session

from quarterhour.core.errors import NotFound
from quarterhour.core.ids import uuid7
from quarterhour.engines.attendance import Verdict
from quarterhour.sessions.models import AttendanceEvent, HowKept, MentoringSession, Status, TimeClaim
from quarterhour.sessions.nobody_came import NotAlone, TooEarly, nobody_came
from quarterhour.sessions.room import store
from quarterhour.sessions.room.store import Happening
from quarterhour.sessions.rules import WrongState

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
KINDS = AttendanceEvent.Kind


@pytest.fixture
def session(need, amara, now):
    """It began eleven minutes ago."""
    return make_session(need, amara, now - 11 * MINUTE, now=now - timedelta(days=1))


def seen(session, person, *lines):
    """lines: (kind, minute of the session)."""
    tab = uuid7()
    for kind, minute in lines:
        AttendanceEvent.objects.create(
            org=session.org, session=session, person=person, kind=kind, connection=tab,
            at=session.starts_at + minute * MINUTE,
        )  # fmt: skip


def waits(session, person, *, since=-1, kind=KINDS.JOINED):
    seen(session, person, (kind, since), (KINDS.HEARTBEAT, 9.8), (KINDS.HEARTBEAT, 10.8))


@pytest.mark.parametrize("place", [KINDS.JOINED, KINDS.WAITING])
def test_whoever_waits_in_the_room_or_the_lobby_ends_it_and_has_the_rest_of_the_time(session, leila, now, place):
    waits(session, leila, kind=place)

    done = nobody_came(session=session, by=leila, now=now)

    assert (done.status, done.ended_at) == (Status.ENDED, now)
    assert HowKept.objects.within(session.org_id).get().word == Verdict.MISSED_BY_MENTOR
    claims = TimeClaim.objects.filter(session=session)
    assert [(claim.during.lower, claim.during.upper) for claim in claims] == [(session.starts_at, now)] * 2


def test_a_mentor_ends_it_just_so_and_can_be_booked_at_once(session, amara, commons, now):
    waits(session, amara)
    nobody_came(session=session, by=amara, now=now)
    assert HowKept.objects.within(commons).get().word == Verdict.MISSED_BY_MENTEE
    other = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
    assert TimeClaim.objects.filter(session=make_session(other, amara, now, now=now)).count() == 2


def test_ten_minutes_are_waited_for(session, leila, now):
    waits(session, leila)
    with pytest.raises(TooEarly):
        nobody_came(session=session, by=leila, now=session.starts_at + 10 * MINUTE - timedelta(seconds=1))
    nobody_came(session=session, by=leila, now=session.starts_at + 10 * MINUTE)
    assert HowKept.objects.within(session.org_id).exists()


def test_whoever_came_late_themselves_waits_five_minutes(session, leila, now):
    waits(session, leila, since=8)
    with pytest.raises(TooEarly, match="3 more minutes"):
        nobody_came(session=session, by=leila, now=now)


@pytest.mark.parametrize("place", [KINDS.JOINED, KINDS.WAITING])
def test_it_never_ends_while_the_other_one_is_there(session, leila, amara, now, place):
    waits(session, leila)
    seen(session, amara, (place, 10.9))
    with pytest.raises(NotAlone, match="Amara has just come"):
        nobody_came(session=session, by=leila, now=now)
    assert MentoringSession.objects.within(session.org_id).get().status == Status.CONFIRMED


def test_who_has_met_leaves_otherwise(session, leila, amara, now):
    waits(session, leila)
    seen(session, amara, (KINDS.JOINED, 0), (KINDS.LEFT, 3))
    with pytest.raises(NotAlone, match="have met"):
        nobody_came(session=session, by=leila, now=now)


def test_who_was_there_in_time_and_gave_up_has_missed_nothing_alone(session, leila, amara, now):
    seen(session, amara, (KINDS.JOINED, 0), (KINDS.LEFT, 5))
    waits(session, leila, since=5.5)
    with pytest.raises(NotAlone, match="was there as well"):
        nobody_came(session=session, by=leila, now=now)


def test_a_page_that_was_killed_long_ago_is_not_there(session, leila, amara, now):
    waits(session, leila)
    seen(session, amara, (KINDS.JOINED, -5), (KINDS.HEARTBEAT, -4))
    assert nobody_came(session=session, by=leila, now=now).status == Status.ENDED


def test_strangers_and_other_states_are_refused(session, leila, commons, now):
    with pytest.raises(NotFound):
        nobody_came(session=session, by=PersonFactory(org=commons), now=now)
    waits(session, leila)
    nobody_came(session=session, by=leila, now=now)
    with pytest.raises(WrongState):
        nobody_came(session=session, by=leila, now=now)


def coming(session, person, now) -> Happening:
    return Happening(session.org_id, session.pk, person.pk, uuid7(), KINDS.JOINED, now)


def test_whoever_comes_after_the_press_is_not_let_in(session, leila, amara, now):
    waits(session, leila)
    nobody_came(session=session, by=leila, now=now)
    assert store.arrive(coming(session, amara, now)) is False
    assert not AttendanceEvent.objects.within(session.org_id).filter(person=amara).exists()


@pytest.mark.django_db(transaction=True)
def test_of_a_press_and_an_entry_in_the_same_second_one_is_first(leila, amara, commons, now, at_once):
    """Twenty times: either somebody came in and nothing ended, or it ended and nobody came in."""
    entered = ended = 0
    for n in range(20):
        need = NeedFactory(mentee=leila, org=commons)
        session = make_session(need, amara, now - 11 * MINUTE - n * timedelta(hours=1), now=now)
        at = session.starts_at + 11 * MINUTE
        waits(session, leila)

        def press(session=session, at=at):
            try:
                nobody_came(session=session, by=leila, now=at)
            except NotAlone:
                return False
            return True

        def enter(session=session, at=at):
            return store.arrive(coming(session, amara, at))

        acts = [press, enter] if n % 2 else [enter, press]
        results = dict(zip(("first", "second"), at_once(acts), strict=True))
        did_end, came_in = (results["first"], results["second"]) if n % 2 else (results["second"], results["first"])
        assert did_end != came_in
        inside = AttendanceEvent.objects.within(commons).filter(session=session, person=amara)
        assert inside.exists() == came_in
        ended, entered = ended + did_end, entered + came_in
    assert ended + entered == 20
