"""Who may be shown at all: the hard rules are part of every way in which people are found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories import MentorFactory, NeedFactory, make_session

from quarterhour.availability.models import Availability
from quarterhour.core import outbox
from quarterhour.matching import candidates
from quarterhour.matching.capacity import count_capacity, stale, window_of
from quarterhour.matching.eligibility import Eligible
from quarterhour.matching.glance import Glance
from quarterhour.matching.indexing import index_mentors
from quarterhour.matching.models import HOURS_AHEAD, Capacity
from quarterhour.matching.ranking import rank
from quarterhour.people.models import Profile, Skill, Topic
from quarterhour.sessions import services

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(amara, commons, now):
    """Amara, read and counted; she gives weekday mornings in Lagos."""
    told = {"label": "moving into management", "area": "x", "spellings": "x"}
    skill, _ = Skill.objects.update_or_create(pk="moving-into-management", defaults=told)
    Topic.objects.within(commons).filter(profile__person=amara).update(skill=skill)
    index_mentors(org=commons, mentor_ids=[amara.pk])
    count_capacity(org_id=commons.pk, mentor_ids=[amara.pk], now=now)
    Capacity.objects.within(commons).update(rated=2, helped=2)  # few enough to be new, enough to have helped
    return amara


def ways(eligible: Eligible) -> list[set]:
    """Who is found by words, by meaning, by topic, who of everybody passes, who helped most, and who is new."""
    import numpy as np

    near = np.ones(384, dtype=np.float32) / np.sqrt(384)
    everybody = list(Profile.objects.of_every_tenant(because="test").values_list("person", flat=True))
    sought = candidates.Sought(["build", "offer"], near, ["moving-into-management"], everybody, pieces=9)
    found = candidates.find(sought, eligible)
    assert Glance(sought, eligible).find(eligible) == found
    named = (found.by_words, found.by_meaning, found.by_topic, found.by_past, found.by_standing, found.newcomers)
    return [set(way) for way in named]


def rules(commons, leila, now, **more) -> Eligible:
    return Eligible(org_id=commons.pk, asker=leila.pk, today=now.date(), **more)


def test_a_mentor_who_offers_time_is_found_in_every_way(known, commons, leila, now):
    assert ways(rules(commons, leila, now)) == [{known.pk}] * 6


def _pause(profile, now):
    profile.paused_until = now.date() + timedelta(days=1)


def _stop(profile, now):
    profile.is_mentor = False


def _speak_only_albanian(profile, now):
    profile.language_codes = ["sq"]


@pytest.mark.parametrize("change", [_pause, _stop, _speak_only_albanian])
def test_each_rule_closes_every_way(known, commons, leila, now, change):
    profile = Profile.objects.within(commons).get(person=known)
    change(profile, now)
    profile.save()
    assert ways(rules(commons, leila, now, languages=("en", "pt"))) == [set()] * 6


def test_nobody_is_shown_to_themselves(known, commons, now):
    assert ways(Eligible(org_id=commons.pk, asker=known.pk, today=now.date())) == [set()] * 6


def test_who_has_no_hour_left_in_the_window_is_not_found(known, commons, leila, now):
    night = window_of(now.replace(hour=20), now.replace(hour=23), now=now)
    morning = window_of(now, now + timedelta(days=3), now=now)
    assert ways(rules(commons, leila, now, window=night)) == [set()] * 6
    assert ways(rules(commons, leila, now, window=morning)) == [{known.pk}] * 6


def test_the_hours_are_the_same_seen_from_the_next_day(known, commons, leila, now):
    tomorrow = now + timedelta(days=1)
    night = window_of(tomorrow.replace(hour=20), tomorrow.replace(hour=23), now=tomorrow)
    morning = window_of(tomorrow.replace(hour=0), tomorrow.replace(hour=23), now=tomorrow)
    assert ways(rules(commons, leila, tomorrow, window=night)) == [set()] * 6
    assert ways(rules(commons, leila, tomorrow, window=morning)) == [{known.pk}] * 6


def test_who_was_not_counted_yet_is_let_through(known, commons, leila, now):
    Capacity.objects.within(commons).all().delete()
    night = window_of(now.replace(hour=20), now.replace(hour=23), now=now)
    assert ways(rules(commons, leila, now, window=night)) == [{known.pk}] * 4 + [set(), {known.pk}]


def test_who_was_rated_often_is_new_no_more_and_who_helped_nobody_has_no_standing(known, commons, leila, now):
    Capacity.objects.within(commons).update(rated=3, helped=0)
    *_, standing, new = ways(rules(commons, leila, now))
    assert standing == new == set()


def test_a_window_beyond_the_days_counted_leaves_nobody_out(now):
    assert window_of(now, now + timedelta(days=20), now=now).mask == ""
    assert window_of(now, now + timedelta(hours=1), now=now).mask.count("1") == 2
    assert len(window_of(now, now + timedelta(days=3), now=now).mask) == HOURS_AHEAD


def test_a_booking_and_its_end_are_counted(known, commons, leila, now):
    Availability.objects.within(commons).filter(mentor=known).update(weekly_minutes=25)
    session = make_session(NeedFactory(mentee=leila, org=commons), known, now + timedelta(hours=1))
    count_capacity(org_id=commons.pk, mentor_ids=[known.pk], now=now)
    booked = Capacity.objects.within(commons).get(mentor=known)

    services.cancel(session=session, by=leila, now=now)
    outbox.drain(now=now)

    after = Capacity.objects.within(commons).get(mentor=known)
    assert (booked.minutes_given, after.minutes_given) == (25, 0)
    assert after.hours.count("1") > booked.hours.count("1")


def test_who_stops_offering_has_no_row(known, commons, now):
    Profile.objects.within(commons).filter(person=known).update(is_mentor=False)
    count_capacity(org_id=commons.pk, mentor_ids=[known.pk], now=now)
    assert not Capacity.objects.within(commons).exists()


def test_what_is_old_or_missing_is_counted_again(known, commons, now):
    other = MentorFactory(org=commons)
    assert stale(now=now) == [(commons.pk, [other.pk])]
    ((org_id, found),) = stale(now=now + timedelta(hours=7))
    assert (org_id, set(found)) == (commons.pk, {known.pk, other.pk})


def test_counting_costs_the_same_for_many(known, commons, now, django_assert_num_queries):
    for _ in range(4):
        MentorFactory(org=commons)
    everybody = list(Profile.objects.within(commons).mentors().values_list("person", flat=True))
    with django_assert_num_queries(8):
        assert count_capacity(org_id=commons.pk, mentor_ids=everybody, now=now) == 5


def test_a_good_person_on_another_day_beats_nobody_today(known, commons, leila, now):
    night = window_of(now.replace(hour=20), now.replace(hour=23), now=now)
    found = rank(
        NeedFactory.build().text,
        kind="decide",
        languages=["en"],
        chosen=(),
        org=commons,
        asker_id=leila.pk,
        now=now,
        window=night,
    )
    assert [fit.mentor.id for fit in found.fits] == [known.pk]
