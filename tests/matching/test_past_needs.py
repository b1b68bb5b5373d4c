"""Whoever helped with a need like this one is found by it, as long as both agreed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories import MentorFactory, NeedFactory, make_session

from quarterhour.advice.models import Takeaway
from quarterhour.core import outbox
from quarterhour.matching.embedding import embed
from quarterhour.matching.models import Capacity, PastNeed
from quarterhour.matching.past_needs import index_past_needs, needs_met, similar_needs
from quarterhour.matching.ranking import rank
from quarterhour.trust.models import Helpfulness
from quarterhour.trust.services import say_how_it_helped

pytestmark = pytest.mark.django_db
ROOF = "The roof of our village hall leaks, and the grant runs out in March. Patch it or replace it?"


@pytest.fixture
def met(leila, commons, now):
    """A mentor whose profile says nothing of roofs helped with one."""
    mentor = MentorFactory(org=commons)
    need = NeedFactory(mentee=leila, org=commons, text=ROOF)
    session = make_session(need, mentor, now - timedelta(days=30), status="ended")
    Takeaway.objects.create(org=commons, session=session, insight="x", written_at=now, quotable=True)
    Helpfulness.objects.create(org=commons, session=session, rater=leila, quarters=4, at=now)
    assert index_past_needs(org_id=commons.pk, mentor_ids=[mentor.pk]) == 1
    return mentor, session


def test_a_like_need_finds_them(met, commons, now):
    mentor, _ = met
    (vector,) = embed(["Our church roof lets the rain in. Should we repair or renew it?"])
    (found,) = similar_needs(vector, [], org_id=commons.pk)
    assert (found.mentor_id, found.helped) == (mentor.pk, 4)
    assert found.similarity > 0.4


def test_without_a_model_shared_words_find_them(met, commons):
    found = similar_needs(None, ["roof", "leak"], org_id=commons.pk)
    assert [each.mentor_id for each in found] == [met[0].pk]
    assert similar_needs(None, [], org_id=commons.pk) == []


def test_they_are_among_the_candidates(met, commons, amara, now):
    found = rank(
        "The roof of our clubhouse leaks. Patch or replace?",
        kind="decide",
        languages=["en"],
        chosen=(),
        org=commons,
        asker_id=amara.pk,
        now=now,
    )
    assert met[0].pk in [fit.mentor.id for fit in found.fits]


def test_consent_taken_back_removes_text_vector_and_influence(met, commons, now):
    from quarterhour.advice.events import TakeawayConfirmed
    from quarterhour.core.events import publish

    card = Takeaway.objects.within(commons).get()
    Takeaway.objects.within(commons).update(quotable=False)
    publish(TakeawayConfirmed(org_id=commons.pk, takeaway_id=card.pk), now=now)
    outbox.drain(now=now)

    assert not PastNeed.objects.within(commons).exists()
    assert similar_needs(None, ["roof"], org_id=commons.pk) == []


def test_an_answer_given_later_is_weighed(met, leila, commons, now):
    mentor, session = met
    say_how_it_helped(session=session, by=leila, quarters=0, now=now)
    outbox.drain(now=now)
    assert PastNeed.objects.within(commons).get(session=session).helped == 0
    capacity = Capacity.objects.within(commons).get(mentor=mentor)
    assert (capacity.rated, capacity.helped) == (1, 0)


def test_without_consent_nothing_is_kept(leila, commons, now):
    mentor = MentorFactory(org=commons)
    session = make_session(NeedFactory(mentee=leila, org=commons, text=ROOF), mentor, now, status="ended")
    Takeaway.objects.create(org=commons, session=session, insight="x", written_at=now)
    assert needs_met(commons, [mentor.pk]) == []


def test_another_organisation_knows_nothing_of_it(met):
    from quarterhour.core.models import Organisation

    elsewhere = Organisation.objects.create(name="Elsewhere", slug="elsewhere")
    assert similar_needs(None, ["roof"], org_id=elsewhere.pk) == []
