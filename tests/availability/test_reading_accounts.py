"""Calendars of an account, found and read on a real CalDAV server."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.availability.conftest import PASSWORD, USER
from tests.availability.outside import AT_TEN, DAY, event, free, ics, read

from quarterhour.availability import caldav, calendars, reading
from quarterhour.availability.calendar_models import CalendarAccount
from quarterhour.core.fetching import fetch


@pytest.fixture
def home(radicale, near):
    """A fresh calendar of the user's on a real server. Yields its address."""
    name = uuid4().hex
    body = (
        '<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>'
        f"<D:displayname>Work {name}</D:displayname></D:prop></D:set></C:mkcalendar>"
    ).encode()
    address = f"{radicale}{USER}/{name}/"
    answer = fetch(address, method="MKCALENDAR", body=body, login=(USER, PASSWORD))
    assert answer.status == 201
    yield address
    fetch(address, method="DELETE", login=(USER, PASSWORD))


def put(address: str, text: str, name: str = "one") -> None:
    made = fetch(f"{address}{name}.ics", method="PUT", body=ics(text), login=(USER, PASSWORD))
    assert made.status in {201, 204}


@pytest.mark.parametrize("path", ["", f"{USER}/", ".well-known/caldav"])
def test_the_calendars_of_an_account_are_found_from_any_of_its_addresses(radicale, home, amara, now, path):
    account = calendars.add_account(person=amara, address=radicale + path, user=USER, password=PASSWORD, now=now)
    reading.look_into(account.pk, now=now)
    account.refresh_from_db()
    assert account.problem == ""
    assert home in [each["address"] for each in account.found]


def test_a_calendar_of_an_account_is_chosen_and_read(radicale, home, amara, now):
    before = free(amara, now)
    put(home, event(AT_TEN))
    put(home, event(AT_TEN - 7 * DAY, 15, "", "RRULE:FREQ=DAILY;BYHOUR=8"), "daily")
    account = calendars.add_account(person=amara, address=home, user=USER, password=PASSWORD, now=now)
    assert free(amara, now) == before, "an account is no calendar yet"
    reading.look_into(account.pk, now=now)
    (row,) = calendars.choose(person=amara, account_id=account.pk, numbers=[0], now=now)
    assert row.name.startswith("Work ")
    assert free(amara, now) == []

    row = read(row, now)
    assert (row.problem, row.events) == ("", 2)
    assert free(amara, now) == [each for each in before if not "26 09:36" <= each < "26 11:00" and each != "27 08:00"]

    assert read(row, now + timedelta(hours=1)).whole_at == now, "the server's tag says that nothing changed"
    put(home, event(AT_TEN + timedelta(hours=1)), "another")
    assert read(row, now + timedelta(hours=2)).whole_at == now + timedelta(hours=2)
    assert calendars.choose(person=amara, account_id=account.pk, numbers=[0], now=now) == []


def test_an_empty_calendar_of_a_real_server_is_free(radicale, home, amara, now):
    before = free(amara, now)
    account = calendars.add_account(person=amara, address=home, user=USER, password=PASSWORD, now=now)
    reading.look_into(account.pk, now=now)
    (row,) = calendars.choose(person=amara, account_id=account.pk, numbers=[0], now=now)
    read(row, now)
    assert free(amara, now) == before


def test_a_wrong_password_is_said_and_a_new_one_helps(radicale, home, amara, now):
    account = calendars.add_account(person=amara, address=home, user=USER, password="wrong", now=now)
    reading.look_into(account.pk, now=now)
    account.refresh_from_db()
    assert "does not accept this user name and password" in account.problem
    assert account.found == []


def test_a_password_that_is_taken_back_leaves_what_was_known(radicale, home, amara, now):
    put(home, event(AT_TEN))
    account = calendars.add_account(person=amara, address=home, user=USER, password=PASSWORD, now=now)
    reading.look_into(account.pk, now=now)
    (row,) = calendars.choose(person=amara, account_id=account.pk, numbers=[0], now=now)
    read(row, now)
    known = free(amara, now)
    sealed = calendars.seal({"address": home, "login": [USER, "old"]}, purpose=calendars.PURPOSE)
    CalendarAccount.objects.update(sealed=sealed)
    assert "does not accept" in read(row, now + timedelta(hours=1)).problem
    assert free(amara, now) == known


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html></html>", b"<a><b></a>", b"\xff\xfe<\0a\0/\0>\0",
        b'<!DOCTYPE a [<!ENTITY x "y">]><D:multistatus xmlns:D="DAV:"/>',
    ],
)  # fmt: skip
def test_an_answer_that_is_no_caldav_is_a_sentence(body, amara, now, near):
    class Answer:
        status, address = 207, caldav.read_address("https://x.example/")

    Answer.body = body
    if body == b"<html></html>":
        assert list(caldav._responses(Answer)) == []
        return
    with pytest.raises(caldav.FetchFailed):
        list(caldav._responses(Answer))
