"""The press that states a question looks for people; the pages after it show whom it found."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from tests.factories import MentorFactory, NeedFactory

from quarterhour.core import clock
from quarterhour.matching import people
from quarterhour.matching.again import Again
from quarterhour.matching.capacity import count_capacity
from quarterhour.matching.handlers import keep_if_new
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.matching.models import KeptRanking
from quarterhour.needs.models import Need
from quarterhour.people.services import load_skills

QUESTION = "I have been offered the team lead role. I like building. Should I say yes?"
ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.fixture
def town(commons):
    load_skills()
    mentors = [MentorFactory(org=commons, weekly=ALL_DAY, name=f"Mentor {number}") for number in range(5)]
    ids = [mentor.pk for mentor in mentors]
    index_mentors(org=commons, mentor_ids=ids)
    count_words(commons.pk)
    count_capacity(org_id=commons.pk, mentor_ids=ids, now=clock.now())
    return mentors


@pytest.fixture
def mine(client, leila, town):
    client.force_login(leila)
    return client


@pytest.fixture
def looked_for(monkeypatch):
    """How often everybody was looked for."""
    calls = []
    rank = people.rank
    monkeypatch.setattr(people, "rank", lambda *args, **how: calls.append(args) or rank(*args, **how))
    return calls


def cards_of(page: str) -> list[str]:
    return re.findall(r'id="(m-[^"]+)"', page)


def test_the_press_looks_and_the_page_does_not(mine, commons, looked_for):
    stated = mine.post(reverse("ask:ask"), {"text": QUESTION})
    assert len(looked_for) == 1
    row = KeptRanking.objects.within(commons).get()

    page = mine.get(stated.url).content.decode()

    assert len(looked_for) == 1
    assert cards_of(page) == [f"m-{mentor}" for mentor in row.shown]
    assert "<mark>" in page


def test_pressed_twice_it_is_looked_for_once(mine, commons, looked_for):
    key = "7d0f3c1e-6a35-4a57-9d7c-2a60b2ce0a11"
    for _ in range(2):
        assert mine.post(reverse("ask:ask"), {"text": QUESTION, "key": key}).status_code == 302
    assert len(looked_for) == 1
    assert KeptRanking.objects.within(commons).count() == 1


def test_one_word_changed_is_looked_for_by_its_press(mine, leila, commons, looked_for):
    need = NeedFactory(mentee=leila, org=commons, when="today")
    keep_if_new(need, now=clock.now())
    looked_for.clear()

    changed = mine.post(reverse("match:broaden", args=[need.pk]), {"chip": "when any", "version": need.version})
    assert len(looked_for) == 1
    assert mine.get(changed.url).status_code == 200
    assert len(looked_for) == 1
    assert KeptRanking.objects.within(commons).count() == 2


def test_an_edited_question_is_looked_for_by_its_press(mine, leila, commons, looked_for):
    need = NeedFactory(mentee=leila, org=commons)
    sent = {"text": "How do I tell my team that I leave?", "version": need.version}
    changed = mine.post(reverse("ask:edit", args=[need.pk]), sent)
    assert changed.status_code == 302
    mine.get(changed.url)
    assert len(looked_for) == 1


def test_a_refused_question_looks_for_nobody(mine, looked_for):
    assert mine.post(reverse("ask:ask"), {"text": ""}).status_code == 422
    assert looked_for == []


@pytest.mark.parametrize("zone", ["", "Asia/Tokyo", "Nowhere/At all"])
def test_before_signing_in_the_same(client, town, looked_for, zone):
    client.post(reverse("ask:ask"), {"text": QUESTION, "zone": zone})
    assert len(looked_for) == 1
    found = Again.read(client.session["draft"]["shown"])

    page = client.get(reverse("match:draft")).content.decode()

    assert len(looked_for) == 1
    assert cards_of(page) == [f"m-{card.mentor}" for card in found.cards]
    assert not Need.objects.of_every_tenant(because="none").exists()


def test_a_changed_draft_is_looked_for_by_its_press(client, town, looked_for):
    client.post(reverse("ask:ask"), {"text": QUESTION, "when": "today", "settled": ["when"]})
    client.post(reverse("match:broaden_draft"), {"chip": "when any"})
    assert len(looked_for) == 2
    assert client.get(reverse("match:draft")).status_code == 200
    assert len(looked_for) == 2


def test_a_draft_of_the_previous_release_is_looked_for(client, town, looked_for):
    client.post(reverse("ask:ask"), {"text": QUESTION})
    session = client.session
    session["draft"] = {name: value for name, value in session["draft"].items() if name != "shown"}
    session.save()
    assert len(cards_of(client.get(reverse("match:draft")).content.decode())) == 3
    assert len(looked_for) == 2
