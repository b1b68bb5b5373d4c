"""Calendars of elsewhere, read by the job from real servers and from bad ones, and what that does to booking."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from uuid import uuid4

import pytest
import structlog
from django.db import connection
from tests.availability.outside import AT_TEN, DAY, event, free, ics, read
from tests.core.evil_server import evil_server
from tests.factories import MentorFactory, NeedFactory, make_session

from quarterhour.availability import caldav, calendar_queries, calendars, reading
from quarterhour.availability.calendar_models import OutsideCalendar
from quarterhour.core import outbox
from quarterhour.core.errors import Invalid, NotFound, TooMany
from quarterhour.core.fetching import rests
from quarterhour.core.models import OutboxEvent
from quarterhour.matching.models import Capacity
from quarterhour.sessions import calendars as ours
from quarterhour.sessions import queries, services


@pytest.fixture
def add(server, now):
    """Give an ICS address of the server to somebody."""

    def give(person, path="/a.ics", body=None):
        if body is not None:
            server.bodies[path] = body
        address = f"http://127.0.0.1:{server.port}{path}"
        return calendars.add_address(person=person, address=address, name="", now=now)

    return give


def test_until_a_calendar_was_read_all_time_is_busy_then_its_own_alone(add, amara, now):
    before = free(amara, now)
    row = add(amara, body=ics(event(AT_TEN)))
    assert free(amara, now) == []
    assert calendar_queries.state_of(row, now=now).word == "new"

    assert read(row, now).problem == ""
    assert free(amara, now) == [each for each in before if not "26 09:36" <= each < "26 11:00"]
    assert calendar_queries.state_of(row, now=now).word == "fine"


def test_one_predicate_lists_holds_books_and_moves(add, amara, need, leila, now):
    read(add(amara, body=ics(event(AT_TEN, 30))), now)
    for verb in (services.hold, services.book):
        with pytest.raises(services.SpanTaken):
            verb(need=need, mentor=amara, start=AT_TEN, minutes=25, by=leila, now=now)
    session = services.book(
        need=need, mentor=amara, start=AT_TEN + timedelta(minutes=30), minutes=25, by=leila, now=now
    )
    with pytest.raises(services.SpanTaken):
        services.move(session=session, start=AT_TEN + timedelta(minutes=15), by=leila, now=now)


def test_what_a_calendar_learns_while_a_time_is_held_stands_against_booking_it(add, server, amara, need, leila, now):
    row = read(add(amara, body=ics()), now)
    session = services.hold(need=need, mentor=amara, start=AT_TEN, minutes=25, by=leila, now=now)
    server.bodies["/a.ics"] = ics(event(AT_TEN))
    OutsideCalendar.objects.update(tag="")
    read(row, now)
    with pytest.raises(services.SpanTaken, match="not free at that time any more"):
        services.confirm(session=session, by=leila, now=now)


def test_a_mentee_decides_themselves_when_to_talk(add, amara, leila, need, now):
    before = free(amara, now, mentee=leila)
    add(leila)  # never read: all of their time is busy, for whoever asks them
    assert free(amara, now, mentee=leila) == before
    assert services.book(need=need, mentor=amara, start=AT_TEN, minutes=25, by=leila, now=now)


def test_a_calendar_counts_in_every_organisation_and_matching_is_told(add, amara, now):
    from quarterhour.availability.models import Availability
    from quarterhour.core.models import Organisation

    other = Organisation.objects.create(name="Elsewhere", slug="elsewhere")
    Availability.objects.create(org=other, mentor=amara, zone=amara.zone, weekly={"thu": [["09:00", "12:00"]]})
    row = add(amara, body=ics(event(now, 24 * 60 * 30)))
    outbox.drain(now=now)
    OutboxEvent.objects.all().delete()
    read(row, now)
    told = OutboxEvent.objects.filter(name="AvailabilityChanged").values_list("org__slug", flat=True)
    assert sorted(told) == ["commons", "elsewhere"]
    outbox.drain(now=now)
    assert "1" not in Capacity.objects.of_every_tenant(because="a test").values_list("hours", flat=True)[0]


def test_nothing_new_is_no_news(add, amara, now):
    row = read(add(amara, body=ics(event(AT_TEN))), now)
    OutboxEvent.objects.all().delete()
    read(row, now + timedelta(hours=13))
    assert not OutboxEvent.objects.filter(name="AvailabilityChanged").exists()


def test_an_unchanged_calendar_is_known_by_its_tag_and_read_whole_twice_a_day(add, server, amara, now):
    row = read(add(amara, body=ics(event(AT_TEN))), now)
    assert row.tag == 'Africa/Lagos "one"'
    later = now + timedelta(hours=1)
    assert read(row, later).read_at == later
    assert row.whole_at == now
    assert read(row, now + timedelta(hours=13)).whole_at == now + timedelta(hours=13)


def test_who_moves_to_another_clock_has_other_days(add, server, amara, now):
    whole_day = "BEGIN:VEVENT\r\nUID:d\r\nDTSTART;VALUE=DATE:20261127\r\nEND:VEVENT\r\n"
    row = read(add(amara, body=ics(whole_day)), now)
    assert not [each for each in free(amara, now, days=2) if each.startswith("27")]
    type(amara).objects.filter(pk=amara.pk).update(zone="Pacific/Kiritimati")  # their 27th is over at 10:00 UTC
    row = read(row, now + timedelta(minutes=15))
    assert row.whole_at == now + timedelta(minutes=15), "the server's tag is no excuse"
    assert [each for each in free(amara, now, days=2) if each.startswith("27")] == ["27 10:00", "27 10:15", "27 10:30"]


def test_beyond_the_reach_of_the_last_reading_nothing_is_free(add, server, amara, now):
    row = read(add(amara, body=ics()), now)
    server.bodies.clear()
    later = now + timedelta(days=95)
    read(row, later)
    row.refresh_from_db()
    starts = free(amara, later, days=20)
    assert starts
    assert row.whole_at + reading.AHEAD == now + timedelta(days=100)
    assert max(starts) < "07"  # of March: the hundred days end on the 6th
    assert calendar_queries.state_of(row, now=later).word == "stale"


BAD = {
    "/nowhere.ics": "nothing at this address any more",
    "/silent": "did not answer within 1 seconds",
    "/drip": "did not answer within 1 seconds",
    "/endless": "sends more than 40 MB",
    "/bomb": "not a calendar",
    "/short": "stopped in the middle",
    "/babble": "an answer we cannot read",
    "/round/": "round in circles",
    "/to/302/http://10.0.0.1/": "not on the public internet",
    "/to/302/http://169.254.169.254/latest/meta-data/": "not on the public internet",
    "/page.ics": "a web page, not a calendar",
    "/half.ics": "ends in the middle",
}


@pytest.mark.parametrize(("path", "told"), BAD.items(), ids=BAD)
def test_what_cannot_be_read_keeps_what_was_known_and_says_why(add, server, amara, now, monkeypatch, path, told):
    monkeypatch.setattr(reading, "SECONDS", 20.0 if path in {"/endless", "/bomb"} else 1.0)
    row = read(add(amara, body=ics(event(AT_TEN))), now)
    known = free(amara, now)
    server.bodies |= {"/page.ics": b"<!doctype html><html>", "/half.ics": ics(event(AT_TEN))[:-20]}
    sealed = calendars.seal({"address": f"http://127.0.0.1:{server.port}{path}"}, purpose=calendars.PURPOSE)
    OutsideCalendar.objects.update(sealed=sealed, tag="")

    row = read(row, now + timedelta(minutes=20))
    assert told in row.problem
    assert free(amara, now) == known
    assert row.read_at == now
    assert calendar_queries.state_of(row, now=now + timedelta(minutes=20)).word == "troubled"


def test_what_never_could_be_read_is_never_free(add, server, amara, now):
    row = read(add(amara, "/page.ics", b"<html>Sign in</html>"), now)
    assert calendar_queries.state_of(row, now=now).word == "unread"
    assert free(amara, now) == []


def test_a_calendar_that_fails_is_tried_less_and_less_and_at_once_again_when_it_is_back(add, server, amara, now):
    row = add(amara)
    rests = []
    for _ in range(10):
        read(row, now)
        rests.append(row.due_at - now)
    assert rests[0] == timedelta(minutes=1)
    assert rests == sorted(rests)
    assert rests[-1] == reading.LONGEST_REST
    server.bodies["/a.ics"] = ics()
    row = read(row, now)
    assert (row.failures, row.problem, row.failed_at) == (0, "", None)
    assert timedelta(minutes=11) < row.due_at - now < timedelta(minutes=19)


def test_a_server_that_asks_for_patience_gets_it(add, server, amara, now, monkeypatch):
    refused = caldav.Refused("x asks us to come less often.", answered=429, wait=3600)
    monkeypatch.setattr(reading, "fetch", lambda *_, **__: (_ for _ in ()).throw(refused))
    assert read(add(amara), now).due_at - now == timedelta(hours=1)


def test_one_bad_calendar_never_stops_the_others(add, server, amara, tomasz, now, monkeypatch):
    real = reading.busy_in

    def falling(data, *args):
        if b"fall" in data:
            raise RecursionError
        return real(data, *args)

    monkeypatch.setattr(reading, "busy_in", falling)
    bad, good = add(amara, "/bad.ics", b"fall"), add(tomasz, "/good.ics", ics())
    OutsideCalendar.objects.update(due_at=now)
    for key in reading.due(now=now):
        ours.read(key, now=now)
    bad.refresh_from_db()
    good.refresh_from_db()
    assert bad.problem == reading.WRONG
    assert good.read_at == now


def test_calendars_of_a_silent_server_are_not_waited_for_one_by_one(add, server, amara, now, monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0.3)
    rows = [add(amara, f"/silent/{n}") for n in range(6)]
    for row in rows:
        read(row, now)
    assert len(server.asked) == rests.MOST_SILENCES
    assert [row.failures for row in rows] == [1, 1, 1, 0, 0, 0]
    assert all(now < row.due_at < now + timedelta(minutes=4) for row in rows)

    with evil_server({"/a.ics": ics()}) as other:
        far = calendars.add_address(person=amara, address=f"http://127.0.0.1:{other.port}/a.ics", name="", now=now)
        assert read(far, now).read_at == now, "another server is asked all the while"

    later = now + rests.REST
    server.bodies["/silent/5"] = ics()
    speaking = server.RequestHandlerClass
    monkeypatch.setattr(speaking, "way_silent", speaking.way_plain)
    assert read(rows[5], later).read_at == later
    assert not rests.is_resting(f"http://127.0.0.1:{server.port}", now=later)


def test_a_redirect_cannot_have_another_server_left_in_peace(add, server, amara, now, monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0.3)
    with evil_server() as slow:
        row = add(amara, f"/to/302/http://127.0.0.1:{slow.port}/silent")
        for _ in range(4):
            read(row, now)
        assert rests.is_resting(f"http://127.0.0.1:{slow.port}", now=now)
        assert not rests.is_resting(f"http://127.0.0.1:{server.port}", now=now)


def test_a_calendar_is_read_by_one_worker_at_a_time(add, amara, now):
    row = add(amara, body=ics())
    OutsideCalendar.objects.update(due_at=now)
    assert ours.read(row.pk, now=now) is True
    assert ours.read(row.pk, now=now) is False
    row.delete()
    assert ours.read(row.pk, now=now) is False


def test_our_own_sessions_are_skipped_and_those_of_another_site_are_not(add, amara, tomasz, need, now):
    mine = make_session(need, amara, AT_TEN)
    theirs = make_session(NeedFactory(mentee=need.mentee, org=need.org), tomasz, AT_TEN + DAY)
    unknown = f"{uuid4()}@quarterhour"
    before = free(amara, now, days=2)
    row = read(add(amara, body=ics(event(AT_TEN, 120, mine.ical_uid), event(AT_TEN + DAY, 25, theirs.ical_uid))), now)
    assert free(amara, now, days=2) == [each for each in before if not "27 09:36" <= each < "27 10:25"]
    OutsideCalendar.objects.update(tag="")
    read(row, now)
    row.delete()
    read(add(amara, "/b.ics", ics(event(AT_TEN + timedelta(hours=1), 60, unknown))), now)
    assert not any("26 11:00" <= each < "26 12:00" for each in free(amara, now))


def test_what_counts_is_as_its_owner_says(add, amara, now):
    maybe = event(AT_TEN, 60, "", "STATUS:TENTATIVE")
    asked = event(AT_TEN + DAY, 60, "", "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:amara@work.example")
    before = free(amara, now, days=2)
    row = read(add(amara, body=ics(maybe, asked)), now)
    both = free(amara, now, days=2)
    given = {"person": amara, "calendar_id": row.pk, "name": "Work", "known_as": "Amara@work.example", "now": now}
    calendars.change(**given, tentative=False, unanswered=True)
    read(row, now)
    one = free(amara, now, days=2)
    calendars.change(**given, tentative=False, unanswered=False)
    read(row, now)
    assert len(both) < len(one) < len(before)
    assert free(amara, now, days=2) == before


def test_a_removed_calendar_takes_no_time(add, amara, now):
    before = free(amara, now)
    row = add(amara)
    calendars.remove(person=amara, calendar_id=row.pk, now=now)
    assert free(amara, now) == before


def test_addresses_and_passwords_stand_nowhere_in_the_open(server, amara, now, caplog):
    secret = "private-9f8e7d6c5b4a"
    caplog.set_level(logging.DEBUG)
    address = f"http://127.0.0.1:{server.port}/{secret}.ics"
    with structlog.testing.capture_logs() as lines:
        row = calendars.add_address(person=amara, address=address, name="", now=now)
        account = calendars.add_account(person=amara, address=address, user="ann", password=secret, now=now)
        read(row, now)
        reading.look_into(account.pk, now=now)
    with connection.cursor() as cursor:
        for table in ("availability_outsidecalendar", "availability_calendaraccount", "core_outboxevent"):
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
            assert not any(secret in row for (row,) in cursor.fetchall()), table
    assert secret not in json.dumps(lines, default=str) + caplog.text
    assert calendars.address_of(row) == address
    assert calendars.login_of(account) == ("ann", secret)


def test_another_key_of_the_site_is_a_sentence(add, amara, now, settings):
    row = read(add(amara, body=ics(event(AT_TEN))), now)
    known = free(amara, now)
    settings.SECRET_KEY = "another"
    assert "Type it once more" in read(row, now).problem
    assert free(amara, now) == known


def test_there_is_an_end_to_calendars_and_to_trying(server, amara, now):
    base = f"http://127.0.0.1:{server.port}"
    for n in range(calendars.MOST):
        calendars.add_address(person=amara, address=f"{base}/{n}.ics", name="", now=now)
    with pytest.raises(Invalid, match="10 is the most"):
        calendars.add_address(person=amara, address=f"{base}/11.ics", name="", now=now)
    row = amara.outside_calendars.all()[0]
    for _ in range(30 - calendars.MOST):
        calendars.read_again(person=amara, calendar_id=row.pk, now=now)
    with pytest.raises(TooMany):
        calendars.read_again(person=amara, calendar_id=row.pk, now=now)


def test_the_same_address_twice_and_no_address_are_refused(add, amara, now):
    add(amara)
    with pytest.raises(Invalid, match="already"):
        add(amara)
    with pytest.raises(Invalid, match="begins with https"):
        calendars.add_address(person=amara, address="", name="", now=now)


def test_what_is_somebody_elses_does_not_exist(add, amara, tomasz, now):
    row = add(amara)
    account = calendars.add_account(person=amara, address="https://x.example", user="a", password="b", now=now)
    for verb in (calendars.remove, calendars.read_again, calendars.write_into):
        with pytest.raises(NotFound):
            verb(person=tomasz, calendar_id=row.pk, now=now)
    for verb in (calendars.remove_account, calendars.look_again):
        with pytest.raises(NotFound):
            verb(person=tomasz, account_id=account.pk, now=now)
    with pytest.raises(NotFound):
        calendars.choose(person=tomasz, account_id=account.pk, numbers=[0], now=now)


def test_mentors_with_calendars_cost_no_more_questions(add, commons, now, django_assert_num_queries):
    mentors = [MentorFactory(org=commons) for _ in range(3)]
    for n, mentor in enumerate(mentors):
        read(add(mentor, f"/{n}.ics", ics(event(AT_TEN))), now)
    for some in (mentors[:1], mentors):
        with django_assert_num_queries(3):
            queries.free_starts(
                mentor_ids=[each.pk for each in some], org=commons, minutes=25, between=(now, now + DAY), now=now
            )


def test_the_worker_is_woken_and_reads(amara, now, near, django_capture_on_commit_callbacks):
    from procrastinate.contrib.django.models import ProcrastinateJob

    with evil_server({"/a.ics": ics()}) as server:
        calendars.add_address(person=amara, address=f"http://127.0.0.1:{server.port}/a.ics", name="", now=now)
        calendars.add_account(person=amara, address="https://x.example", user="a", password="b", now=now)
        with django_capture_on_commit_callbacks(execute=True):
            outbox.drain(now=now)
        jobs = ProcrastinateJob.objects.filter(queue_name="calendars").values_list("task_name", flat=True)
        assert {each.rpartition(".")[2] for each in jobs} == {"read_calendar", "look_into_account"}
        row = amara.outside_calendars.get()
        assert ours.read(row.pk, now=now) is True, "its turn has come at once"
