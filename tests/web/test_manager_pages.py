"""What managers and operators see: counts with their base, never small groups, never what was said."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.advice.services import CardWords, write_card
from quarterhour.core import clock
from quarterhour.core.models import Organisation
from quarterhour.people.models import Membership, Profile
from quarterhour.sessions.models import Status
from quarterhour.trust.services import say_how_it_helped
from quarterhour.web.program import figures, pages, queries

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 26, 10, 2, tzinfo=UTC)
HOME, HEALTH, HEALTH_JSON = "program:home", "operate:health", "operate:health_json"


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


def asks(commons, *, days=3, mentor=None, quarters=None, card=False, matched=True, **given):
    """One more person with one question; with a mentor they met, and the rest tells how it went."""
    stated = NOW - timedelta(days=days)
    mentee = PersonFactory(org=commons)
    need = NeedFactory(mentee=mentee, org=commons, stated_at=stated, matched_at=stated if matched else None, **given)
    if mentor is not None:
        start = stated + timedelta(hours=1, minutes=30 * mentor.sessions_given.count())
        held = make_session(need, mentor, start, status=Status.ENDED, now=stated)
        if card:
            words = CardWords(insight="A secret insight")
            write_card(
                session=held, by=mentee, words=words, seen=0, may_quote=False, held_on=date(2026, 11, 1), now=NOW
            )
        if quarters is not None:
            say_how_it_helped(session=held, by=mentee, quarters=quarters, note="A secret note", now=NOW)
    return need


# --- who may ---------------------------------------------------------------------------------------

ALLOWED = {"hanna": {HOME}, "jonas": {HEALTH, HEALTH_JSON}, "leila": set(), "amara": set()}


@pytest.mark.parametrize("name", [HOME, HEALTH, HEALTH_JSON])
@pytest.mark.parametrize("who", ALLOWED)
def test_each_page_is_for_its_people_alone(client, request, who, name):
    client.force_login(request.getfixturevalue(who))
    response = client.get(reverse(name))
    assert response.status_code == (200 if name in ALLOWED[who] else 403)


def test_who_is_not_signed_in_is_asked_to(client, db):
    assert client.get(reverse(HOME)).status_code == 302
    assert client.get(reverse(HEALTH)).status_code == 302
    told = client.get(reverse(HEALTH_JSON))
    assert (told.status_code, told.json()["code"]) == (403, "not-allowed")


def test_a_manager_manages_their_own_organisation_alone(client, commons, hanna):
    other = Organisation.objects.create(name="Maré Energy", slug="mare")
    Membership.objects.create(person=hanna, org=other)
    for _ in range(6):
        asks(other)
    assert queries.reach(org=commons, now=NOW).asked == 0
    assert "Commons" in page(client, hanna, HOME)

    session = client.session
    session["org"] = str(other.pk)
    session.save()
    assert client.get(reverse(HOME)).status_code == 403


# --- the figures -----------------------------------------------------------------------------------


def test_people_are_counted_once_from_question_to_help(commons, amara):
    for quarters in (4, 3, 3, 1):
        asks(commons, mentor=amara, quarters=quarters)
    asks(commons, mentor=amara, card=True)
    asks(commons, mentor=amara)  # over, and nobody knows whether they met
    twice = asks(commons, matched=False)
    NeedFactory(mentee=twice.mentee, org=commons, stated_at=NOW - timedelta(days=1))
    asks(commons, days=40, mentor=amara, quarters=4)

    told = queries.reach(org=commons, now=NOW)
    assert told == queries.Reach(members=9, asked=7, matched=6, met=5, answered=4, helped=3)


def test_small_groups_are_never_told():
    for part in range(5):
        assert figures.part_of(part, 100) == "<5"
    assert figures.part_of(5, 100) == "5"
    assert [figures.part_of(part, 12) for part in (7, 8, 11, 12)] == ["7", "all but <5", "all but <5", "12"]
    assert figures.base_of(4) == "of fewer than 5"


def test_a_small_place_shows_no_number_that_points_at_somebody(client, commons, hanna, amara):
    asks(commons, mentor=amara, quarters=4)
    asks(commons, days=20)
    text = page(client, hanna, HOME)
    numbers = re.findall(r"<dt>(\w+)</dt><dd>([^<]*)", text)
    assert dict(numbers) == dict.fromkeys(["Asked", "Matched", "Met", "Helped", "Reached"], "&lt;5")
    assert "Nothing needs you" in text


def test_nothing_that_was_said_reaches_a_manager(client, commons, hanna, amara):
    for _ in range(6):
        need = asks(commons, mentor=amara, quarters=4, card=True, text="My secret question")
    text = page(client, hanna, HOME)
    for secret in ("secret", need.mentee.called, need.mentee.email):
        assert secret not in text


def test_whoever_met_nobody_comes_first_and_longest_first(client, commons, hanna, amara):
    for days, people in ((20, 6), (9, 5), (3, 5), (1, 9)):
        for _ in range(people):
            asks(commons, days=days)
    booked = asks(commons, days=25)
    make_session(booked, amara, NOW + timedelta(days=1))
    closed = asks(commons, days=25)
    type(closed).objects.within(commons).filter(pk=closed.pk).update(closed_at=NOW)
    asks(commons, days=25, mentor=amara, quarters=2)

    waiting = queries.without_help(org=commons, now=NOW)
    assert len(waiting) == 25
    assert waiting == sorted(waiting)
    rows = [(row.people, row.days, row.harm) for row in figures.by_age(waiting, now=NOW)]
    assert rows == [(6, 14, "high"), (5, 7, "middle"), (5, 2, "")]
    text = page(client, hanna, HOME)
    first, second = (
        text.index(words)
        for words in ("6 people asked 14 days ago or longer", "5 more people asked 7 days ago or longer")
    )
    assert first < second


def test_requests_that_ran_out_are_counted_in_people(commons, amara):
    for n in range(5):
        make_session(asks(commons), amara, NOW - timedelta(days=1, hours=n), status=Status.EXPIRED, now=NOW)
    old = asks(commons)
    make_session(old, amara, NOW - timedelta(days=50), status=Status.EXPIRED, now=NOW - timedelta(days=50))
    assert queries.ran_out(org=commons, now=NOW) == 5


def test_members_who_never_asked_are_those_who_do_not_help_either(commons, amara, leila, need):
    PersonFactory(org=commons)
    PersonFactory(org=commons, is_active=False)
    assert queries.never_asked(org=commons) == 1


def test_the_load_is_told_by_mentor_the_busiest_first(client, commons, hanna, amara, tomasz):
    for n in range(3):
        asks(commons, days=2 + n, mentor=amara)
    asks(commons, mentor=tomasz)
    make_session(asks(commons), tomasz, NOW + timedelta(days=1), minutes=45)
    quiet = MentorFactory(org=commons, name="Inês Carvalho")
    Profile.objects.within(commons).filter(person=quiet).update(paused_until=date(2026, 12, 24))

    rows = queries.loads(org=commons, now=NOW)
    assert [(row.profile.person.name, row.minutes, row.sessions, row.ahead) for row in rows] == [
        ("Amara Okafor", 75, 3, 0), ("Tomasz Zieliński", 25, 1, 45), ("Inês Carvalho", 0, 0, 0),
    ]  # fmt: skip
    text = page(client, hanna, HOME)
    for words in ("75 min", "45 min booked ahead", "away until 24 Dec", "100 minutes, 3 mentors, 1 gave none"):
        assert words in text


def test_a_few_who_carry_most_are_an_exception_where_there_is_a_choice(commons, amara):
    mentors = [amara, *(MentorFactory(org=commons) for _ in range(6))]
    for mentor in mentors:
        asks(commons, mentor=mentor)
    loads, reach = queries.loads(org=commons, now=NOW), queries.reach(org=commons, now=NOW)
    told = pages.exceptions([], ran_out=0, never_asked=0, reach=reach, loads=loads, now=NOW)
    assert [row["what"] for row in told] == ["3 of 7 mentors give 43 % of all minutes"]
    assert pages.title_of(told) == "One thing to look at"


@pytest.mark.parametrize("many", [1, 12])
def test_the_program_costs_the_same_however_many_take_part(client, commons, hanna, many, django_assert_num_queries):
    for _ in range(many):
        asks(commons, mentor=MentorFactory(org=commons), quarters=3)
        asks(commons, days=9)
    client.force_login(hanna)
    client.get(reverse(HOME))
    # Login, person, organisation, manages; reach in two, waiting, ran out, never asked, loads in two; navigation.
    with django_assert_num_queries(10):
        client.get(reverse(HOME))


def test_a_long_list_of_mentors_is_cut_until_asked_for(client, commons, hanna):
    for _ in range(23):
        MentorFactory(org=commons)
    assert "Show 3 more" in page(client, hanna, HOME)
    assert "Show " not in client.get(reverse(HOME) + "?all").content.decode()
