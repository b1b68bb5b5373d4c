"""A question is changed while its owner stands in line, or while somebody is fitted to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories import MentorFactory, NeedFactory

from quarterhour.core import outbox
from quarterhour.core.errors import Changed
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.matching.models import Place, Ring, Waiter
from quarterhour.matching.now import line, oncall
from quarterhour.matching.waitlist import joining
from quarterhour.needs.models import Need
from quarterhour.needs.services import NeedWords, change_need
from quarterhour.people.models import Profile, Story, Topic
from quarterhour.people.services import load_skills

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
BREAD = "My sourdough bread stays flat and heavy however long I proof the dough. What am I missing?"
LEAD = "Should I become the lead of my engineering team, or go on building?"


@pytest.fixture
def baker(commons, now):
    mentor = MentorFactory(name="Benoît Girard", email="benoit@town.example", org=commons)
    told = "I once baked sourdough bread that stayed flat and heavy for a year. I let the dough proof too long."
    Story.objects.within(commons).filter(profile__person=mentor).update(title="Flat bread", text=told)
    Profile.objects.within(commons).filter(person=mentor).update(headline="Baker of sourdough bread", about="Bread.")
    Topic.objects.within(commons).filter(profile__person=mentor).update(name="sourdough bread")
    return mentor


@pytest.fixture
def need(leila, commons, now):
    return NeedFactory(mentee=leila, org=commons, stated_at=now, text=LEAD, minutes=15)


@pytest.fixture
def both(amara, baker, commons, now):
    load_skills()
    Topic.objects.within(commons).filter(profile__person=amara).update(skill_id="moving-into-management")
    index_mentors(org=commons, mentor_ids=[amara.pk, baker.pk])
    count_words(commons.pk)
    for mentor in (amara, baker):
        oncall.go_on_call(mentor=mentor, org=commons, until=now + HOUR, now=now)
    outbox.drain(now=now)


def change(need, now, text=BREAD, minutes=25):
    words = NeedWords(text=text, minutes=minutes, languages=("en",))
    return change_need(need=need, words=words, seen=need.version, now=now, today=now.date())


def rung(org):
    return {ring.mentor.first_name for ring in Ring.objects.within(org).open().select_related("mentor")}


def test_whoever_stands_in_line_is_rung_for_what_the_question_says_now(need, both, amara, baker, commons, now):
    place = line.press(need=need, fits={amara.pk: 0.9}, minutes=15, by=need.mentee, now=now)
    assert rung(commons) == {"Amara"}

    change(need, now)
    outbox.drain(now=now)

    place.refresh_from_db()
    assert set(place.fits) == {str(baker.pk)}
    assert (place.minutes, place.asked_at) == (25, now)
    assert rung(commons) == {"Benoît"}
    outbox.drain(now=now)
    assert rung(commons) == {"Benoît"}


def test_whoever_rests_keeps_resting(need, both, amara, baker, commons, now):
    place = line.press(need=need, fits={amara.pk: 0.9}, minutes=15, by=need.mentee, now=now)
    line.rest(place=place, by=need.mentee, now=now)

    change(need, now)
    outbox.drain(now=now)

    place.refresh_from_db()
    assert (place.state, set(place.fits)) == (Place.State.RESTING, {str(baker.pk)})
    assert rung(commons) == set()


def test_fits_of_an_older_wording_are_not_kept(need, amara, baker, commons, now):
    place = line.press(need=need, fits={}, minutes=15, by=need.mentee, now=now)
    old = Need.objects.within(commons).get(pk=need.pk)
    change(need, now)

    line.ask_otherwise(need=old, fits={amara.pk: 0.9}, now=now)

    place.refresh_from_db()
    assert place.fits == {}


def test_a_change_while_the_waitlist_is_fitted_is_left_to_its_own_news(need, both, commons, now, monkeypatch):
    waiter = joining.join(need=need, by=need.mentee, now=now)
    before = waiter.fits
    ranked = joining.fits_whenever

    def slow(asked, mentor, **more):
        found = ranked(asked, mentor, **more)
        change(Need.objects.within(commons).get(pk=need.pk), now, text=f"{LEAD} Again.")
        return dict.fromkeys(found, 0.01)

    monkeypatch.setattr(joining, "fits_whenever", slow)
    joining.fit_changed(need.pk, org_id=commons.pk, now=now)

    assert Waiter.objects.within(commons).get().fits == before


def test_nobody_joins_with_words_that_were_changed_meanwhile(need, both, commons, now):
    old = Need.objects.within(commons).select_related("org", "mentee").get(pk=need.pk)
    change(need, now)
    with pytest.raises(Changed, match="another tab"):
        joining.join(need=old, by=need.mentee, now=now)
    assert not Waiter.objects.within(commons).exists()
