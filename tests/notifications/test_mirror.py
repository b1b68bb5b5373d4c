"""Sessions in a mentor's own CalDAV calendar, on a real server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from icalendar import Calendar
from tests.availability.conftest import PASSWORD, USER, near, radicale, server  # noqa: F401 - used as fixtures
from tests.factories import NeedFactory, make_session

from quarterhour.availability import caldav, calendars, reading
from quarterhour.core import outbox
from quarterhour.core.fetching import fetch
from quarterhour.notifications import mirror
from quarterhour.notifications.mirror_models import MirroredSession
from quarterhour.sessions import calendars as outside
from quarterhour.sessions import services

AT_TEN = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
ME = (USER, PASSWORD)


@pytest.fixture
def work(radicale, near, amara, now):  # noqa: F811
    """Amara's calendar on the server, chosen to be written into."""
    address = f"{radicale}{USER}/{uuid4().hex}/"
    body = b'<C:mkcalendar xmlns:C="urn:ietf:params:xml:ns:caldav"/>'
    assert fetch(address, method="MKCALENDAR", body=body, login=ME).status == 201
    account = calendars.add_account(person=amara, address=address, user=USER, password=PASSWORD, now=now)
    reading.look_into(account.pk, now=now)
    (row,) = calendars.choose(person=amara, account_id=account.pk, numbers=[0], now=now)
    outside.read(row.pk, now=now)
    calendars.write_into(person=amara, calendar_id=row.pk, now=now)
    return row


def carry(now) -> None:
    outbox.drain(now=now)
    for key in mirror.due(now=now):
        mirror.carry(key, now=now)


def stands(row) -> list:
    found = caldav.events_of(
        calendars.address_of(row), ME, lo=AT_TEN - timedelta(days=9), hi=AT_TEN + timedelta(days=9), seconds=10
    )
    return [event for part in Calendar.from_ical(found, multiple=True) for event in part.walk("VEVENT")]


def where(row, session) -> str:
    return caldav.event_address(calendars.address_of(row), str(session.pk))


@pytest.fixture
def session(work, need, amara, leila, now):
    made = services.book(need=need, mentor=amara, start=AT_TEN, minutes=25, by=leila, now=now)
    carry(now)
    return made


def test_a_booked_session_stands_there_moves_and_goes(session, work, leila, now):
    (event,) = stands(work)
    assert (event["uid"], event["sequence"], event["dtstart"].dt) == (session.ical_uid, 0, AT_TEN)
    assert "Leila" in event["summary"]
    assert "organizer" not in event, "a server that schedules would invite people by itself"
    assert "attendee" not in event

    services.move(session=session, start=AT_TEN + timedelta(minutes=30), by=leila, now=now)
    carry(now)
    (event,) = stands(work)
    assert (event["uid"], event["sequence"], event["dtstart"].dt) == (
        session.ical_uid,
        1,
        AT_TEN + timedelta(minutes=30),
    )

    session.refresh_from_db()
    services.cancel(session=session, by=leila, now=now)
    carry(now)
    assert stands(work) == []


def test_what_we_wrote_is_not_read_back_as_busy(session, work, amara, leila, now):
    later = now + timedelta(hours=1)
    type(work).objects.update(due_at=later)
    assert outside.read(work.pk, now=later)
    work.refresh_from_db()
    assert work.events == 1
    moved = services.move(session=session, start=AT_TEN + timedelta(minutes=15), by=leila, now=now)
    assert moved.starts_at == AT_TEN + timedelta(minutes=15)


def test_news_that_comes_twice_and_late_leaves_the_same(session, work, now):
    for _ in range(2):
        MirroredSession.objects.of_every_tenant(because="a test").update(due_at=now, done_at=None, tag="")
        carry(now)
    assert len(stands(work)) == 1


def test_what_somebody_changed_or_removed_there_is_put_right(session, work, leila, now):
    theirs = mirror.entry(session, now=now).replace(b"Leila", b"Nobody")
    assert fetch(where(work, session), method="PUT", body=theirs, login=ME).status in {201, 204}
    services.move(session=session, start=AT_TEN + timedelta(minutes=30), by=leila, now=now)
    carry(now)
    (event,) = stands(work)
    assert "Leila" in event["summary"]

    caldav.delete(where(work, session), ME)
    session.refresh_from_db()
    services.move(session=session, start=AT_TEN, by=leila, now=now)
    carry(now)
    assert len(stands(work)) == 1

    caldav.delete(where(work, session), ME)
    session.refresh_from_db()
    services.cancel(session=session, by=leila, now=now)
    carry(now)
    assert mirror.trouble_of(session.mentor) == ""


def test_a_server_that_is_away_is_tried_again_and_nothing_is_lost(session, work, leila, amara, now):
    sealed = work.account.sealed
    wrong = calendars.seal({"address": calendars.address_of(work), "login": [USER, "x"]}, purpose=calendars.PURPOSE)
    type(work.account).objects.update(sealed=wrong)
    services.move(session=session, start=AT_TEN + timedelta(minutes=30), by=leila, now=now)
    carry(now)
    (row,) = MirroredSession.objects.visible_to(amara)
    assert "does not accept" in row.problem == mirror.trouble_of(amara)
    assert row.done_at is None
    assert row.due_at > now
    assert mirror.carry(row.pk, now=now) is False, "it rests"

    type(work.account).objects.update(sealed=sealed)
    assert mirror.carry(row.pk, now=row.due_at) is True
    assert stands(work)[0]["sequence"] == 1
    assert mirror.trouble_of(amara) == ""


def test_a_server_that_never_comes_back_is_given_up_in_the_end(session, work, amara, now):
    rows = MirroredSession.objects.of_every_tenant(because="a test")
    type(work.account).objects.update(sealed="broken")
    rows.update(done_at=None, due_at=now)
    for _ in range(mirror.MOST_ATTEMPTS + 2):
        rows.update(due_at=now)
        for key in mirror.due(now=now):
            mirror.carry(key, now=now)
    (row,) = rows.all()
    assert row.attempts == mirror.MOST_ATTEMPTS
    assert row.gave_up_at == now
    assert "Type it once more" in mirror.trouble_of(amara)


def test_a_calendar_chosen_later_gets_what_is_to_come(work, amara, leila, commons, now):
    calendars.write_into(person=amara, calendar_id=None, now=now)
    coming = make_session(NeedFactory(mentee=leila, org=commons), amara, AT_TEN)
    make_session(NeedFactory(mentee=leila, org=commons), amara, AT_TEN - timedelta(days=2), status="ended")
    carry(now)
    assert stands(work) == []
    calendars.write_into(person=amara, calendar_id=work.pk, now=now)
    assert mirror.write_all(amara, now=now) == 1
    carry(now)
    assert [event["uid"] for event in stands(work)] == [coming.ical_uid]


def test_a_held_or_requested_time_is_not_written(work, need, amara, leila, now):
    services.hold(need=need, mentor=amara, start=AT_TEN, minutes=25, by=leila, now=now)
    carry(now)
    assert stands(work) == []


def test_the_job_is_made_once_the_booking_is_kept(work, need, amara, leila, now, django_capture_on_commit_callbacks):
    from procrastinate.contrib.django.models import ProcrastinateJob

    services.book(need=need, mentor=amara, start=AT_TEN, minutes=25, by=leila, now=now)
    with django_capture_on_commit_callbacks(execute=True):
        outbox.drain(now=now)
    jobs = ProcrastinateJob.objects.filter(task_name__endswith="mirror_session")
    assert [job.queue_name for job in jobs] == ["calendars"]
