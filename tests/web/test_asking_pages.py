"""Who has a question, other times, somebody better, and quotas before they bite."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.factories import MentorFactory, NeedFactory, PersonFactory

from quarterhour.core import clock
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.matching.models import Waiter
from quarterhour.matching.waitlist.joining import join, leave
from quarterhour.matching.waitlist.queries import kept_time
from quarterhour.matching.waitlist.serving import serve
from quarterhour.people.models import Story
from quarterhour.people.services import pause
from quarterhour.sessions import asking, services
from quarterhour.sessions.models import Ask, MentoringSession, Status

ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
NAMES = ("Tomasz Zieliński", "Inês Carvalho", "Jun Takahashi", "Ruth Abrams")


@pytest.fixture
def soon():
    """Two days from now, at noon."""
    return (clock.now() + timedelta(days=2)).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def mentors(commons):
    return [MentorFactory(org=commons, weekly=ALL_DAY, name=name, confirm="ask") for name in NAMES]


@pytest.fixture
def found(mentors, commons):
    """The same, once matching has read them."""
    index_mentors(org=commons, mentor_ids=[mentor.pk for mentor in mentors])
    count_words(commons.pk)
    return mentors


@pytest.fixture
def need(leila, commons):
    return NeedFactory(mentee=leila, org=commons, stated_at=clock.now())


@pytest.fixture
def ask(need, soon):
    def _ask(mentor, start=None):
        given = {"mentor": mentor, "start": start or soon, "minutes": 25}
        return services.book(need=need, by=need.mentee, now=clock.now(), **given)

    return _ask


def at(name, key):
    return reverse(f"book:{name}", args=[key])


def shown(client, person, address) -> str:
    client.force_login(person)
    return " ".join(client.get(address).content.decode().split())


def status_of(session) -> str:
    return MentoringSession.objects.within(session.org_id).get(pk=session.pk).status


@pytest.mark.parametrize(
    ("many", "title"),
    [(0, "Nobody has your question"), (1, "One person has your question."), (3, "Three people have your question.")],
)
def test_the_page_says_who_has_the_question_and_what_is_left(client, need, leila, mentors, ask, many, title):
    for mentor in mentors[:many]:
        ask(mentor)

    page = shown(client, leila, at("asked", need.pk))

    assert title in page
    assert page.count("Not opened yet") == many
    assert all(mentor.called in page for mentor in mentors[:many])
    assert f"{many} of 3 open, {many} of 5 this week" in page
    assert ("data-until" in page) == (many > 0)


def test_the_page_costs_the_same_however_many_were_asked(client, need, leila, mentors, ask, django_assert_num_queries):
    client.force_login(leila)
    ask(mentors[0])
    ask(mentors[1])
    client.get(at("asked", need.pk))
    # Login, person, organisation, memberships; the question and its topics; who was asked, and in
    # writing; the quota; the ranking kept; whether one is on the waitlist.
    with django_assert_num_queries(11):
        client.get(at("asked", need.pk))
    ask(mentors[2])
    with django_assert_num_queries(10):  # nobody could be next
        client.get(at("asked", need.pk))


def test_whoever_waits_for_a_time_sees_their_place_where_they_wait_for_a_yes(
    client, need, leila, found, ask, django_assert_num_queries
):
    ask(found[0])
    assert "If a quarter comes free" not in shown(client, leila, at("asked", need.pk))
    waiter = join(need=need, by=leila, mentor=found[1], now=clock.now())

    page = shown(client, leila, at("asked", need.pk))

    assert "You are <strong>the only one</strong> who waits for Inês Carvalho" in page
    assert "While somebody has your question, no time is kept for you, and you keep your place." in page
    assert page.index('id="waitlist"') > page.index('id="asked"')  # drawn anew with the rest of it
    with django_assert_num_queries(13):  # where one stands, and what is kept
        client.get(at("asked", need.pk))
    leave(need=need, by=leila, now=clock.now())
    assert "Nobody else" not in shown(client, leila, at("asked", need.pk))
    assert waiter.need_id == need.pk


def test_a_kept_time_of_somebody_who_is_asked_first_is_asked_for(client, need, leila, found, ask, soon):
    join(need=need, by=leila, mentor=found[1], now=clock.now())
    Waiter.objects.within(need.org_id).update(seen={})
    serve(org_id=need.org_id, now=clock.now())

    page = shown(client, leila, at("asked", need.pk))

    assert "Inês answers requests personally." in page
    assert ">Ask for it</button>" in page
    assert "While somebody has your question" not in page
    kept = kept_time(Waiter.objects.within(need.org_id).get(), now=clock.now())
    assert client.post(at("confirm", kept.pk), {"key": str(uuid4())}).url == at("asked", need.pk)
    assert status_of(kept) == Status.ASKED


def test_nobody_but_the_owner_sees_who_has_a_question(client, need, mentors, commons, ask):
    ask(mentors[0])
    for person in (mentors[0], PersonFactory(org=commons)):
        client.force_login(person)
        assert client.get(at("asked", need.pk)).status_code == 404


def test_it_is_read_once_the_mentor_looks_signed_in(client, need, leila, mentors, ask):
    first, second = ask(mentors[0]), ask(mentors[1])
    assert "two others" not in shown(client, mentors[0], reverse("mentor:today"))
    shown(client, mentors[1], reverse("mentor:brief", args=[second.pk]))

    page = shown(client, leila, at("asked", need.pk))

    assert page.count("Read it at") == 2
    assert Ask.objects.within(need.org).filter(session__in=[first, second], read_at__isnull=False).count() == 2


def test_a_mentor_sees_how_many_others_were_asked_and_not_who(client, mentors, ask):
    for mentor in mentors[:3]:
        ask(mentor)

    page = shown(client, mentors[0], reverse("mentor:today"))

    assert "two others are asked too" in page
    assert mentors[1].called not in page


def test_the_owner_takes_one_back_and_the_others_stay(client, need, leila, mentors, ask):
    first, second = ask(mentors[0]), ask(mentors[1])
    client.force_login(leila)
    client.post(at("release", first.pk))
    assert (status_of(first), status_of(second)) == (Status.CANCELLED, Status.ASKED)


def test_other_times_are_offered_and_taken_on_pages(client, need, leila, mentors, soon, ask):
    session, rival = ask(mentors[0]), ask(mentors[1])
    other = soon + timedelta(days=1)
    assert "Offer these times" in shown(client, mentors[0], at("other_time", session.pk))
    answer = client.post(at("other_time", session.pk), {"start": [other.isoformat()], "words": "Not that day."})
    assert answer.status_code == 302
    page = shown(client, mentors[0], reverse("mentor:today"))
    assert f"you offered {other:%a} {other.day} {other:%b}" in page
    assert "Leila chooses. You have nothing to do until then." in page
    assert re.search("Leila has until .* to choose", page)
    assert "left to answer" not in page
    assert "left to choose" in shown(client, mentors[0], reverse("book:sessions"))

    page = shown(client, leila, at("asked", need.pk))
    assert "Offers another time" in page
    assert "Not that day." in page
    answer = client.post(at("choose", session.pk), {"start": other.isoformat()})

    assert answer.headers["Location"] == at("booked", session.pk)
    assert (status_of(session), status_of(rival)) == (Status.CONFIRMED, Status.THANKED)
    assert "Tomasz said yes" in shown(client, leila, at("asked", need.pk))


def test_times_that_cannot_be_offered_are_refused_on_the_page(client, mentors, ask):
    session = ask(mentors[0])
    client.force_login(mentors[0])
    answer = client.post(at("other_time", session.pk), {})
    assert answer.status_code == 422
    assert "Choose one time at least." in answer.content.decode()


def test_a_time_that_is_gone_says_so_and_one_of_three_others_is_asked_for(
    client, need, leila, mentors, soon, commons, ask
):
    session = ask(mentors[0])
    times = [soon + timedelta(days=1), soon + timedelta(days=2)]
    asking.offer_times(session=session, starts=times, by=mentors[0], now=clock.now())
    own = NeedFactory(mentee=leila, org=commons)
    services.book(need=own, mentor=mentors[1], start=times[1], minutes=25, by=leila, now=clock.now())
    client.force_login(leila)

    answer = client.post(at("choose", session.pk), {"start": times[1].isoformat()})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "One of you is booked for that time by now. The request stays as it was." in page
    assert "Tomasz is also free. A press asks for one of these instead:" in page
    others = re.findall(r'value="(20\d\d-[^"]+)"', page[page.index('id="gone"') : page.index('id="who"')])
    assert len(others) == 3
    assert status_of(session) == Status.ASKED

    done = client.post(at("choose", session.pk), {"start": others[0], "ask": "yes"}, follow=True)
    assert "Tomasz was asked for" in done.content.decode()
    session.refresh_from_db()
    assert (session.status, session.starts_at) == (Status.ASKED, datetime.fromisoformat(others[0]))
    assert "Offers other times" not in done.content.decode()


def test_somebody_better_is_named_and_asked_on_pages(client, need, leila, mentors, soon, ask, found):
    session = ask(mentors[0])
    assert "Inês Carvalho" in shown(client, mentors[0], at("pass_on", session.pk))
    client.post(at("pass_on", session.pk), {"person": str(mentors[1].pk), "words": "She did it twice."})
    client.force_login(mentors[1])
    assert "asks for you" not in client.get(reverse("mentor:today")).content.decode()

    page = shown(client, leila, at("asked", need.pk))
    assert "thinks Inês Carvalho can help you better" in page
    assert "Ask Inês Carvalho instead?" in shown(client, leila, at("ask_instead", session.pk))
    answer = client.post(at("ask_instead", session.pk), {"start": soon.isoformat()})

    assert answer.headers["Location"] == at("asked", need.pk)
    assert MentoringSession.objects.within(need.org).get(mentor=mentors[1]).status == Status.ASKED


def test_those_who_may_not_be_asked_are_not_offered_as_better(client, leila, mentors, commons, ask, found):
    session = ask(mentors[0])
    ask(mentors[2])
    today = clock.now().date()
    pause(person=mentors[3], org=commons, until=today + timedelta(days=5), now=clock.now(), today=today)

    page = shown(client, mentors[0], at("pass_on", session.pk))

    assert [mentor for mentor in mentors if f'value="{mentor.pk}"' in page] == [mentors[1]]
    assert page.count("Comes near; may not fit") == 1


def test_whoever_is_likely_to_help_comes_before_those_who_come_near(client, need, mentors, commons, ask, found):
    told = f"I once asked myself just this. {need.text} I took the role for a year and went back to code."
    Story.objects.within(commons).filter(profile__person=mentors[2]).update(title="There and back", text=told)
    index_mentors(org=commons, mentor_ids=[mentors[2].pk])
    session = ask(mentors[0])
    page = shown(client, mentors[0], at("pass_on", session.pk))
    first, *others = re.findall(r'name="person" value="([^"]+)".*?</label>', page, re.DOTALL)
    assert first == str(mentors[2].pk)
    assert 0 < page.count("Comes near; may not fit") == len(others)


@pytest.mark.parametrize("name", ["other_time", "pass_on", "ask_instead"])
def test_the_pages_of_a_request_are_for_those_who_answer_it(client, leila, mentors, commons, ask, name):
    session = ask(mentors[0])
    wrong = [leila, mentors[1], PersonFactory(org=commons), *([mentors[0]] if name == "ask_instead" else [])]
    for person in wrong:
        client.force_login(person)
        assert client.get(at(name, session.pk)).status_code == 404
        assert client.post(at(name, session.pk), {"start": "x"}).status_code == 404


def test_quotas_are_shown_before_they_bite(client, need, leila, mentors, ask, found):
    ask(mentors[0])
    page = shown(client, leila, reverse("match:need", args=[need.pk]))
    assert "Your requests: 1 of 3 open, 1 of 5 this week." in page

    for mentor in mentors[1:3]:
        ask(mentor)
    page = shown(client, leila, at("asked", need.pk))
    assert "Three of your requests wait for an answer. Release one" in page
    assert "Ask one more" not in page


def test_asking_leads_to_the_page_of_everybody_who_was_asked(client, need, leila, mentors, soon):
    held = services.hold(need=need, mentor=mentors[0], start=soon, minutes=25, by=leila, now=clock.now())
    client.force_login(leila)
    answer = client.post(at("confirm", held.pk), {"key": "0192f0a4-7c1e-7a52-9a57-0c2b3f6f9d11"})
    assert answer.headers["Location"] == at("asked", need.pk)


def test_whoever_was_paused_for_silence_reads_why_and_is_back_with_one_press(client, mentors, commons, ask):
    from quarterhour.people.models import Profile
    from quarterhour.sessions.models import Silence

    today = clock.now().date()
    pause(person=mentors[0], org=commons, until=today + timedelta(days=300), now=clock.now(), today=today)
    Silence.objects.create(org=commons, mentor=mentors[0], paused_at=clock.now())
    assert "two people in a row waited for you in vain" in shown(client, mentors[0], reverse("mentor:today"))

    client.post(reverse("people:pause"), {"resume": "yes"})

    assert Profile.objects.within(commons).get(person=mentors[0]).paused_until is None
    assert Silence.objects.within(commons).get(mentor=mentors[0]).paused_at is None
