"""Whoever else has a question is named before the press that lets them go, and after it."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from tests.factories import MentorFactory, NeedFactory

from quarterhour.core import clock
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.notifications import links
from quarterhour.sessions import asking, queries, services
from quarterhour.sessions.models import Status
from quarterhour.web.templatetags.words import first_names

ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
BOTH = "Inês and Jun have your question too. Once you book, these requests are closed, and Inês and Jun are told"


@pytest.fixture
def soon():
    return (clock.now() + timedelta(days=2)).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def need(leila, commons):
    return NeedFactory(mentee=leila, org=commons, stated_at=clock.now())


@pytest.fixture
def at_once(commons, need):
    """Somebody who confirms at once, and two who have the question."""
    amara = MentorFactory(org=commons, weekly=ALL_DAY, name="Amara Okafor")
    two = [MentorFactory(org=commons, weekly=ALL_DAY, name=name, confirm="ask") for name in ("Inês Reis", "Jun Abe")]
    index_mentors(org=commons, mentor_ids=[amara.pk, *(each.pk for each in two)])
    count_words(commons.pk)
    return amara


@pytest.fixture
def ask(need, soon, commons, at_once):
    def _ask(name):
        mentor = at_once.__class__.objects.get(name=name)
        given = {"mentor": mentor, "start": soon, "minutes": 25}
        return services.book(need=need, by=need.mentee, now=clock.now(), **given)

    return _ask


def shown(client, person, address) -> str:
    client.force_login(person)
    return " ".join(client.get(address).content.decode().split())


def test_beside_the_button_that_books_it_says_who_is_let_go_and_the_booked_page_names_them(
    client, need, leila, at_once, ask, soon
):
    ask("Inês Reis"), ask("Jun Abe")
    start = soon + timedelta(hours=3)
    held = services.hold(need=need, mentor=at_once, start=start, minutes=25, by=leila, now=clock.now())

    page = shown(client, leila, reverse("match:need", args=[need.pk]))
    assert page.count(BOTH) == 1
    assert page.index(BOTH) < page.index(f'action="{reverse("book:confirm", args=[held.pk])}"')

    services.confirm(session=held, by=leila, now=clock.now())
    told = "Inês and Jun had your question too, and were told with thanks"
    assert told in shown(client, leila, reverse("book:booked", args=[held.pk]))
    assert "Inês" not in shown(client, at_once, reverse("book:booked", args=[held.pk]))


def test_where_nobody_else_has_it_nothing_is_said(client, need, leila, at_once, soon):
    start = soon + timedelta(hours=3)
    held = services.hold(need=need, mentor=at_once, start=start, minutes=25, by=leila, now=clock.now())
    assert "your question too" not in shown(client, leila, reverse("match:need", args=[need.pk]))
    services.confirm(session=held, by=leila, now=clock.now())
    assert "your question too" not in shown(client, leila, reverse("book:booked", args=[held.pk]))


def test_a_request_lets_nobody_go_before_the_yes(client, need, leila, ask, soon):
    other = ask("Inês Reis")
    start = soon + timedelta(hours=3)
    jun = other.mentor.__class__.objects.get(name="Jun Abe")
    services.hold(need=need, mentor=jun, start=start, minutes=25, by=leila, now=clock.now())
    assert "your question too" not in shown(client, leila, reverse("match:need", args=[need.pk]))


def test_taking_an_offered_time_names_the_other(client, need, leila, ask, soon):
    offered, _ = ask("Inês Reis"), ask("Jun Abe")
    start = soon + timedelta(days=1)
    asking.offer_times(session=offered, starts=[start], by=offered.mentor, now=clock.now())
    page = shown(client, leila, reverse("book:asked", args=[need.pk]))
    assert page.count("Jun has your question too. Once you book, this request is closed, and Jun is told") == 1
    assert "Inês has your question" not in page

    client.post(reverse("book:choose", args=[offered.pk]), {"start": start.isoformat()})
    page = shown(client, leila, reverse("book:booked", args=[offered.pk]))
    assert "Jun had your question too, and was told with thanks that you are helped. This request is closed." in page


def test_the_page_behind_the_mail_names_the_other_too(client, leila, ask, soon):
    offered, _ = ask("Inês Reis"), ask("Jun Abe")
    starts = [soon + timedelta(days=1), soon + timedelta(days=2)]
    asking.offer_times(session=offered, starts=starts, by=offered.mentor, now=clock.now())
    path = links.fresh(offered, leila, links.CHOOSE, until=offered.starts_at, now=clock.now())[links.CHOOSE]
    page = client.get(path).content.decode()
    assert "Jun has your question too, and is told with thanks that you are helped." in page
    assert "huge-dial" not in page, "none of the times stands above the others"

    seen = {"seen": re.search(r'name="seen" value="(\d+)"', page).group(1)}
    done = client.post(path, seen | {"start": starts[0].isoformat()}).content.decode()
    assert "Inês is told, and Jun with thanks that you are helped. The invitation is on its way." in done


def test_who_has_a_question_is_for_its_owner(need, leila, amara, ask):
    session = ask("Inês Reis")
    assert queries.who_has(need.pk, visible_to=leila) == [session.mentor]
    assert queries.who_has(need.pk, visible_to=leila, but_for=session.pk) == []
    assert queries.who_has(need.pk, visible_to=leila, status=Status.THANKED) == []
    assert queries.who_has(need.pk, visible_to=amara) == []
    assert queries.who_has(None, visible_to=leila) == []


@pytest.mark.parametrize(
    ("names", "said"),
    [([], ""), (["Ana"], "Ana"), (["Ana", "Bo"], "Ana and Bo"), (["Ana", "Bo", "Cy"], "Ana, Bo and Cy")],
)
def test_names_are_said_as_people_say_them(names, said):
    assert first_names([SimpleNamespace(first_name=name) for name in names]) == said
