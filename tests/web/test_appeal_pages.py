"""From the mail to whoever was judged, through its link, to the page of whoever decides."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.factories import PersonFactory, make_session
from tests.notifications.conftest import deliver
from tests.notifications.reading import bodies

from quarterhour.trust import report_erasing, reports
from quarterhour.trust.report_models import ReportAppeal

pytestmark = pytest.mark.django_db

__all__ = ["deliver"]  # the fixture
WORDS = "In a recent session you asked for money. Please never do."


@pytest.fixture
def nadia(commons):
    return PersonFactory(name="Nadia Costa", email="nadia@town.example", org=commons, org__role="manager")


@pytest.fixture
def jonas(commons):
    return PersonFactory(name="Jonas Brandt", email="jonas@town.example", org=commons, is_operator=True)


@pytest.fixture
def made(need, amara, leila, clock):
    session = make_session(need, amara, clock.now - timedelta(minutes=5))
    return reports.report(session=session, by=leila, because="selling", text="He wants money.", now=clock.now)


@pytest.fixture
def link(made, jonas, deliver, clock):
    """The address in the mail to Amara, whose account Jonas closed."""
    given = {"outcome": "suspended", "words": WORDS, "by": jonas, "org": made.org}
    reports.answer(report_id=made.pk, **given, now=clock.now)
    mail = bodies(deliver(at=clock.now)["amara@town.example"])["text/plain"]
    assert "You may answer once." in mail
    return re.search(r"/by-mail/appeal/\S+/", mail)[0]


def read(client, address, *, status=200):
    response = client.get(address)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def as_(client, person, name, *args):
    client.force_login(person)
    return read(client, reverse(name, args=args))


def test_whoever_cannot_sign_in_answers_by_the_link_and_another_decides(
    client, link, made, amara, leila, nadia, jonas, commons, clock
):
    shown = read(client, link)
    assert WORDS in shown
    assert "Leila" not in shown
    assert client.post(link, {"text": " "}).status_code == 422
    for _ in range(2):  # a press that is sent again is told the same
        done = client.post(link, {"text": "It was a <b>joke</b>."})
        assert b"Your answer is kept." in done.content
    assert ReportAppeal.objects.visible_to(amara).get().text == "It was a <b>joke</b>."
    read(client, link, status=410)
    assert client.post(link, {"text": "And besides"}).status_code == 410

    wanda = PersonFactory(name="Wanda Wolf", org=commons, is_operator=True)
    assert "1 report to judge." in as_(client, wanda, "reports:reports")
    assert "Nothing is reported." in as_(client, jonas, "reports:reports")
    assert "Somebody else than who decided first" in as_(client, jonas, "reports:case", made.pk)
    case = as_(client, wanda, "reports:case", made.pk)
    assert "It was a &lt;b&gt;joke&lt;/b&gt;." in case
    assert "Look at it by" in case
    assert "Open the account again" not in case
    answer = reverse("reports:answer", args=[made.pk])
    assert client.post(answer, {"outcome": "undone", "words": ""}).status_code == 422
    told = client.post(answer, {"outcome": "undone", "words": "It was too much."}, follow=True).content.decode()
    assert "it is taken back" in told
    amara.refresh_from_db()
    assert amara.is_active
    assert "find that no rule was broken" in as_(client, leila, "reports:make", made.session_id)


def test_after_two_weeks_the_link_says_that_it_stands(client, link, clock):
    clock.now += timedelta(days=14)
    assert "expired" in read(client, link, status=410)


def test_an_account_that_was_opened_again_has_nothing_to_answer(client, link, made, jonas, clock):
    given = {"outcome": "lifted", "words": "", "by": jonas, "org": made.org}
    reports.answer(report_id=made.pk, **given, now=clock.now)
    assert "looked at again since" in read(client, link, status=410)


def test_once_erased_the_page_says_so_and_keeps_the_decision(client, link, made, jonas, clock):
    assert "It is erased on" in as_(client, jonas, "reports:case", made.pk)
    clock.now += timedelta(days=181)
    report_erasing.erase_evidence(now=clock.now)
    case = as_(client, jonas, "reports:case", made.pk)
    assert "It was erased on" in case
    assert WORDS in case
    assert "He wants money." not in case
    assert "This is not what was kept" not in case
