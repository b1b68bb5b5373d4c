"""Many people press at the same moment, over HTTP, on the site as it is served in production.

Two hundred of them, and how long they wait, are for `quarterhour bench races`; here its races are played by a few.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from tests.double_booking import assert_nobody_is_booked_twice_or_half
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session
from tests.journeys.screens import nobody_left_in_line
from tests.live_server import session_key

from quarterhour.config.bench.races.people import ALWAYS, RULES, STORY, People
from quarterhour.config.bench.races.plays import RACES
from quarterhour.config.bench.races.site import Site
from quarterhour.core import clock
from quarterhour.core.models import OutboxEvent
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.people.models import Story, Topic
from quarterhour.people.queries import pins_for
from quarterhour.people.services import load_skills
from quarterhour.sessions.models import MentoringSession, Status, TimeClaim

pytestmark = pytest.mark.django_db(transaction=True)

MANAGING = "moving into management"  # what every mentor here knows
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@pytest.fixture
def day():
    """Midnight, two days from now: nothing that is asked for is too soon."""
    return clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)


@pytest.fixture
def mentors(commons, day):
    """Two mentors with twenty-five slots each on that day, from eight in the morning, and they can be found."""
    weekly = {DAYS[day.weekday()]: [["08:00", "20:30"]]}
    rules = {"increment": 30, "weekly_minutes": 700}
    two = [MentorFactory(org=commons, zone="UTC", weekly=weekly, rules=rules) for _ in range(2)]
    index_mentors(org=commons, mentor_ids=[mentor.pk for mentor in two])
    return two


def asking(count, org):
    people = [PersonFactory(org=org, zone="UTC") for _ in range(count)]
    return [NeedFactory(mentee=person, org=org, stated_at=clock.now()) for person in people]


def together(deeds):
    """Everybody waits until everybody is ready, then each does theirs. Returns the answers in order."""
    ready = Barrier(len(deeds), timeout=30)

    def run(deed):
        ready.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as hands:
        return list(hands.map(run, deeds))


def hold(visitor, need, mentor, start):
    return visitor.post(f"/match/{need.pk}/hold/", mentor=mentor.pk, start=start.isoformat())


def form_of(page) -> tuple[str, str]:
    """Where the page's second click goes, and its key."""
    address = re.search(r'action="(/sessions/[0-9a-f-]+/book/)"', page.text).group(1)
    return address, re.search(r'name="key" value="([0-9a-f-]+)"', page.text).group(1)


def hold_and_book(visitor, need, mentor, start):
    held = hold(visitor, need, mentor, start)
    if held.status != 302:
        return [held]
    address, key = form_of(visitor.get(held.leads_to.partition("#")[0]))
    return [held, visitor.post(address, key=key)]


def test_forty_eight_people_at_twelve_slots(live_site, mentors, commons, day):
    slots = [(mentor, day + timedelta(hours=8, minutes=30 * n)) for n in range(6) for mentor in mentors]
    needs = asking(48, commons)
    visitors = [live_site.visitor(need.mentee) for need in needs]

    def press(n):
        return lambda: hold_and_book(visitors[n], needs[n], *slots[n % len(slots)])

    answers = together([press(n) for n in range(len(needs))])

    assert Counter(answer.status for each in answers for answer in each) == {302: 24, 409: 36}
    assert all(each[1].leads_to.startswith("/sessions/") for each in answers if len(each) > 1)
    refused = [each[0].text for each in answers if len(each) == 1]
    assert all("was just booked for that time. Your question is saved." in text for text in refused)
    assert all("is also free:" in text and 'name="start"' in text for text in refused)
    sessions = MentoringSession.objects.within(commons)
    assert {(s.mentor_id, s.starts_at) for s in sessions} == {(mentor.pk, start) for mentor, start in slots}
    assert Counter(s.status for s in sessions) == {Status.CONFIRMED: 12}
    assert TimeClaim.objects.count() == 24
    assert OutboxEvent.objects.filter(name="SessionConfirmed").count() == 12
    assert_nobody_is_booked_twice_or_half()


def test_a_double_click_books_once_and_leads_everybody_to_the_same_page(live_site, mentors, commons, day):
    need = asking(1, commons)[0]
    first = live_site.visitor(need.mentee)
    held = hold(first, need, mentors[0], day + timedelta(hours=9))
    address, key = form_of(first.get(held.leads_to.partition("#")[0]))

    clicks = [live_site.visitor(need.mentee) for _ in range(8)]
    answers = together([lambda tab=tab: tab.post(address, key=key) for tab in clicks])

    assert {(answer.status, answer.leads_to) for answer in answers} == {(302, address.removesuffix("book/"))}
    assert OutboxEvent.objects.filter(name="SessionConfirmed").count() == 1
    other_words = first.post(address, key=uuid4())
    assert (other_words.status, other_words.leads_to) == (302, f"/match/{need.pk}/")
    assert OutboxEvent.objects.count() == 1


def test_one_person_in_two_tabs_holds_one_mentor(live_site, mentors, commons, day):
    need = asking(1, commons)[0]
    tabs = [live_site.visitor(need.mentee) for _ in range(6)]
    start = day + timedelta(hours=10)
    deeds = [lambda t=t, m=m: hold(t, need, m, start) for t, m in zip(tabs, mentors * 3, strict=True)]

    assert [answer.status for answer in together(deeds)] == [302] * 6
    assert Counter(s.status for s in MentoringSession.objects.within(commons)) == {Status.HELD: 1, Status.DROPPED: 5}
    assert_nobody_is_booked_twice_or_half()


@pytest.fixture
def crowd(live_site, commons, day):
    """Twenty who ask and twenty who help, signed in, and a process of browsers."""
    helping = [MentorFactory(org=commons, zone="UTC", weekly=ALWAYS, rules=RULES) for _ in range(20)]
    load_skills()
    (skill,) = pins_for([MANAGING]).values()
    Topic.objects.within(commons).filter(name=MANAGING).update(skill_id=skill)
    Story.objects.within(commons).update(text=STORY)
    index_mentors(org=commons, mentor_ids=[mentor.pk for mentor in helping])
    count_words(commons.pk)
    one, *asking_ = [PersonFactory(org=commons, zone="UTC") for _ in range(21)]
    cookies = {person.pk: f"session={session_key(person)}" for person in (one, *asking_, *helping)}
    with subprocess.Popen(
        [sys.executable, "-m", "quarterhour.config.bench.races.crowd"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as browsers, nobody_left_in_line():  # fmt: skip
        yield Site(live_site.port, browsers), People(commons, asking_, helping, one, cookies, day + timedelta(days=1))
        browsers.stdin.close()


@pytest.mark.parametrize("name", RACES)
def test_of_twenty_who_press_at_once_those_win_who_may(live_site, crowd, name):
    with live_site.working() if name.startswith("waitlist") else nullcontext():
        played = RACES[name](*crowd)

    assert (played.won, played.wrong) == (played.may_win, [])
    assert len(played.presses) >= 18
    assert all(200 <= press.status < 500 for press in played.presses)
    assert_nobody_is_booked_twice_or_half()


def test_browsers_that_keep_their_connections_open_keep_nobody_out(live_site):
    idle = [live_site.visitor() for _ in range(200)]
    assert {visitor.get("/livez").status for visitor in idle} == {200}

    begun = time.monotonic()
    assert live_site.visitor().get("/livez").status == 200
    assert time.monotonic() - begun < 10
    for visitor in idle:
        visitor.leave()


def test_released_by_one_while_the_other_moves_it(live_site, mentors, commons, day):
    for need, mentor in zip(asking(6, commons), mentors * 3, strict=True):
        start = day + timedelta(hours=8)
        session = make_session(need, mentor, start, now=clock.now())
        mentee, other = live_site.visitor(need.mentee), live_site.visitor(mentor)
        later = (start + timedelta(hours=1)).isoformat()
        released, moved = together(
            [
                lambda who=mentee, s=session: who.post(f"/sessions/{s.pk}/release/"),
                lambda who=other, s=session, at=later: who.post(f"/sessions/{s.pk}/move/", start=at),
            ]
        )
        session.refresh_from_db()
        assert (released.status, session.status) == (302, Status.CANCELLED)
        assert moved.status in {302, 409}
        assert session.starts_at == start + timedelta(hours=1 if moved.status == 302 else 0)
    assert TimeClaim.objects.count() == 0
    assert_nobody_is_booked_twice_or_half()
