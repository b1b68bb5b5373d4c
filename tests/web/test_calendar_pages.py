"""The page of other calendars, as plain HTML, and the feed of one's own sessions."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from icalendar import Calendar
from tests.factories import NeedFactory, make_session

from quarterhour.availability import calendars, feeds
from quarterhour.availability.calendar_models import CalendarAccount, OutsideCalendar
from quarterhour.core.models import Organisation
from quarterhour.people.models import Membership

HERE = "/calendars/"
SECRET = "https://calendar.example/private-1a2b3c/basic.ics"


@pytest.fixture
def mentor(client, amara):
    client.force_login(amara)
    return amara


def add(client, address=SECRET, name="Work"):
    return client.post(f"{HERE}address/", {"ics-address": address, "ics-name": name})


def text(response) -> str:
    return response.content.decode()


def test_an_address_is_kept_and_never_shown_again(client, mentor):
    assert add(client).status_code == 302
    page = text(client.get(HERE))
    assert "Work" in page
    assert "calendar.example" in page
    assert "private-1a2b3c" not in page
    assert "Being read for the first time. Until then nobody can book you." in page
    assert 'hx-trigger="every 3s"' in page


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", "Write the address"),
        ("not an address", "There is a space"),
        ("ftp://x.example/a.ics", "cannot be read here"),
        ("https://x.example:22/a.ics", "Port 22"),
    ],
)
def test_what_cannot_be_used_comes_back_with_a_sentence_and_is_kept(client, mentor, address, told):
    response = add(client, address)
    assert response.status_code == 422
    page = text(response)
    assert told in page
    assert f'value="{address}"' in page or not address
    assert 'value="Work"' in page
    assert 'aria-invalid="true"' in page
    assert not OutsideCalendar.objects.exists()


def test_an_account_is_kept_its_password_is_not_sent_back(client, mentor):
    given = {"caldav-address": "caldav.example", "caldav-user": "", "caldav-password": "s3cret-word"}
    response = client.post(f"{HERE}account/", given)
    assert response.status_code == 422
    assert "Write the name you sign in with." in text(response)
    assert "s3cret-word" not in text(response)

    assert client.post(f"{HERE}account/", given | {"caldav-user": "amara"}).status_code == 302
    page = text(client.get(HERE))
    assert "amara at caldav.example" in page
    assert "Looking for its calendars" in page
    assert "s3cret-word" not in page


@pytest.fixture
def account(mentor, now):
    row = calendars.add_account(person=mentor, address="https://c.example/", user="a", password="b", now=now)
    found = [{"name": name, "address": f"https://c.example/{name}/"} for name in ("Work", "Home")]
    CalendarAccount.objects.update(found=found, looked_at=now)
    return row


def test_calendars_of_an_account_are_chosen(client, mentor, account):
    page = text(client.get(HERE))
    assert "Which of them count?" in page
    response = client.post(f"{HERE}account/{account.pk}/choose/", {"number": []})
    assert response.status_code == 422
    assert "Choose at least one calendar" in text(response)
    assert client.post(f"{HERE}account/{account.pk}/choose/", {"number": ["1", "7", "x"]}).status_code == 302
    assert [row.name for row in OutsideCalendar.objects.all()] == ["Home"]


def test_a_new_password_is_tried_at_once(client, mentor, account):
    response = client.post(f"{HERE}account/{account.pk}/password/", {f"{account.pk}-password": ""})
    assert response.status_code == 422
    assert "Write the password" in text(response)
    assert client.post(f"{HERE}account/{account.pk}/password/", {f"{account.pk}-password": "new"}).status_code == 302
    account.refresh_from_db()
    assert calendars.login_of(account) == ("a", "new")
    assert account.looked_at is None


def test_sessions_are_written_into_one_calendar_at_most(client, mentor, account, now):
    both = calendars.choose(person=mentor, account_id=account.pk, numbers=[0, 1], now=now)
    for row in both:
        assert client.post(f"{HERE}written/", {"calendar": str(row.pk)}).status_code == 302
        assert list(OutsideCalendar.objects.filter(written=True)) == [row]
    assert client.post(f"{HERE}written/", {"calendar": ""}).status_code == 302
    assert not OutsideCalendar.objects.filter(written=True).exists()
    assert client.post(f"{HERE}written/", {"calendar": "x"}).status_code == 422
    assert client.post(f"{HERE}written/", {"calendar": str(uuid4())}).status_code == 404


def test_what_counts_can_be_changed(client, mentor):
    add(client)
    row = OutsideCalendar.objects.get()
    given = {f"{row.pk}-name": "Job", f"{row.pk}-unanswered": "on", f"{row.pk}-known_as": "nobody"}
    response = client.post(f"{HERE}{row.pk}/change/", given)
    assert response.status_code == 422
    assert 'value="nobody"' in text(response)
    assert client.post(f"{HERE}{row.pk}/change/", given | {f"{row.pk}-known_as": "A@x.example"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.tentative, row.unanswered, row.known_as) == ("Job", False, True, ["a@x.example"])


STATES = {
    "fine": ({"read_at": 5, "whole_at": 5, "events": 1}, "Read 5 minutes ago: 1 event."),
    "troubled": (
        {"read_at": 120, "whole_at": 120, "problem": "x is silent."},
        "What we read 2 hours ago still counts.",
    ),
    "stale": ({"read_at": 60 * 72, "whole_at": 60 * 72, "problem": "x is silent."}, "3 days ago. x is silent."),
    "unread": ({"problem": "A web page."}, "It was never read, so nobody can book you."),
}


@pytest.mark.parametrize(("given", "told"), STATES.values(), ids=STATES)
def test_each_state_is_told_with_its_age(client, mentor, given, told):
    add(client)
    changes = {
        name: datetime.now(UTC) - timedelta(minutes=value) if name.endswith("_at") else value
        for name, value in given.items()
    }
    OutsideCalendar.objects.update(**changes)
    assert told in text(client.get(HERE))
    hours = text(client.get(reverse("availability:week")))
    assert ("See why" in hours) == (told in {STATES["stale"][1], STATES["unread"][1]})


def test_read_again_and_remove(client, mentor):
    add(client)
    row = OutsideCalendar.objects.get()
    assert client.post(f"{HERE}{row.pk}/again/").status_code == 302
    assert client.post(f"{HERE}{row.pk}/remove/").status_code == 302
    assert client.post(f"{HERE}{row.pk}/remove/").status_code == 404
    assert "None yet" in text(client.get(HERE))


def test_what_is_somebody_elses_is_not_there(client, mentor, account, tomasz, now):
    add(client)
    row = OutsideCalendar.objects.get()
    client.force_login(tomasz)
    assert "Work" not in text(client.get(HERE))
    for path in (f"{row.pk}/change/", f"{row.pk}/again/", f"{row.pk}/remove/", f"account/{account.pk}/remove/",
                 f"account/{account.pk}/again/"):  # fmt: skip
        assert client.post(HERE + path).status_code == 404
    given = {f"{account.pk}-password": "x", "number": "0"}
    for path in (f"account/{account.pk}/password/", f"account/{account.pk}/choose/"):
        assert client.post(HERE + path, given).status_code == 404


def test_too_often_is_said_and_what_was_typed_is_kept(client, mentor):
    for n in range(30):
        calendars.limits.spend(
            f"calendars:{mentor.pk}", most=30, per=timedelta(hours=1), now=datetime.now(UTC), told=str(n)
        )
    response = add(client)
    assert response.status_code == 429
    assert "Wait an hour" in text(response)
    assert SECRET in text(response)


@pytest.mark.parametrize("several", [1, 5])
def test_the_page_costs_the_same_however_many_calendars(client, mentor, now, several, django_assert_num_queries):
    for n in range(several):
        calendars.add_address(person=mentor, address=f"https://x.example/{n}.ics", name="", now=now)
    client.get(HERE)
    with django_assert_num_queries(8):
        client.get(HERE)


def test_the_list_alone_is_what_htmx_gets(client, mentor):
    add(client)
    part = text(client.get(HERE, headers={"HX-Request": "true"}))
    assert part.strip().startswith('<section class="stack" id="list"')
    assert "Add one" not in part


def test_nothing_is_drawn_anew_while_nothing_changes(client, mentor):
    add(client)
    asks = re.search(r'hx-get="(/calendars/\?seen=\w+)"', text(client.get(HERE))).group(1)
    assert client.get(asks, headers={"HX-Request": "true"}).status_code == 204
    OutsideCalendar.objects.update(read_at=datetime.now(UTC))
    assert client.get(asks, headers={"HX-Request": "true"}).status_code == 200


# The feed.


def feed_path(client) -> str:
    found = re.search(r'value="http://[^/]+(/calendar/[\w-]{43}\.ics)"', text(client.get(HERE)))
    return found.group(1) if found else ""


@pytest.fixture
def session(mentor, leila, commons):
    return make_session(NeedFactory(mentee=leila, org=commons), mentor, datetime(2026, 11, 26, 10, tzinfo=UTC))


def events(response) -> list:
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def test_the_feed_shows_ones_own_sessions_without_signing_in(client, session, tomasz, commons):
    make_session(NeedFactory(mentee=session.mentee, org=commons), tomasz, datetime(2026, 11, 27, 10, tzinfo=UTC))
    assert feed_path(client) == ""
    client.post(f"{HERE}feed/")
    path = feed_path(client)
    client.logout()
    response = client.get(path)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = events(response)
    assert event["uid"] == session.ical_uid
    assert "Leila" in event["summary"]
    assert "afraid of losing it" in event["description"]
    assert event["dtstart"].dt == session.starts_at


def test_busy_only_tells_neither_names_nor_questions(client, session):
    client.post(f"{HERE}feed/")
    client.post(f"{HERE}feed/tell/", {"busy_only": "on"})
    response = client.get(feed_path(client))
    (event,) = events(response)
    assert str(event["summary"]) == "Busy"
    told = text(response)
    assert not any(
        word in told for word in ("Leila", "Amara", "town.example", "losing", "/room/", "DESCRIPTION", "LOCATION")
    )
    client.post(f"{HERE}feed/tell/")
    assert "Leila" in text(client.get(feed_path(client)))


def test_a_request_is_tentative_and_what_was_released_is_gone(client, session):
    client.post(f"{HERE}feed/")
    path = feed_path(client)
    for status, told in (("asked", ["TENTATIVE"]), ("confirmed", ["CONFIRMED"]), ("cancelled", []), ("held", [])):
        type(session).plain.filter(pk=session.pk).update(status=status)
        assert [str(event["status"]) for event in events(client.get(path))] == told


def test_a_new_address_stops_the_old_one_and_stopping_stops_it(client, session):
    client.post(f"{HERE}feed/")
    old = feed_path(client)
    client.post(f"{HERE}feed/")
    new = feed_path(client)
    assert old != new
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    client.post(f"{HERE}feed/stop/")
    assert client.get(new).status_code == 404


@pytest.mark.parametrize("secret", ["x", "%00", "a" * 43, "a" * 5000, "..%2f"])
def test_a_guess_learns_nothing(client, commons, secret):
    assert client.get(f"/calendar/{secret}.ics").status_code == 404


def test_a_closed_account_has_no_feed(client, session, mentor):
    client.post(f"{HERE}feed/")
    path = feed_path(client)
    type(mentor).objects.filter(pk=mentor.pk).update(is_active=False)
    assert client.get(path).status_code == 404


def test_the_feed_is_known_again_by_its_tag_and_kept_from_caches_of_others(client, session):
    client.post(f"{HERE}feed/")
    path = feed_path(client)
    first = client.get(path)
    assert "private" in first["Cache-Control"]
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    type(session).plain.filter(pk=session.pk).update(status="cancelled")
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert client.post(path).status_code == 405


def test_the_secret_stands_sealed_in_the_database(client, session, mentor):
    from django.db import connection

    client.post(f"{HERE}feed/")
    _, secret = feeds.feed_of(mentor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM availability_calendarfeed t")
        assert secret not in cursor.fetchone()[0]


def test_the_feed_holds_sessions_of_every_organisation_and_costs_the_same(
    client, session, mentor, leila, django_assert_num_queries
):
    other = Organisation.objects.create(name="Elsewhere", slug="elsewhere")
    Membership.objects.create(person=mentor, org=other)
    for n in range(3):
        make_session(NeedFactory(mentee=leila, org=other), mentor, datetime(2026, 11, 27, 10 + n, tzinfo=UTC))
    client.post(f"{HERE}feed/")
    path = feed_path(client)
    client.logout()
    with django_assert_num_queries(4):  # the address, two for sessions, what was taken on
        assert len(events(client.get(path))) == 4
