"""Somebody who wants nothing to do with another person is left in peace, and the other one is never told."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from tests.factories import PersonFactory

from quarterhour.core.errors import Invalid
from quarterhour.core.models import AuditEntry, Organisation, OutboxEvent
from quarterhour.people.models import Block, Membership, Profile
from quarterhour.people.queries import blocked_with, blocks_of, is_blocked, mentor_profile
from quarterhour.people.services import block, unblock

pytestmark = pytest.mark.django_db


@pytest.fixture
def parted(leila, amara, commons, now):
    return block(other=amara, by=leila, org=commons, now=now)


def news() -> list[str]:
    return list(OutboxEvent.objects.order_by("pk").values_list("name", flat=True))


def test_it_holds_both_ways(parted, leila, amara, tomasz):
    assert blocked_with(leila) == {amara.pk}
    assert blocked_with(amara) == {leila.pk}
    assert blocked_with(tomasz) == set()
    assert is_blocked(leila, amara)
    assert is_blocked(amara, leila)
    assert not is_blocked(leila, tomasz)


def test_only_whoever_blocked_sees_it(parted, leila, amara, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [row.blocked.called for row in blocks_of(leila)] == ["Amara Okafor"]
    assert list(blocks_of(amara)) == []


def test_it_is_told_and_written_down_once_however_often_it_is_pressed(parted, leila, amara, commons, now):
    assert block(other=amara, by=leila, org=commons, now=now) == parted
    assert news() == ["PersonBlocked"]
    entry = AuditEntry.objects.get(act="blocked")
    assert (entry.actor_key, entry.on) == (str(leila.pk), f"person {amara.pk}")


def test_taking_it_back_lets_them_meet_again(parted, leila, amara, now):
    unblock(other=amara, by=leila, now=now)
    unblock(other=amara, by=leila, now=now)
    assert blocked_with(leila) == set()
    assert news() == ["PersonBlocked", "PersonUnblocked"]
    assert AuditEntry.objects.filter(act="unblocked").count() == 1


def test_each_takes_back_their_own_alone(parted, leila, amara, commons, now):
    unblock(other=leila, by=amara, now=now)
    assert is_blocked(leila, amara)
    block(other=leila, by=amara, org=commons, now=now)
    unblock(other=amara, by=leila, now=now)
    assert is_blocked(leila, amara)


def test_nobody_blocks_themselves(leila, commons, now):
    with pytest.raises(Invalid, match="That is you"):
        block(other=leila, by=leila, org=commons, now=now)
    with pytest.raises(IntegrityError, match="nobody_blocks_themselves"), transaction.atomic():
        Block.objects.create(org=commons, blocker=leila, blocked=leila, created_at=now)


def test_the_database_keeps_one_row_for_each_side_of_a_pair(parted, leila, amara, commons, now):
    with pytest.raises(IntegrityError, match="one_block_per_pair_and_side"), transaction.atomic():
        Block.objects.create(org=commons, blocker=leila, blocked=amara, created_at=now)


@pytest.mark.parametrize("blocker", ["leila", "amara"])
def test_the_page_of_a_mentor_is_as_if_it_were_not_there(leila, amara, commons, now, blocker):
    one, other = (leila, amara) if blocker == "leila" else (amara, leila)
    block(other=other, by=one, org=commons, now=now)
    with pytest.raises(Profile.DoesNotExist):
        mentor_profile(amara.pk, visible_to=leila, org=commons)
    assert mentor_profile(amara.pk, visible_to=PersonFactory(org=commons), org=commons).person == amara


def test_it_holds_in_every_organisation_they_share(parted, leila, amara, now):
    elsewhere = Organisation.objects.create(name="Maré", slug="mare")
    for person in (leila, amara):
        Membership.objects.create(person=person, org=elsewhere)
    Profile.objects.create(org=elsewhere, person=amara, is_mentor=True)
    with pytest.raises(Profile.DoesNotExist):
        mentor_profile(amara.pk, visible_to=leila, org=elsewhere)
    Membership.objects.filter(person=leila, org=parted.org).delete()
    assert [row.blocked for row in blocks_of(leila)] == [amara], "who has left can still take it back"
