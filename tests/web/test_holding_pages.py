"""A held time counts down, is given back when its page is left, and comes back with it; a mentor who cannot come."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.factories import MentorFactory, NeedFactory, make_session

from quarterhour.core import clock
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.people.models import Skill, Topic
from quarterhour.sessions import services
from quarterhour.sessions.models import MentoringSession, Status

pytestmark = pytest.mark.django_db

ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
SKILL = "moving-into-management"


@pytest.fixture
def present():
    return clock.now()


@pytest.fixture
def start(present):
    return (present + timedelta(hours=26)).replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def mentors(commons):
    Skill.objects.update_or_create(pk=SKILL, defaults={"label": "x", "area": "x", "spellings": "x"})
    named = {name: MentorFactory(org=commons, weekly=ALL_DAY, name=name) for name in ("Amara Okafor", "Inês Carvalho")}
    Topic.objects.within(commons).update(skill=SKILL)
    index_mentors(org=commons, mentor_ids=[each.pk for each in named.values()])
    count_words(commons.pk)
    return list(named.values())


@pytest.fixture
def asked(leila, commons, present):
    return NeedFactory(mentee=leila, org=commons, stated_at=present)


@pytest.fixture
def held(client, asked, mentors, leila, start, present):
    client.force_login(leila)
    return services.hold(need=asked, mentor=mentors[0], start=start, minutes=25, by=leila, now=present)


def post(client, name, session, **words):
    return client.post(reverse(f"book:{name}", args=[session.pk]), words, follow=True)


def test_the_hold_shows_how_long_it_lasts(client, held, asked):
    page = client.get(reverse("match:need", args=[asked.pk])).content.decode()
    until = re.search(r'data-until="([^"]+)"', page)
    assert until
    assert clock.now() + timedelta(minutes=9) < held.held_until <= clock.now() + timedelta(minutes=10)
    assert f'data-held="{reverse("book:left", args=[held.pk])}"' in page


def test_a_page_that_is_left_gives_the_time_back_soon_and_a_reload_keeps_it(client, held, present):
    whole = held.held_until
    assert post(client, "left", held).status_code == 204
    held.refresh_from_db()
    assert held.held_until <= clock.now() + services.LEFT

    assert post(client, "here", held).status_code == 204
    held.refresh_from_db()
    assert held.held_until == whole

    post(client, "left", held)
    services.expire(now=clock.now() + services.LEFT)
    held.refresh_from_db()
    assert held.status == Status.DROPPED
    assert post(client, "here", held).status_code == 409


def test_leaving_never_makes_a_hold_longer_nor_touches_what_is_booked(client, held, leila, present):
    late = held.held_until - timedelta(seconds=5)
    assert services.leave(session=held, by=leila, now=late) == held.held_until
    booked = services.confirm(session=held, by=leila, now=present)
    assert post(client, "left", held).status_code == 409
    booked.refresh_from_db()
    assert booked.status == Status.CONFIRMED


def test_one_press_hands_a_session_over_and_the_mentee_refuses_with_one(client, asked, mentors, leila, commons, start):
    amara, _ines = mentors
    session = make_session(asked, amara, start)
    client.force_login(amara)
    assert "I cannot come" in client.get(reverse("book:booked", args=[session.pk])).content.decode()
    answer = post(client, "cannot_come", session).content.decode()
    assert "Inês Carvalho takes it over. Leila is told, and keeps the time." in answer

    taken = MentoringSession.objects.within(commons).get(instead_of=session)
    client.force_login(leila)
    old = client.get(reverse("book:booked", args=[session.pk])).content.decode()
    assert "Inês Carvalho takes the same time" in old
    page = client.get(reverse("book:booked", args=[taken.pk])).content.decode()
    assert "In place of Amara Okafor, who cannot come" in page
    assert "Not for me, release it" in page
    post(client, "release", taken)
    taken.refresh_from_db()
    assert (taken.status, taken.released_late) == (Status.CANCELLED, False)


def test_where_nobody_takes_over_there_are_three_others_to_hold(client, asked, mentors, leila, commons, start):
    amara, ines = mentors
    ines.profiles.update(confirm="ask")
    session = make_session(asked, amara, start)
    client.force_login(amara)
    assert "Leila is told, and sees three other times" in post(client, "cannot_come", session).content.decode()

    client.force_login(leila)
    page = client.get(reverse("book:booked", args=[session.pk])).content.decode()
    assert "Others who fit, near that time" in page
    starts = re.findall(r'name="start"[^>]*value="([^"]+)"', page)
    assert len(starts) == 3
    hold = client.post(reverse("match:hold", args=[asked.pk]), {"mentor": ines.pk, "start": starts[0]})
    assert hold.status_code == 302
    assert MentoringSession.objects.within(commons).filter(mentor=ines, status=Status.HELD).count() == 1


@pytest.mark.parametrize("reader", ["mentor", "mentee"])
def test_both_see_that_it_was_released_late(client, asked, mentors, present, reader):
    session = make_session(asked, mentors[0], present + timedelta(hours=2))
    services.cancel(session=session, by=session.mentee, now=present)
    client.force_login(getattr(session, reader))
    assert (
        "Released late: less than 3 hours before."
        in client.get(reverse("book:booked", args=[session.pk])).content.decode()
    )
