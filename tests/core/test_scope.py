"""A tenant's rows cannot be read by accident."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from tests.factories import NeedFactory, PersonFactory

from quarterhour.core.models import Organisation, TenantRow
from quarterhour.core.scope import TenantQuerySet, UnscopedAccess

OURS = [m for m in apps.get_models() if m.__module__.startswith("quarterhour.")]
TENANTS = [m for m in OURS if issubclass(m, TenantRow)]

# Tables of ours that belong to no organisation, each with its reason.
WITHOUT_ORGANISATION = {
    "core.Organisation": "is the organisation",
    "core.OutboxEvent": "read by the worker alone, carries the organisation it is about",
    "core.Delivery": "read by the worker alone",
    "core.Command": "keyed by the person who sent it",
    "core.SingleUseLink": "found by its secret alone",
    "core.AuditEntry": "written always, read by operators",
    "core.Spent": "counts tries, holds nobody's words",
    "people.Person": "an account may belong to several organisations",
    "people.Membership": "is the tie between account and organisation",
    "people.Skill": "reference data, the same for everybody",
    "mentoring_sessions.TimeClaim": "a person is in one place, whatever the organisation",
    "matching.WordCount": "counts words, names its organisation, read by the ranker alone",
}


def test_every_table_belongs_to_an_organisation_or_says_why_not():
    assert {m._meta.label for m in OURS if m not in TENANTS} == set(WITHOUT_ORGANISATION)


@pytest.mark.parametrize("model", TENANTS, ids=lambda m: m._meta.label)
def test_reading_without_saying_for_whom_is_refused(model, db):
    assert issubclass(type(model.objects.all()), TenantQuerySet)
    for read in (list, lambda q: q.count(), lambda q: q.exists(), lambda q: q.first(), lambda q: q.delete()):
        with pytest.raises(UnscopedAccess):
            read(model.objects.all())
    with pytest.raises(UnscopedAccess):
        model.objects.filter(pk=model().pk).update(id=model().pk)
    with pytest.raises(UnscopedAccess):
        list(model.objects.all().iterator())
    with pytest.raises(UnscopedAccess):
        model.objects.aggregate(models.Count("pk"))


@pytest.mark.parametrize("model", TENANTS, ids=lambda m: m._meta.label)
def test_a_person_of_another_organisation_sees_nothing(model, db):
    stranger = PersonFactory(org=Organisation.objects.create(name="Elsewhere", slug="elsewhere"))
    assert list(model.objects.visible_to(stranger)) == []


def test_rows_reached_from_a_row_in_hand_need_no_second_word(leila, commons):
    need = NeedFactory(mentee=leila, org=commons)
    assert list(need.topics.all()) == []
    assert list(leila.needs.all()) == [need]


def test_a_need_is_seen_by_the_person_who_has_it_alone(leila, amara, commons):
    from quarterhour.needs.models import Need

    need = NeedFactory(mentee=leila, org=commons)
    assert list(Need.objects.visible_to(leila)) == [need]
    assert list(Need.objects.visible_to(amara)) == []
