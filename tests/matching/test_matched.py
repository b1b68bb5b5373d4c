"""A question that was stated goes on to "Matched" by itself, if there is anybody for it."""

from __future__ import annotations

import pytest
from tests.factories import MentorFactory

from quarterhour.advice.queries import standings
from quarterhour.core import outbox
from quarterhour.core.models import OutboxEvent
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.needs.services import NeedWords, state_need
from quarterhour.people.services import load_skills


@pytest.fixture
def stated(leila, commons, now):
    load_skills()

    def state():
        words = NeedWords(text="I have been offered the team lead role. Should I say yes now?")
        return state_need(mentee=leila, org=commons, words=words, now=now, today=now.date())

    return state


def told(now) -> None:
    for event in OutboxEvent.objects.filter(name="NeedStated"):
        assert outbox.deliver(event.pk, now=now) == 0


def standing(need, now) -> str:
    need.refresh_from_db()
    return standings([need], visible_to=need.mentee, now=now)[need.pk].at


def test_a_question_somebody_could_answer_is_matched(stated, commons, now):
    mentor = MentorFactory(org=commons)
    index_mentors(org=commons, mentor_ids=[mentor.pk])
    count_words(commons.pk)
    need = stated()
    assert standing(need, now) == "asked"

    told(now)
    assert standing(need, now) == "matched"
    assert need.matched_at == now


def test_where_nobody_offers_time_it_stays_asked(stated, now):
    need = stated()
    told(now)
    assert standing(need, now) == "asked"


def test_people_who_came_later_leave_the_first_moment_as_it_was(stated, commons, now):
    from datetime import timedelta

    from quarterhour.matching.handlers import look_for_people
    from quarterhour.needs.events import NeedStated

    mentor = MentorFactory(org=commons)
    index_mentors(org=commons, mentor_ids=[mentor.pk])
    need = stated()
    for later in (0, 5):
        look_for_people(NeedStated(org_id=need.org_id, need_id=need.pk), now=now + timedelta(minutes=later))
    need.refresh_from_db()
    assert need.matched_at == now
