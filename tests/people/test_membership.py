"""Whoever is no longer a member acts no more and is found no more; whoever comes for the first time joins Commons."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from tests.factories import PersonFactory

from quarterhour.core.errors import NotAllowed
from quarterhour.matching.candidates import Sought, find
from quarterhour.matching.eligibility import Eligible
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.matching.ranking import rank
from quarterhour.people.models import Membership, Person, Profile, Skill, Topic
from quarterhour.people.queries import acting_in
from quarterhour.people.services import enter_by_mail
from quarterhour.sessions import services

AT_TEN = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)


def remove(person: Person, org) -> Person:
    """Take somebody's membership away. Returns them as the next request reads them."""
    Membership.objects.filter(person=person, org=org).delete()
    return Person.objects.get(pk=person.pk)


def close_the_account(person: Person, _org) -> Person:
    Person.objects.filter(pk=person.pk).update(is_active=False)
    return Person.objects.get(pk=person.pk)


LEAVE = pytest.mark.parametrize("leave", [remove, close_the_account])


@pytest.fixture
def pinned(amara, commons):
    """Amara with a topic of the taxonomy, and everything she says in the index."""
    skill = Skill.objects.create(id="team-leading", label="Leading a team", area="work", spellings="leading a team")
    Topic.objects.within(commons).filter(profile__person=amara).update(skill=skill)
    index_mentors(org=commons, mentor_ids=[amara.pk])
    count_words(commons.pk)
    return skill


def found(need, commons, now) -> list:
    ranking = rank(
        need.text, kind=need.kind, languages=["en"], chosen=(), org=commons, asker_id=need.mentee_id, now=now
    )
    return [fit.mentor.id for fit in ranking.fits]


@LEAVE
def test_whoever_left_is_not_found_for_a_question(need, amara, commons, pinned, now, leave):
    assert found(need, commons, now) == [amara.pk]
    leave(amara, commons)
    assert found(need, commons, now) == []


@LEAVE
def test_whoever_left_is_not_found_by_topic(need, amara, commons, pinned, now, leave):
    eligible = Eligible(org_id=commons.pk, asker=need.mentee_id, today=now.date())
    assert find(Sought([], None, [pinned.pk], [], pieces=0), eligible).by_topic == [amara.pk]
    leave(amara, commons)
    assert find(Sought([], None, [pinned.pk], [], pieces=0), eligible).by_topic == []


@LEAVE
def test_whoever_left_is_no_mentor(amara, commons, leave):
    assert Profile.objects.within(commons).mentors().count() == 1
    leave(amara, commons)
    assert Profile.objects.within(commons).mentors().count() == 0


@pytest.mark.parametrize("take", [services.hold, services.book])
@LEAVE
def test_nobody_books_whoever_left(need, amara, commons, now, take, leave):
    leave(amara, commons)
    with pytest.raises(NotAllowed, match="Amara Okafor does not offer time"):
        take(need=need, mentor=amara, start=AT_TEN, minutes=25, by=need.mentee, now=now)


def test_a_hold_is_not_booked_after_the_mentor_left(need, amara, commons, now):
    held = services.hold(need=need, mentor=amara, start=AT_TEN, minutes=25, by=need.mentee, now=now)
    remove(amara, commons)
    with pytest.raises(NotAllowed, match="does not offer time here"):
        services.confirm(session=held, by=need.mentee, now=now)


def test_whoever_has_no_place_acts_nowhere_not_even_in_commons(leila, commons):
    assert acting_in(leila) == commons
    with pytest.raises(NotAllowed, match="do not belong to"):
        acting_in(remove(leila, commons))


def test_signing_in_again_brings_no_membership_back(leila, commons, now):
    remove(leila, commons)
    assert enter_by_mail(email=leila.email, zone="", now=now) == leila
    assert not Membership.objects.filter(person=leila).exists()


@pytest.mark.parametrize("page", ["ask:ask", "book:sessions", "front:home", "people:join", "availability:week"])
def test_their_pages_say_so_once_and_break_nowhere(client, leila, commons, page):
    remove(leila, commons)
    client.force_login(leila)
    answer = client.get(reverse(page))
    assert answer.status_code == 403
    assert "You do not belong to any organisation here" in answer.content.decode()


def test_they_state_nothing(client, leila, commons):
    remove(leila, commons)
    client.force_login(leila)
    assert client.post(reverse("ask:ask"), {"text": "Should I take the lead role?"}).status_code == 403
    assert leila.needs.count() == 0


def test_they_can_still_reach_their_settings_and_sign_out(client, leila, commons):
    remove(leila, commons)
    client.force_login(leila)
    assert client.get(reverse("people:settings")).status_code == 200
    assert client.post(reverse("people:sign_out")).status_code == 302
    assert client.get(reverse("front:home")).status_code == 200


def test_an_operator_without_a_place_still_looks_after_the_service(client, commons):
    client.force_login(PersonFactory(is_operator=True))
    assert client.get(reverse("operate:health")).status_code == 200
