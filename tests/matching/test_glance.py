"""One statement for several sets of rules: each finds whom it would have found by itself, in the same order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories import MentorFactory

from quarterhour.matching import candidates, glance
from quarterhour.matching.capacity import count_capacity, window_of
from quarterhour.matching.eligibility import Eligible
from quarterhour.matching.indexing import index_mentors
from quarterhour.matching.models import Capacity
from quarterhour.people.models import Profile, Skill, Topic

pytestmark = pytest.mark.django_db

FEW = {"words": 4, "meaning": 4, "topics": 2, "past": 8, "standing": 2, "newcomers": 2}
LANGUAGES = (["en"], ["da"], ["en", "da"], [], ["sq"])


@pytest.fixture
def town(commons, now):
    """Fifteen mentors of every language there is here; half of them are free today, some are paused."""
    skill = Skill.objects.create(id="team-leading", label="Leading a team", area="work", spellings="leading a team")
    mentors = [MentorFactory(org=commons) for _ in range(15)]
    ids = [mentor.pk for mentor in mentors]
    Topic.objects.within(commons).update(skill=skill)
    for number, profile in enumerate(Profile.objects.within(commons).order_by("pk")):
        profile.language_codes = LANGUAGES[number % len(LANGUAGES)]
        profile.paused_until = now.date() + timedelta(days=9) if number % 7 == 0 else None
        profile.save()
    index_mentors(org=commons, mentor_ids=ids)
    count_capacity(org_id=commons.pk, mentor_ids=ids, now=now)
    for number, row in enumerate(Capacity.objects.within(commons).order_by("mentor")):
        row.rated, row.helped = number % 4, number % 3
        row.hours = "0" * len(row.hours) if number % 2 else row.hours
        row.save()
    return ids


@pytest.fixture
def narrowest(commons, leila, now):
    week = window_of(now, now + timedelta(days=6), now=now)
    return Eligible(org_id=commons.pk, asker=leila.pk, today=now.date(), languages=("en", "da"), window=week)


@pytest.fixture
def sought(town):
    near = np.ones(384, dtype=np.float32) / np.sqrt(384)
    return candidates.Sought(["build", "offer"], near, ["team-leading"], town[::2], pieces=90)


def wider(narrowest: Eligible) -> list[Eligible]:
    without = replace(narrowest, window=None)
    return [narrowest, without, replace(without, languages=()), replace(narrowest, languages=())]


@pytest.mark.parametrize("room", [2, 1])
def test_every_set_of_rules_finds_whom_it_finds_by_itself(sought, narrowest, monkeypatch, room):
    monkeypatch.setattr(candidates, "MOST", FEW)
    monkeypatch.setattr(glance, "MOST", FEW)
    monkeypatch.setattr(glance, "ROOM", {way: room * most for way, most in FEW.items()})
    looks = glance.Glance(sought, narrowest)

    found = [looks.find(eligible) for eligible in wider(narrowest)]

    assert found == [candidates.find(sought, eligible) for eligible in wider(narrowest)]
    assert len({tuple(each.by_topic) for each in found}) > 1  # the rules do leave people out


def test_rules_that_leave_few_out_cost_one_message_together(sought, narrowest):
    looks = glance.Glance(sought, narrowest)
    with CaptureQueriesContext(connection) as sent:
        for eligible in wider(narrowest):
            looks.find(eligible)
    assert len(sent) == 1


def test_a_way_that_stopped_too_early_is_asked_again_alone(sought, narrowest, monkeypatch):
    monkeypatch.setitem(glance.MOST, "topics", 2)
    monkeypatch.setitem(glance.ROOM, "topics", 2)
    looks = glance.Glance(sought, narrowest)
    with CaptureQueriesContext(connection) as sent:
        found = looks.find(narrowest)
    again = sent.captured_queries[-1]["sql"]

    assert (len(sent), "people_topic" in again, "matching_evidence" in again) == (2, True, False)
    assert found.by_topic == candidates.find(sought, narrowest).by_topic


def test_where_there_is_nothing_to_look_with_nobody_is_found(town, narrowest):
    nothing = candidates.Sought([], None, [], [], pieces=0)
    with CaptureQueriesContext(connection) as sent:
        found = glance.Glance(nothing, narrowest).find(narrowest)
    assert (found, len(sent)) == (candidates.Found([], [], [], [], [], [], []), 0)
