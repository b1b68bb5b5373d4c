"""What a mentor says for single topics decides wherever a time is taken: held, booked, passed on, handed over, now."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.factories import MentorFactory, NeedFactory, make_session

from quarterhour.matching.handing_over import cannot_come
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.matching.people import ranking_for
from quarterhour.needs.models import NeedTopic
from quarterhour.people.models import Profile, Skill, Topic
from quarterhour.sessions import asking, services
from quarterhour.sessions.models import Status
from quarterhour.sessions.now import talk_now

pytestmark = pytest.mark.django_db

SKILL, PART, ELSEWHERE = "leadership", "moving-into-management", "baking-and-pastry"
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _skills(db):
    for key in (SKILL, PART, ELSEWHERE):
        Skill.objects.update_or_create(pk=key, defaults={"label": key, "area": "x", "spellings": key})


@pytest.fixture
def about(commons, leila, now):
    """A question about these skills."""

    def state(*skills):
        need = NeedFactory(mentee=leila, org=commons, stated_at=now)
        for skill in skills:
            NeedTopic.objects.create(org=commons, need=need, skill_id=skill)
        return need

    return state


def says(mentor, org, **topics) -> None:
    """Topics of a mentor: skill with _ for -, and what a booking for it does."""
    profile = Profile.objects.within(org).get(person=mentor)
    profile.topics.all().delete()
    for skill, confirm in topics.items():
        key = skill.replace("_", "-")
        Topic.objects.create(org=org, profile=profile, name=key, skill_id=key, confirm=confirm)


def booked(need, mentor, now):
    return services.book(need=need, mentor=mentor, start=MONDAY, minutes=25, by=need.mentee, now=now).status


@pytest.mark.parametrize(
    ("skills", "expected"),
    [
        ([SKILL], Status.ASKED),
        ([PART], Status.ASKED),  # a part of it
        ([ELSEWHERE], Status.CONFIRMED),
        ([ELSEWHERE, PART], Status.ASKED),  # the strictest
        ([], Status.CONFIRMED),
    ],
)
def test_one_topic_asks_first_of_somebody_who_confirms_at_once(about, amara, commons, now, skills, expected):
    says(amara, commons, leadership="ask", baking_and_pastry="")

    assert booked(about(*skills), amara, now) == expected


@pytest.mark.parametrize(("skills", "expected"), [([SKILL], Status.CONFIRMED), ([ELSEWHERE], Status.ASKED)])
def test_one_topic_confirms_at_once_of_somebody_who_is_asked_first(about, tomasz, commons, now, skills, expected):
    says(tomasz, commons, leadership="instant", baking_and_pastry="")

    assert booked(about(*skills), tomasz, now) == expected


def test_a_time_that_is_held_is_asked_for_like_one_that_is_booked(about, amara, commons, leila, now):
    says(amara, commons, leadership="ask")
    held = services.hold(need=about(PART), mentor=amara, start=MONDAY, minutes=25, by=leila, now=now)

    assert services.confirm(session=held, by=leila, now=now).status == Status.ASKED


def test_a_question_passed_on_is_asked_or_booked_by_the_same_rule(about, tomasz, amara, commons, leila, now):
    says(amara, commons, leadership="ask")
    asked = services.book(need=about(PART), mentor=tomasz, start=MONDAY, minutes=25, by=leila, now=now)
    asking.pass_on(session=asked, to=amara, by=tomasz, now=now)

    instead = asking.ask_instead(session=asked, start=MONDAY, minutes=25, by=leila, now=now)

    assert instead.status == Status.ASKED


def test_whoever_was_rung_and_said_yes_is_not_asked_again(about, amara, commons, now):
    says(amara, commons, leadership="ask")

    assert talk_now(need=about(PART), mentor=amara, minutes=25, now=now).status == Status.CONFIRMED


def test_moving_what_is_booked_asks_nobody_again(about, amara, commons, leila, now):
    says(amara, commons, leadership="ask")
    session = make_session(about(PART), amara, MONDAY)

    assert services.move(session=session, start=MONDAY.replace(hour=10), by=leila, now=now).status == Status.CONFIRMED


@pytest.mark.parametrize("confirm", ["ask", ""])
def test_the_ranking_says_who_is_asked_first_and_hands_over_only_to_whoever_confirms(
    about, amara, commons, now, confirm
):
    ines = MentorFactory(name="Inês Carvalho", org=commons)
    says(amara, commons, leadership="")
    says(ines, commons, leadership=confirm)
    index_mentors(org=commons, mentor_ids=[amara.pk, ines.pk])
    count_words(commons.pk)
    need = about(PART)

    ranked = {fit.mentor.id: fit.mentor.asks_first for fit in ranking_for(need, now=now).fits}
    done = cannot_come(session=make_session(need, amara, MONDAY), by=amara, now=now)

    assert ranked[ines.pk] == bool(confirm)
    assert not ranked[amara.pk]
    assert (done.mentor_id == ines.pk) != bool(confirm)
