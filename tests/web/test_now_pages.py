"""Now in the pages: press, wait, be on call, be rung, and what each says."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.factories import MentorFactory, PersonFactory

from quarterhour.availability.models import Availability
from quarterhour.core import clock
from quarterhour.core.models import OutboxEvent
from quarterhour.engines.dispatch import Wait
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.matching.models import OnCall, Place
from quarterhour.matching.now import bell, oncall, queries, ringing
from quarterhour.matching.now.fitting import fits_now
from quarterhour.people.models import Profile, Topic
from quarterhour.people.services import load_skills
from quarterhour.sessions import queries as queries_of_sessions
from quarterhour.sessions import services
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.sessions.room import tickets
from quarterhour.web.now.page import between, offered


@pytest.fixture
def ready(amara, commons):
    """Amara can be found for Leila's question."""
    load_skills()
    Topic.objects.within(commons).filter(profile__person=amara).update(skill_id="moving-into-management")
    index_mentors(org=commons, mentor_ids=[amara.pk])
    count_words(commons.pk)
    return amara


@pytest.fixture
def mine(client, leila):
    client.force_login(leila)
    return client


@pytest.fixture
def hers(ready):
    from django.test import Client

    client = Client()
    client.force_login(ready)
    return client


def go_on_call(hers, **fields):
    return hers.post(reverse("now:on_call"), {"minutes": "60"} | fields, follow=True)


def press(mine, need):
    return mine.post(reverse("now:press", args=[need.pk]), follow=True)


@pytest.mark.parametrize("stated", [True, False])
def test_the_button_counts_those_a_press_would_ring_and_nobody_else(mine, hers, ready, need, commons, stated):
    go_on_call(hers)
    Availability.objects.within(commons).filter(mentor=ready).update(weekly={})  # no hours, and there all the same
    if stated:
        page = reverse("match:need", args=[need.pk])
    else:
        mine.logout()
        mine.post(reverse("ask:ask"), {"text": need.text})
        page = reverse("match:draft")
    offered = mine.get(page).content.decode()
    assert "Amara can answer now." in offered
    until = OnCall.objects.within(commons).get().until
    assert f"On call until {timezone.localtime(until):%H:%M}" in " ".join(re.sub(r"<[^>]*>", " ", offered).split())

    skill = Topic.objects.within(commons).create(
        org=commons, profile=ready.profiles.get(org=commons), name="databases", skill_id="databases"
    )
    oncall.go_on_call(
        mentor=ready, org=commons, until=clock.now() + timedelta(hours=1), skills=[skill.skill_id], now=clock.now()
    )
    assert fits_now(need, now=clock.now()) == {}
    assert "can answer now." not in mine.get(page).content.decode()


def test_the_whole_way_from_the_button_to_the_room(mine, hers, ready, need, leila):
    assert "Be on call" in hers.get(reverse("mentor:today")).content.decode()
    page = go_on_call(hers).content.decode()
    assert "On call until" in page
    assert 'data-on-call="20' in page

    offer = mine.get(reverse("match:need", args=[need.pk])).content.decode()
    assert "Amara can answer now." in offer
    assert "Until you talk: " in offer

    page = press(mine, need).content.decode()
    assert "You are next." in page
    assert "Ringing Amara Okafor" in page
    assert 'data-count="seconds"' in page
    assert "seconds left, then we go on looking" in page
    Place.objects.within(need.org_id).update(fits={str(ready.pk): 0.9, str(uuid4()): 0.5})
    assert "seconds left, then the next" in press(mine, need).content.decode()
    Place.objects.within(need.org_id).update(fits={str(ready.pk): 0.9})

    ring = queries.ring_for(ready)
    asked = hers.get(reverse("mentor:today")).content.decode()
    assert "Leila Haddad" in asked
    assert "Yes, open the room" in asked
    answer = hers.post(reverse("now:yes", args=[ring.pk]))
    session = MentoringSession.objects.visible_to(leila).get()
    assert answer.url == reverse("room:lobby", args=[session.pk])

    place = Place.objects.visible_to(leila).get()
    here = reverse("now:line", args=[place.pk])
    assert mine.get(here).url == answer.url
    assert mine.get(here, headers={"HX-Request": "true"})["HX-Redirect"] == answer.url
    assert mine.get(answer.url).status_code == hers.get(answer.url).status_code == 200


def test_a_yes_lets_go_whoever_else_was_asked_and_the_button_says_so(mine, hers, ready, need, leila, commons):
    go_on_call(hers)
    ines = MentorFactory(org=commons, name="Inês Reis", confirm="ask")
    soon = (clock.now() + timedelta(days=3)).replace(hour=10, minute=0, second=0, microsecond=0)
    asked = services.book(need=need, by=leila, mentor=ines, start=soon, minutes=25, now=clock.now())
    offer = mine.get(reverse("match:need", args=[need.pk])).content.decode()
    told = "Inês has your question too. Once somebody says yes, this request is closed, and Inês is told with thanks"
    assert offer.count(told) == 1

    press(mine, need)
    asked.refresh_from_db()
    assert asked.status == Status.ASKED, "a press alone lets nobody go"
    hers.post(reverse("now:yes", args=[queries.ring_for(ready).pk]))

    asked.refresh_from_db()
    assert asked.status == Status.THANKED
    assert not asked.claims.exists()
    assert queries_of_sessions.who_has(need.pk, visible_to=leila) == []
    assert OutboxEvent.objects.filter(name="SessionThanked", payload__session_id=str(asked.pk)).count() == 1


def test_passing_on_says_nothing_bad_and_the_line_goes_on(mine, hers, ready, need):
    go_on_call(hers)
    press(mine, need)
    hers.post(reverse("now:pass", args=[queries.ring_for(ready).pk]))
    page = press(mine, need).content.decode()
    assert "Cannot just now, and passed it on." in page
    assert "Ringing" not in page.split('id="standing"')[1].split('id="meanwhile"')[0].replace('data-told="Ringing', "")


def test_resting_coming_back_and_leaving(mine, hers, need, leila):
    go_on_call(hers)
    press(mine, need)
    place = Place.objects.visible_to(leila).get()
    page = mine.post(reverse("now:rest", args=[place.pk]), follow=True).content.decode()
    assert "Your place is kept." in page
    assert "I am here again" in page
    page = mine.post(reverse("now:come_back", args=[place.pk]), follow=True).content.decode()
    assert "You are next." in page
    page = mine.post(reverse("now:leave", args=[place.pk]), follow=True).content.decode()
    assert "You have left the line. Your question is saved." in page
    assert mine.get(reverse("now:line", args=[place.pk])).url == reverse("match:need", args=[need.pk])


def test_nobody_on_call_makes_no_promise(mine, ready, need):
    assert "now-offer" not in mine.get(reverse("match:need", args=[need.pk])).content.decode()
    page = press(mine, need).content.decode()
    assert "Nobody who fits is on call." in page
    assert "Nobody can be rung at this moment" in page


def test_a_stranger_is_told_nothing(mine, hers, ready, need, leila, commons, client):
    go_on_call(hers)
    press(mine, need)
    place, ring = Place.objects.visible_to(leila).get(), queries.ring_for(ready)
    client.force_login(PersonFactory(org=commons))
    assert client.get(reverse("now:line", args=[place.pk])).status_code == 404
    for name in ("rest", "come_back", "leave"):
        assert client.post(reverse(f"now:{name}", args=[place.pk])).status_code == 404
    for name in ("yes", "pass"):
        assert client.post(reverse(f"now:{name}", args=[ring.pk])).status_code == 404
    assert client.post(reverse("now:press", args=[need.pk])).status_code == 404
    assert "data-ring" not in client.get(reverse("now:ring")).content.decode()
    assert Place.objects.visible_to(leila).get().state == "waiting"


@pytest.mark.parametrize("minutes", ["", "x", "0", "-5", "100000", "9" * 400, "٣"])
def test_a_length_that_is_none_is_refused_in_words(minutes, hers, commons):
    page = go_on_call(hers, minutes=minutes).content.decode()
    assert "Be on call for at most 4 hours" in page or "Choose how long" in page or minutes == "٣"
    assert OnCall.objects.within(commons).exists() == (minutes == "٣" and "On call until" in page)


def test_topics_narrow_what_somebody_is_rung_for(hers, ready, commons):
    profile = Profile.objects.within(commons).get(person=ready)
    Topic.objects.create(org=commons, profile=profile, name="databases", skill_id="databases", position=1)
    page = hers.get(reverse("mentor:today")).content.decode()
    assert page.count('name="topic"') == 2
    page = go_on_call(hers, topics="2", topic="databases").content.decode()
    assert "only on 1 of your topics" in page
    page = go_on_call(hers, topics="2", topic="baking").content.decode()
    assert "not among yours" in page


@pytest.mark.parametrize(("misses", "said"), [(3, "Three rings in a row"), (2, "Two rings in a row"), (1, "A ring")])
def test_stopping_and_what_is_said_to_whoever_was_taken_off(hers, ready, commons, now, settings, misses, said):
    settings.POLICY = settings.POLICY | {"on_call_misses": misses}
    go_on_call(hers)
    assert "You are not on call any more." in hers.post(reverse("now:stop"), follow=True).content.decode()
    OnCall.objects.within(commons).filter(mentor=ready).update(missed=misses)
    page = hers.get(reverse("mentor:today")).content.decode()
    assert f"You were taken off call. {said} found nobody. Switch it on again" in page


def test_saying_yes_too_late_is_told_and_nothing_is_booked(mine, hers, ready, need, leila):
    go_on_call(hers)
    press(mine, need)
    ring = queries.ring_for(ready)
    mine.post(reverse("now:leave", args=[Place.objects.visible_to(leila).get().pk]))
    page = hers.post(reverse("now:yes", args=[ring.pk]), follow=True).content.decode()
    assert "Leila has left the line. Thank you; you stay on call." in page
    assert not MentoringSession.objects.visible_to(leila).exists()


def test_the_ring_is_there_for_any_page(mine, hers, ready, need):
    go_on_call(hers)
    assert "data-ring" not in hers.get(reverse("now:ring")).content.decode()
    press(mine, need)
    assert "Leila Haddad" in hers.get(reverse("now:ring")).content.decode()


def test_a_ticket_opens_this_door_only_and_only_while_signed_in(mine, leila, client):
    secret = mine.get(reverse("now:ticket")).json()["ticket"]
    assert bell.admit(secret).person_id == leila.pk
    with pytest.raises(tickets.Leave):
        tickets.read(secret, session_id=leila.pk, now=clock.now())
    mine.logout()
    with pytest.raises(tickets.Leave):
        bell.admit(secret)
    assert client.get(reverse("now:ticket")).status_code == 401


def test_what_the_script_needs_is_in_the_page(mine, hers, need):
    go_on_call(hers)
    page = press(mine, need).content.decode()
    told = json.loads(page.split('<script id="bell" type="application/json">')[1].split("</script>")[0])
    assert told["socket"].endswith("/now")
    assert set(told) == {"socket", "ticket", "tickets", "ring"}


def test_whoever_waits_is_told_what_their_question_lacks_most(mine, hers, need, commons):
    type(need).objects.within(commons).filter(pk=need.pk).update(
        text="I am a nurse and was offered to lead my team of nine. Should I say yes to it?", tried=""
    )
    go_on_call(hers)

    assert "start where you are" in press(mine, need).content.decode()


def test_the_line_costs_the_same_however_long_it_is(mine, hers, need, leila, commons, django_assert_max_num_queries):
    from tests.factories import NeedFactory

    go_on_call(hers)
    for _ in range(12):
        mentee = PersonFactory(org=commons)
        Place.objects.create(
            org=commons, need=NeedFactory(mentee=mentee, org=commons), mentee=mentee, minutes=25,
            asked_at=clock.now() - timedelta(60), seen_at=clock.now(),
        )  # fmt: skip
    press(mine, need)
    place = Place.objects.visible_to(leila).get()
    ringing.tick(now=clock.now())
    with django_assert_max_num_queries(22):
        assert "number 13 in line" in mine.get(reverse("now:line", args=[place.pk])).content.decode()


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        ((5, 12, 40), "Less than a minute"),
        ((5, 30, 100), "1 to 2 minutes"),
        ((61, 62, 63), "1 to 2 minutes"),
        ((130, 150, 170), "2 to 3 minutes"),
        ((20, 40, 3600), "1 minute, if somebody says yes"),
        ((60, 300, 3600), "5 minutes, if somebody says yes"),
        ((3600, 3600, 3600), "More than an hour, perhaps"),
    ],
)
def test_a_wait_is_said_as_a_range_that_is_true(seconds, said):
    low, middle, high = seconds
    assert between(Wait(1, low, middle, high, 0.9)) == said


def test_a_mentor_who_is_booked_soon_reads_why_nobody_rings(hers, ready, need, commons):
    from tests.factories import make_session

    make_session(need, ready, clock.now() + timedelta(minutes=20))
    page = go_on_call(hers).content.decode()
    assert "is not put through" in page


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["Amara"], "Amara can answer now."),
        (["Amara", "Ines"], "Amara and Ines can answer now."),
        (["Amara", "Ines", "Tomasz"], "Amara, Ines and 1 other can answer now."),
        (["Amara", "Ines", "Tomasz", "Ruth"], "Amara, Ines and 2 others can answer now."),
    ],
)
def test_an_offer_names_two_and_counts_the_others(names, told):
    wait = Wait(place=1, low=60.0, middle=120.0, high=180.0, answered=1.0)
    assert offered(queries.Offer(len(names), wait, {}, tuple(names)))["title"] == told


def test_talk_now_pressed_for_a_draft_states_the_question_and_rings(mine, hers, ready, need, leila):
    go_on_call(hers)
    mine.logout()
    mine.post(reverse("ask:ask"), {"text": need.text})
    assert "Sign in to talk now" in mine.get(reverse("match:draft")).content.decode()
    pressed = mine.post(reverse("match:talk_for_draft"))
    assert pressed.url == f"{reverse('people:sign_in')}?next=%2Fmatch%2F"
    kept = dict(mine.session.items())

    mine.force_login(leila)
    onward = mine.get(reverse("match:draft")).url
    assert re.fullmatch(r"/match/[0-9a-f-]{36}/", onward), "stated; to ring is a press of its own"
    assert "Sign in to talk now" not in mine.get(onward).content.decode()
    assert not Place.objects.visible_to(leila).exists()

    session = mine.session
    session["draft"] = kept["draft"] | {"key": str(uuid4())}
    session.save()
    page = mine.get(reverse("match:draft")).content.decode()
    assert "Sign in to talk now" not in page
    assert "Talk now" in page
    answer = mine.post(reverse("match:talk_for_draft"))
    place = Place.objects.visible_to(leila).get()
    assert answer.url == reverse("now:line", args=[place.pk])
    assert place.need.text == need.text
