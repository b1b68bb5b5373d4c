"""If a quarter comes free: joining from the people, the place, taking it or passing it on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session
from tests.notifications.reading import bodies, links_in

from quarterhour.core import clock, outbox
from quarterhour.core.models import Organisation
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.matching.models import FreedTime, Waiter
from quarterhour.people.models import Skill, Topic
from quarterhour.sessions import services
from quarterhour.sessions.models import Status

pytestmark = pytest.mark.django_db

SKILL = "moving-into-management"
JOIN = "Mail me then"


@pytest.fixture
def present():
    return clock.now()


@pytest.fixture
def start(present):
    return (present + timedelta(hours=26)).replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def mentor(commons, start):
    """Somebody who gives one quarter of an hour, tomorrow."""
    from zoneinfo import ZoneInfo

    local = start.astimezone(ZoneInfo("Africa/Lagos"))
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[local.weekday()]
    ends = local + timedelta(minutes=25)
    weekly = {day: [[f"{local:%H:%M}", f"{ends:%H:%M}"]]}
    found = MentorFactory(
        name="Amara Okafor", org=commons, zone="Africa/Lagos", weekly=weekly, rules={"horizon_days": 3}
    )
    Skill.objects.update_or_create(pk=SKILL, defaults={"label": "x", "area": "x", "spellings": "x"})
    Topic.objects.within(commons).update(skill=SKILL)
    index_mentors(org=commons, mentor_ids=[found.pk])
    count_words(commons.pk)
    return found


@pytest.fixture
def full(mentor, commons, start):
    return make_session(NeedFactory(mentee=PersonFactory(org=commons), org=commons), mentor, start)


@pytest.fixture
def asked(client, leila, commons, present, full):
    client.force_login(leila)
    return NeedFactory(mentee=leila, org=commons, stated_at=present, when="any")


def page_of(client, need) -> str:
    return client.get(reverse("match:need", args=[need.pk])).content.decode()


def join(client, need, **words) -> str:
    return client.post(reverse("match:waitlist", args=[need.pk]), words, follow=True).content.decode()


def free(session):
    services.cancel(session=session, by=session.mentee, now=clock.now())
    for _ in range(2):  # the news, and the news of the news
        outbox.drain(now=clock.now())


def test_one_joins_from_the_people_and_sees_the_place(client, asked, mentor, commons, full):
    assert JOIN in page_of(client, asked)
    answer = join(client, asked)
    assert "You hear from us when a quarter comes free, until " in answer
    assert "You are <strong>the only one</strong> who waits for" in answer
    assert JOIN not in answer

    rival = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
    Waiter.objects.create(
        org=commons, need=rival, mentee=rival.mentee, since=clock.now() - timedelta(days=9),
        until=clock.now() + timedelta(days=9), fits={str(mentor.pk): 0.9},
    )  # fmt: skip
    assert "<strong>second of 2</strong>" in page_of(client, asked)
    assert JOIN in join(client, asked, stop="yes")


def test_one_waits_for_one_of_them_alone(client, asked, mentor, commons):
    assert "who waits for Amara Okafor" in join(client, asked, mentor=mentor.pk)
    elsewhere = Organisation.objects.create(name="Elsewhere", slug="elsewhere")
    stranger = MentorFactory(org=elsewhere, name="Somebody Secret")
    for key in (stranger.pk, "nonsense"):
        refused = client.post(reverse("match:waitlist", args=[asked.pk]), {"mentor": key})
        assert refused.status_code == 404
        assert "Secret" not in refused.content.decode()


def test_the_list_of_questions_says_that_one_waits_for_a_time(client, asked, mentor, leila, present):
    ask = reverse("ask:ask")
    assert "On the waitlist" not in client.get(ask).content.decode()
    join(client, asked)
    page = client.get(ask).content.decode()
    assert "On the waitlist for a time with whoever fits, until " in page
    assert f"{reverse('match:need', args=[asked.pk])}#waitlist" in page
    join(client, asked, stop="yes")
    assert "On the waitlist" not in client.get(ask).content.decode()
    join(client, asked, mentor=mentor.pk)
    assert "On the waitlist for a time with Amara Okafor, until " in client.get(ask).content.decode()


def test_the_list_of_questions_says_what_is_kept(client, asked, full, start):
    join(client, asked)
    free(full)
    page = client.get(reverse("ask:ask")).content.decode()
    assert "Amara Okafor is free " in page
    assert "Take it, or not" in page
    assert "On the waitlist" not in page


@pytest.mark.parametrize("many", [1, 4])
def test_waiting_for_a_time_costs_the_list_two_queries(
    client, leila, commons, present, many, django_assert_num_queries
):
    for need in NeedFactory.create_batch(many, mentee=leila, org=commons, stated_at=present):
        given = {"since": present, "until": present + timedelta(days=2)}
        Waiter.objects.create(org=commons, need=need, mentee=leila, **given)
    client.force_login(leila)
    client.get(reverse("ask:ask"))
    with django_assert_num_queries(11):
        assert client.get(reverse("ask:ask")).content.decode().count("On the waitlist") == many


def test_a_freed_time_is_taken_on_the_page(client, asked, full, leila, start):
    join(client, asked)
    free(full)
    page = page_of(client, asked)
    assert "Amara Okafor is free" in page
    assert "Not this one" in page
    assert "data-held=" not in page  # it waits for them, whatever page they look at
    kept = FreedTime.objects.within(asked.org).get().session
    key = "5b1d2a4e-0000-4000-8000-000000000001"
    booked = client.post(reverse("book:confirm", args=[kept.pk]), {"key": key}, follow=True).content.decode()
    assert "Booked: " in booked
    outbox.drain(now=clock.now())
    assert Waiter.objects.within(asked.org).get().ended == Waiter.Ended.BOOKED


@pytest.mark.parametrize("way", ["match:not_this", "book:give_back"])
def test_passed_on_from_the_page_the_place_is_kept(client, asked, full, way):
    join(client, asked)
    free(full)
    kept = FreedTime.objects.within(asked.org).get()
    answer = client.post(reverse(way, args=[kept.session_id]), follow=True).content.decode()
    kept.refresh_from_db()
    assert kept.answer == FreedTime.Answer.PASSED
    assert "You are <strong>the only one</strong> who waits" in answer


def test_leaving_the_page_does_not_touch_a_kept_time(client, asked, full):
    join(client, asked)
    free(full)
    session = FreedTime.objects.within(asked.org).get().session
    assert client.post(reverse("book:left", args=[session.pk])).status_code == 204
    before = session.held_until
    session.refresh_from_db()
    assert session.held_until == before


@pytest.mark.parametrize(("press", "status"), [("Take ", Status.CONFIRMED), ("Not this one", Status.DROPPED)])
def test_the_mail_takes_it_or_passes_it_on_once_and_only_by_a_press(client, asked, full, mailoutbox, press, status):
    from quarterhour.notifications import sending

    join(client, asked)
    free(full)
    sending.send_waiting(now=clock.now())
    mail = next(m.message() for m in mailoutbox if " came free with Amara" in m.message()["Subject"])
    assert mail["To"].endswith("leila@town.example")
    assert "It is yours until " in bodies(mail)["text/plain"]
    name = "take" if press.startswith("Take") else "next"
    path = links_in(mail)[name]
    client.logout()
    session = FreedTime.objects.within(asked.org).get().session
    page = client.get(path)
    assert press.strip() in page.content.decode()
    session.refresh_from_db()
    assert session.status == Status.HELD  # whoever looks changes nothing
    done = client.post(path, {"seen": session.version})
    assert done.status_code == 200
    session.refresh_from_db()
    assert session.status == status


def test_before_signing_in_the_way_leads_there(client, commons, mentor):
    client.post(reverse("ask:ask"), {"text": "Should I take the team lead role or stay an engineer?", "find": "1"})
    answer = client.post(reverse("match:waitlist_for_draft"))
    assert answer.status_code in {302, 422}
    assert Waiter.objects.within(commons).count() == 0
