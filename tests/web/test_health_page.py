"""What an operator sees: every check with its remedy, what was given up, and nobody called for it."""

from __future__ import annotations

import json
import re
import socket
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from tests.factories import PersonFactory, make_session

from quarterhour.availability.models import OutsideCalendar
from quarterhour.config.cli import doctor
from quarterhour.core import clock
from quarterhour.core.fetching import Silent, rests
from quarterhour.core.models import AuditEntry, Delivery, OutboxEvent
from quarterhour.notifications import breaker
from quarterhour.notifications.models import Reminder
from quarterhour.trust import reports
from quarterhour.web.operate import checks as machine

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 26, 10, 2, tzinfo=UTC)
HEALTH, HEALTH_JSON = "operate:health", "operate:health_json"


@pytest.fixture(autouse=True)
def this_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def hanna(commons):
    return PersonFactory(name="Hanna Lindqvist", org=commons, org__role="manager")


@pytest.fixture
def jonas(commons):
    return PersonFactory(name="Jonas Brandt", org=commons, is_operator=True)


def page(client, person, name) -> str:
    client.force_login(person)
    response = client.get(reverse(name))
    assert response.status_code == 200
    return response.content.decode()


def test_the_operator_sees_every_check_and_the_same_as_json(client, jonas):
    text = page(client, jonas, HEALTH)
    told = client.get(reverse(HEALTH_JSON))

    assert [check["name"] for check in told.json()["checks"]] == [
        "database", "migrations", "news", "given-up", "jobs", "mail", "reminders", "calendars",
        "meaning", "learning", "calls", "captions", "assistant", "reports", "disk",
    ]  # fmt: skip
    assert told.status_code == (200 if told.json()["fit"] else 503)
    assert text.count('class="lamp') == 15
    assert "PostgreSQL" in text


@pytest.fixture
def late(commons):
    """News that waits for an hour."""
    event = OutboxEvent.objects.create(org=commons, name="NeedStated", payload={}, happened_at=NOW)
    return Delivery.objects.create(event=event, reaction="a", due_at=NOW - timedelta(hours=1))


@pytest.fixture
def given_up(commons):
    """News of a kind whose reaction failed twelve times."""
    event = OutboxEvent.objects.create(org=commons, name="NeedStated", payload={}, happened_at=NOW)
    return Delivery.objects.create(event=event, reaction="b", due_at=NOW, gave_up_at=NOW, attempts=12, error="KeyError")


def told_of(client, jonas) -> tuple[int, dict, dict]:
    client.force_login(jonas)
    answer = client.get(reverse(HEALTH_JSON))
    return answer.status_code, answer.json(), {check["name"]: check for check in answer.json()["checks"]}


def test_what_needs_a_hand_comes_first_with_its_remedy(client, jonas, late):
    text = page(client, jonas, HEALTH)
    assert "One thing needs a hand." in text
    assert "1 late. See the log for reaction_failed" in text
    assert text.index("Needs a hand") < text.index("Is well")
    status, told, found = told_of(client, jonas)
    assert (status, told["well"], told["fit"]) == (503, False, False)
    assert found["news"]["remedy"].startswith("See the log")


def test_something_given_up_is_a_warning_and_the_service_stays_fit(client, jonas, given_up):
    status, told, found = told_of(client, jonas)
    assert (status, told["well"], told["fit"]) == (200, False, True)
    assert (found["given-up"]["well"], found["given-up"]["told"]) == (False, "1 given up: b (KeyError)")


@pytest.mark.parametrize("act", ["again", "go"])
def test_what_was_given_up_is_tried_again_or_let_go_by_the_operator(client, jonas, given_up, act):
    client.force_login(jonas)
    assert f'value="{act}"' in client.get(reverse(HEALTH)).content.decode()
    assert client.post(reverse("operate:given_up"), {"act": act}).status_code == 302

    given_up.refresh_from_db()
    if act == "again":
        assert (given_up.gave_up_at, given_up.attempts, given_up.done_at) == (None, 0, None)
    else:
        assert given_up.gave_up_at == NOW
        assert given_up.done_at is not None
    assert told_of(client, jonas)[1]["well"]
    entry = AuditEntry.objects.get()
    assert (entry.actor_key, entry.detail) == (str(jonas.pk), {"how_many": 1})


@pytest.mark.parametrize(("act", "status"), [("", 422), ("burn", 422), (None, 422)])
def test_an_act_nobody_knows_changes_nothing(client, jonas, given_up, act, status):
    client.force_login(jonas)
    sent = {} if act is None else {"act": act}
    assert client.post(reverse("operate:given_up"), sent).status_code == status
    given_up.refresh_from_db()
    assert (given_up.gave_up_at, given_up.done_at) == (NOW, None)


def test_nobody_else_tries_or_lets_go(client, hanna, given_up):
    client.force_login(hanna)
    assert client.post(reverse("operate:given_up"), {"act": "go"}).status_code == 403
    given_up.refresh_from_db()
    assert given_up.done_at is None


@pytest.fixture
def by_smtp(settings):
    """Mail goes to a server that nobody may be asked for: any connection from a page is a mistake."""
    settings.EMAIL_BACKEND = "quarterhour.notifications.smtp.DeadlineBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9


def test_the_health_page_speaks_to_no_mail_server(client, jonas, by_smtp, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("somebody was called"))
    assert told_of(client, jonas)[2]["mail"] == {
        "name": "mail", "well": True, "grave": False, "off": False, "remedy": "",
        "told": "nobody has asked the server yet; the mail worker does, every minute",
    }  # fmt: skip


def test_the_health_page_tells_how_the_server_was_found_last(client, jonas, by_smtp):
    breaker.is_up(now=NOW)
    assert told_of(client, jonas)[2]["mail"]["told"] == f"the server answered at {NOW:%H:%M} UTC on {NOW:%-d %B}"
    breaker.went_down(now=NOW)
    status, _, found = told_of(client, jonas)
    assert (found["mail"]["well"], status) == (False, 200)
    assert found["mail"]["told"].startswith("the server did not answer at ")


def test_in_production_a_folder_is_no_way_to_send_mail(client, jonas, settings):
    settings.MODE, settings.EMAIL_BACKEND = "production", "quarterhour.notifications.folder.FolderBackend"
    status, _, found = told_of(client, jonas)
    assert (found["mail"]["well"], status) == (False, 503)


def test_the_terminal_asks_the_server_itself(by_smtp, db):
    found = {check.name: check for check in machine.checks(ask=True)}
    assert (found["mail"].well, found["mail"].told) == (False, "ConnectionRefusedError")


def test_a_check_that_breaks_is_a_finding(monkeypatch, jonas):
    def torn(path):
        raise PermissionError(path)

    monkeypatch.setattr(machine.shutil, "disk_usage", torn)
    found = {check.name: check for check in machine.checks()}
    assert (found["disk"].well, found["disk"].told) == (False, "PermissionError")
    assert found["database"].well


def calendar_of(person, *, failures=0, read=timedelta(hours=1), due=timedelta(minutes=10)):
    given = {"kind": "ics", "name": "Work", "shown": "x", "sealed": "x", "added_at": NOW - timedelta(days=30)}
    read_at = NOW - read if read else None
    return OutsideCalendar.objects.create(person=person, failures=failures, read_at=read_at, due_at=NOW + due, **given)


def seen(name) -> machine.Check:
    return next(check for check in machine.checks() if check.name == name)


def test_calendars_that_fail_are_counted_with_the_oldest(jonas, hanna):
    assert seen("calendars").told == "nobody keeps one elsewhere"
    for _ in range(10):
        calendar_of(hanna)
    assert (seen("calendars").well, seen("calendars").told) == (True, "10 read")

    calendar_of(jonas, failures=3, read=timedelta(days=2, hours=3))
    calendar_of(jonas, failures=9, read=None)

    found = seen("calendars")
    assert found.told == "2 of 12 cannot be read, the oldest for 4 weeks"
    assert found.well  # one password is one person's matter


@pytest.mark.parametrize(("fail", "fine", "well"), [(2, 0, True), (3, 0, False), (3, 9, False), (3, 10, True)])
def test_many_calendars_that_fail_at_once_are_the_operators_matter(hanna, fail, fine, well):
    for n in range(fail + fine):
        calendar_of(hanna, failures=int(n < fail))
    found = seen("calendars")
    assert (found.well, found.grave) == (well, False)


def test_calendars_nobody_reads_are_told(hanna):
    calendar_of(hanna, due=-timedelta(hours=2))
    found = seen("calendars")
    assert (found.well, found.told) == (False, "1 read; 1 wait to be read")
    assert "serve --only jobs" in found.remedy


def test_calendars_that_fail_are_told_beside_those_that_wait(hanna):
    for _ in range(3):
        calendar_of(hanna, failures=1, due=-timedelta(hours=2))
    found = seen("calendars")
    assert (found.well, found.told[:26]) == (False, "3 of 3 cannot be read, the")
    assert found.told.endswith("; 3 wait to be read")
    assert "reaches the internet" in found.remedy
    assert "serve --only jobs" in found.remedy


def test_calendars_of_those_who_are_gone_are_read_no_more_and_not_waited_for(hanna, commons):
    gone = PersonFactory(org=commons, is_active=False)
    for _ in range(3):
        calendar_of(gone, failures=9, due=-timedelta(days=2))
    assert (seen("calendars").well, seen("calendars").told) == (True, "nobody keeps one elsewhere")

    calendar_of(hanna)
    assert (seen("calendars").well, seen("calendars").told) == (True, "1 read")


def lamp_of(text: str, title: str) -> str:
    """What ears hear of the lamp before a title."""
    return re.search(rf'class="visually-hidden">([^<]*)</span></span><p class="what">{title}</p>', text).group(1)


def test_what_is_not_set_up_has_no_green_lamp(client, jonas, settings):
    settings.TURN, settings.CAPTIONS_URL, settings.ASSISTANT_URL = [], "", ""
    text = page(client, jonas, HEALTH)
    for title in ("Calls find their way", "Captions are written down", "First thoughts of an assistant"):
        assert lamp_of(text, title) == "Not set up"
    assert lamp_of(text, "Database") == "Well"
    assert seen("calls").well

    settings.TURN, settings.TURN_SECRET = ["turn:relay.example"], "s"
    settings.CAPTIONS_URL = settings.ASSISTANT_URL = "https://models.example/v1"
    text = page(client, jonas, HEALTH)
    for title in ("Calls find their way", "Captions are written down", "First thoughts of an assistant"):
        assert lamp_of(text, title) == "Well"
    assert "models.example is asked whenever somebody presses for it" in seen("assistant").told
    assert "or by models.example" in seen("captions").told


def test_an_assistant_that_is_silent_is_told(settings, jonas):
    settings.ASSISTANT_URL = "https://models.example/v1/chat/completions"
    for _ in range(rests.MOST_SILENCES):
        assert seen("assistant").well
        rests.was_silent(Silent("nothing", origin="https://models.example:443"), now=NOW)
    found = seen("assistant")
    assert (found.well, found.grave, found.told) == (False, False, "models.example does not answer")
    assert "QUARTERHOUR_ASSISTANT_URL" in found.remedy


def test_reports_nobody_looked_at_are_told_once_they_are_late(need, amara, settings):
    assert (seen("reports").well, seen("reports").told) == (True, "0 to judge, 0 appealed against, 0 late")
    session = make_session(need, amara, NOW - timedelta(days=9))
    days = timedelta(days=settings.POLICY["report_days"])
    reports.report(session=session, by=amara, because="selling", text="", now=NOW - days)
    assert (seen("reports").well, seen("reports").told) == (True, "1 to judge, 0 appealed against, 0 late")

    other = make_session(need, amara, NOW - timedelta(days=12))
    reports.report(session=other, by=amara, because="selling", text="", now=NOW - days - timedelta(minutes=1))
    found = seen("reports")
    assert (found.well, found.grave, found.told) == (False, False, "2 to judge, 0 appealed against, 1 late")


def test_reminders_that_are_late_are_counted(need, amara):
    session = make_session(need, amara, NOW + timedelta(days=1))
    given = {"org": need.org, "session": session, "person": amara, "sequence": 0, "until": session.starts_at}
    Reminder.objects.create(kind="soon", due_at=NOW - timedelta(minutes=2), **given)
    assert (seen("reminders").well, seen("reminders").told) == (True, "none late")

    late = Reminder.objects.create(kind="day", due_at=NOW - timedelta(hours=3), **given)
    assert (seen("reminders").well, seen("reminders").told) == (False, "1 late, the first by 3 hours")

    Reminder.objects.within(need.org).filter(pk=late.pk).update(handed_at=NOW)
    assert seen("reminders").well


def test_the_terminal_says_the_same(capsys, monkeypatch, jonas):
    class Running:
        def __enter__(self):
            connection.ensure_connection()

        def __exit__(self, *_):
            return None

    monkeypatch.setattr("quarterhour.config.cli.database.database_running", Running)
    parser = doctor.argparse.ArgumentParser()
    doctor.add_arguments(parser)
    status = doctor.run(parser.parse_args(["--json"]))

    told = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in told][:2] == ["database", "migrations"]
    assert status == (0 if all(row["well"] for row in told) else 1)
