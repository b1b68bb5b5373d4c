"""A question that is changed while it is on the waitlist waits for whoever fits what it says now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.core import outbox
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.matching.models import FreedTime, Waiter
from quarterhour.matching.waitlist import serving
from quarterhour.matching.waitlist.joining import join, take
from quarterhour.matching.waitlist.queries import kept_time, standing
from quarterhour.needs.models import Need
from quarterhour.needs.services import NeedWords, change_need, close
from quarterhour.people.models import Profile, Skill, Story, Topic
from quarterhour.sessions import services
from quarterhour.sessions.models import Status

pytestmark = pytest.mark.django_db

LEADING, BAKING = "moving-into-management", "baking-and-pastry"
AT_TEN = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
TODAY = AT_TEN.date()
ONE_QUARTER = {"thu": [["10:00", "10:25"]]}
CROISSANTS = "My croissants stay flat however long I proof them. Is it the butter, the oven or the baker?"


def a_mentor(name, org, skill, story=""):
    found = MentorFactory(name=name, org=org, weekly=ONE_QUARTER, rules={"horizon_days": 3})
    Skill.objects.update_or_create(pk=skill, defaults={"label": skill, "area": "x", "spellings": skill})
    profile = Profile.objects.within(org).filter(person=found)
    Topic.objects.within(org).filter(profile__person=found).update(skill=skill, name=skill.replace("-", " "))
    if story:
        profile.update(headline="Pastry chef", role="Pastry chef", about="I bake.")
        Story.objects.within(org).filter(profile__person=found).update(title="Butter at four", text=story)
    index_mentors(org=org, mentor_ids=[found.pk])
    count_words(org.pk)
    return found


@pytest.fixture
def amara(commons):
    return a_mentor("Amara Okafor", commons, LEADING)


@pytest.fixture
def jun(commons):
    return a_mentor(
        "Jun Takahashi", commons, BAKING, "I once baked flat croissants for a month. It was the butter, not the oven."
    )


@pytest.fixture
def full(amara, jun, commons):
    """Both give one quarter of an hour today, and both are booked by somebody."""
    somebody = lambda: NeedFactory(mentee=PersonFactory(org=commons), org=commons)  # noqa: E731
    return {mentor: make_session(somebody(), mentor, AT_TEN) for mentor in (amara, jun)}


@pytest.fixture
def waits(full, commons, now):
    def begin(name="Leila", **given):
        need = NeedFactory(mentee=PersonFactory(name=name, org=commons), org=commons, stated_at=now)
        return join(need=need, by=need.mentee, now=now - timedelta(minutes=30), **given)

    return begin


def change(waiter, now, text=CROISSANTS, **words):
    need = Need.objects.within(waiter.org_id).get(pk=waiter.need_id)
    given = {"text": text, "minutes": need.minutes, "skills": (BAKING,), "settled": ("topics",), "languages": ("en",)}
    change_need(need=need, words=NeedWords(**given | words), seen=need.version, now=now, today=TODAY)
    outbox.drain(now=now)
    waiter.refresh_from_db()


def release(session, now):
    services.cancel(session=session, by=session.mentee, now=now)
    outbox.drain(now=now)


def kept(commons) -> list[tuple[str, str]]:
    rows = FreedTime.objects.within(commons).open().select_related("waiter__mentee", "session__mentor")
    return [(each.waiter.mentee.name, each.session.mentor.first_name) for each in rows]


def test_it_waits_for_those_who_fit_now_and_for_the_others_no_longer(waits, full, amara, jun, commons, now):
    leila, noor = waits("Leila"), waits("Noor")
    assert set(leila.fits) == {str(amara.pk)}
    since = leila.since

    change(leila, now)

    assert set(leila.fits) == {str(jun.pk)}
    assert leila.since == since  # how long one has waited is one's own
    assert standing(leila, now=now) == standing(noor, now=now) == (1, 1)
    release(full[amara], now)
    assert kept(commons) == [("Noor", "Amara")]
    release(full[jun], now)
    assert sorted(kept(commons)) == [("Leila", "Jun"), ("Noor", "Amara")]


def test_what_somebody_new_has_free_at_that_moment_was_on_the_page_and_is_not_offered(waits, full, jun, commons, now):
    leila = waits("Leila")
    release(full[jun], now)

    change(leila, now)

    assert str(jun.pk) in leila.seen
    assert kept(commons) == []


def test_a_question_nobody_fits_any_more_waits_for_whoever_comes_up(waits, amara, commons, now):
    leila = waits("Leila")

    change(leila, now, "Wie viel Holz braucht ein Kachelofen im Winter?", skills=(), languages=("is",))

    assert (leila.fits, leila.ended) == ({}, "")
    assert standing(leila, now=now) == (1, 1)


def test_whoever_waits_for_one_mentor_goes_on_waiting_for_them(waits, amara, commons, now):
    leila = waits("Leila", mentor=amara)
    before = leila.fits[str(amara.pk)]

    change(leila, now)

    assert set(leila.fits) == {str(amara.pk)}
    assert leila.fits[str(amara.pk)] < before


def test_a_time_that_is_kept_already_stays_theirs_as_it_was_told(waits, full, amara, commons, now):
    leila = waits("Leila")
    release(full[amara], now)
    held = kept_time(leila, now=now)

    change(leila, now + timedelta(minutes=1), minutes=15)

    assert kept(commons) == [("Leila", "Amara")]
    later = now + timedelta(minutes=14)
    assert kept_time(leila, now=later).pk == held.pk
    booked = take(session=held, by=leila.mentee, now=later)
    assert (booked.status, booked.minutes) == (Status.CONFIRMED, 25)


def test_it_waits_until_the_question_is_over_by_what_it_says_now(waits, commons, now):
    leila = waits("Leila")
    week = leila.until

    change(leila, now, when=Need.When.TODAY)
    assert leila.until == datetime(2026, 11, 27, tzinfo=UTC)
    assert leila.until < week


def test_whoever_left_or_is_done_joins_nothing_by_changing_their_words(waits, amara, commons, now):
    leila, noor = waits("Leila"), waits("Noor")
    Waiter.objects.within(commons).filter(pk=leila.pk).update(ended=Waiter.Ended.LEFT)
    close(noor.need, now=now)

    for waiter in (leila, noor):
        change(waiter, now)
        assert set(waiter.fits) == {str(amara.pk)}


def test_nothing_is_kept_by_a_look_that_is_older_than_the_change(waits, full, amara, commons, now, monkeypatch):
    leila = waits("Leila")
    real = serving._seen_by_engine

    def looked(waiters, **given):
        seen = real(waiters, **given)
        change_need(
            need=Need.objects.within(commons).get(pk=leila.need_id),
            words=NeedWords(text=CROISSANTS, languages=("en",)), seen=1, now=now, today=TODAY,
        )  # fmt: skip
        monkeypatch.setattr(serving, "_seen_by_engine", real)
        return seen

    services.cancel(session=full[amara], by=full[amara].mentee, now=now)
    monkeypatch.setattr(serving, "_seen_by_engine", looked)
    monkeypatch.setattr(serving, "ROUNDS", 1)

    assert serving.serve(org_id=commons.pk, now=now) == 0
