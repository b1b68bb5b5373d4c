"""Reporting somebody from a session's page, and judging it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.factories import PersonFactory, make_session

from quarterhour.core.ids import uuid7
from quarterhour.people.queries import is_blocked
from quarterhour.sessions.models import ChatLine, Companion
from quarterhour.trust.report_models import Report

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def running(need, amara, clock):
    session = make_session(need, amara, clock.now - 5 * MINUTE)
    ChatLine.objects.create(
        org=session.org, session=session, person=amara, text="<b>Pay first</b>", at=clock.now - MINUTE
    )
    return session


@pytest.fixture
def nadia(commons):
    return PersonFactory(name="Nadia Costa", org=commons, org__role="manager")


@pytest.fixture
def jonas(commons):
    return PersonFactory(name="Jonas Brandt", org=commons, is_operator=True)


def page(client, person, name, *args, status=200):
    client.force_login(person)
    response = client.get(reverse(name, args=args))
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def send(client, person, session, *, accept="text/html", **given):
    client.force_login(person)
    body = {"because": "selling", "text": "He wants money.", "key": str(uuid7())} | given
    return client.post(reverse("reports:make", args=[session.pk]), body, headers={"accept": accept})


def test_every_page_of_a_session_leads_there(client, running, leila):
    address = reverse("reports:make", args=[running.pk])
    for name in ("book:booked", "room:lobby", "room:room"):
        assert address in page(client, leila, name, running.pk)
    assert "is not told that you reported" in page(client, leila, "reports:make", running.pk)


def test_it_is_kept_once_and_shown_to_whoever_reported(client, running, leila, amara):
    key = str(uuid7())
    for _ in range(2):
        sent = send(client, leila, running, key=key)
        assert sent.url == reverse("reports:make", args=[running.pk])
    assert Report.objects.within(running.org).count() == 1
    assert "It is looked at by Saturday 28 November." in page(client, leila, "reports:make", running.pk)
    assert "What you reported" not in page(client, amara, "reports:make", running.pk)


def test_a_form_without_a_reason_comes_back_with_its_words(client, running, leila):
    sent = send(client, leila, running, because="", text="He wants money.")
    assert sent.status_code == 422
    told = sent.content.decode()
    assert "Choose what it is about." in told
    assert "He wants money.</textarea>" in told


def test_the_room_hears_json_and_goes_nowhere_unless_blocked(client, running, leila, amara):
    stays = send(client, leila, running, accept="application/json")
    assert stays.json()["go"] == ""
    assert "within two days" in stays.json()["told"]
    refused = send(client, leila, running, accept="application/json", because="other", text="")
    assert (refused.status_code, refused.json()["told"]) == (422, "Say in a sentence what happened.")
    leads = send(client, leila, running, accept="application/json", block="yes")
    assert leads.json()["go"] == reverse("book:sessions")
    assert is_blocked(leila, amara)
    assert "You and Amara do not meet here any more." in page(client, leila, "book:sessions")


@pytest.fixture
def kofi(running, leila, clock):
    person = PersonFactory(name="Kofi Mensah", org=running.org)
    given = {"brought_by": leila, "email": person.email, "asked_at": clock.now, "accepted_at": clock.now}
    Companion.objects.create(org=running.org, session=running, person=person, **given)
    return person


def test_whoever_came_along_can_be_chosen(client, running, leila, amara, kofi, nadia):
    for name in ("reports:make", "room:room"):
        told = page(client, leila, name, running.pk)
        assert "Whom is it about?" in told
        assert told.index("<span>Amara Okafor</span>") < told.index("<span>Kofi Mensah, who came along</span>")
    for nobody in ("", "x", str(nadia.pk), str(leila.pk)):
        sent = send(client, leila, running, about=nobody)
        assert sent.status_code == 422
        assert "Choose whom it is about." in sent.content.decode()
    assert not Report.objects.within(running.org).exists()

    send(client, leila, running, about=str(kofi.pk))
    made = Report.objects.visible_to(leila).get()
    assert made.about == kofi
    assert "about Kofi" in page(client, leila, "reports:make", running.pk)
    case = page(client, nadia, "reports:case", made.pk)
    assert "About Kofi Mensah, who came along" in case
    assert "Amara Okafor, " in case  # who wrote in the chat, by name
    page(client, kofi, "reports:make", running.pk, status=404)


def test_blocking_who_came_along_leads_nowhere_from_the_room(client, running, leila, amara, kofi):
    stays = send(client, leila, running, accept="application/json", about=str(kofi.pk), block="yes").json()
    assert stays["go"] == ""
    assert "You and Kofi do not meet here any more." in stays["told"]
    assert is_blocked(leila, kofi)
    assert "any more" not in page(client, leila, "book:sessions")
    leads = send(client, leila, running, accept="application/json", about=str(amara.pk), block="yes").json()
    assert leads["go"] == reverse("book:sessions")


def test_a_manager_reads_the_case_and_decides(client, running, leila, amara, nadia, clock):
    send(client, leila, running)
    made = Report.objects.visible_to(leila).get()
    assert "1 report" in page(client, nadia, "program:home")
    assert "1 report to judge." in page(client, nadia, "reports:reports")
    case = page(client, nadia, "reports:case", made.pk)
    assert "&lt;b&gt;Pay first&lt;/b&gt;" in case
    assert "Unchanged since it was reported." in case
    assert made.fingerprint in case
    assert "No other report about Amara." in case
    assert "Close the account" not in case
    assert made.pk.hex not in page(client, amara, "book:booked", running.pk)

    client.force_login(nadia)
    address = reverse("reports:answer", args=[made.pk])
    empty = client.post(address, {"outcome": "warned", "words": ""})
    assert (empty.status_code, b"Say what they read" in empty.content) == (422, True)
    done = client.post(address, {"outcome": "warned", "words": "Never ask for money."}, follow=True)
    assert "they read your words" in done.content.decode()
    assert "Nothing is reported." in done.content.decode()
    assert "We acted on it." in page(client, leila, "reports:make", running.pk)
    clock.now += timedelta(hours=1)
    assert "A word in private" in page(client, nadia, "reports:case", made.pk)


def test_an_operator_closes_the_account_and_opens_it_again(client, running, leila, amara, jonas):
    send(client, leila, running)
    made = Report.objects.visible_to(leila).get()
    assert "Reports: 1 to judge" in page(client, jonas, "operate:health")
    assert "Close the account" in page(client, jonas, "reports:case", made.pk)
    address = reverse("reports:answer", args=[made.pk])
    client.post(address, {"outcome": "suspended", "words": "Never again."})
    amara.refresh_from_db()
    assert not amara.is_active
    assert "Open the account again" in page(client, jonas, "reports:case", made.pk)
    client.post(address, {"outcome": "lifted"})
    amara.refresh_from_db()
    assert amara.is_active


def test_after_two_days_it_is_late(client, running, leila, nadia, clock):
    send(client, leila, running)
    clock.now += timedelta(hours=49)
    assert "Late: it was due" in page(client, nadia, "reports:reports")


def test_nobody_else_reads_reports(client, running, leila, amara):
    send(client, leila, running)
    made = Report.objects.visible_to(leila).get()
    for person in (leila, amara):
        for name, args in (("reports:reports", []), ("reports:case", [made.pk])):
            page(client, person, name, *args, status=403)


@pytest.mark.parametrize("many", [1, 4])
def test_the_list_costs_the_same_however_many_wait(client, running, leila, nadia, django_assert_num_queries, many):
    for _ in range(many):
        send(client, leila, running)
    client.force_login(nadia)
    with django_assert_num_queries(6):  # login session, person, memberships, those that wait, their answers, decided
        assert client.get(reverse("reports:reports")).status_code == 200
