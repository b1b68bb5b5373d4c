"""Said apart: what one side answers, the other never reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.core.errors import Invalid, NotFound
from quarterhour.core.scope import UnscopedAccess
from quarterhour.sessions.models import Status
from quarterhour.trust import queries, services
from quarterhour.trust.models import Helpfulness, PrivateNote

pytestmark = pytest.mark.django_db

TALKED = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
AFTER = TALKED + timedelta(minutes=26)


@pytest.fixture
def session(need, amara):
    return make_session(need, amara, TALKED, status=Status.ENDED)


def say(session, by, quarters, **given):
    return services.say_how_it_helped(session=session, by=by, quarters=quarters, now=AFTER, **given)


def test_an_answer_is_kept_and_may_be_changed(session, leila):
    say(session, leila, 3, note="The room was loud")
    say(session, leila, 4)

    assert queries.own_answer(session, visible_to=leila) == (4, "The room was loud")
    assert Helpfulness.objects.within(session.org).count() == 1

    say(session, leila, 4, note="")
    assert queries.own_answer(session, visible_to=leila) == (4, "")
    assert not PrivateNote.objects.within(session.org).exists()


def test_a_note_needs_no_answer(session, leila):
    services.tell_the_platform(session=session, by=leila, text="  He was unkind\x00 ", now=AFTER)
    assert queries.own_answer(session, visible_to=leila) == (None, "He was unkind")


@pytest.mark.parametrize("role", ["member", "manager"])
def test_nobody_reads_another_persons_answer(session, leila, amara, commons, role):
    say(session, leila, 1, note="It did not help")
    say(session, amara, 4, note="It went well")
    onlooker = PersonFactory(org=commons, org__role=role, is_operator=True)

    for model, field, theirs in ((Helpfulness, "quarters", 1), (PrivateNote, "text", "It did not help")):
        for reader, seen in ((amara, 1), (onlooker, 0)):
            rows = model.objects.visible_to(reader)
            assert rows.filter(session=session).count() == seen
            assert theirs not in rows.values_list(field, flat=True)
        with pytest.raises(UnscopedAccess):
            list(model.objects.filter(session=session))
    assert queries.own_answer(session, visible_to=amara) == (4, "It went well")
    assert queries.own_answer(session, visible_to=onlooker) == (None, "")


def test_no_other_table_leads_to_a_private_note():
    ways = [
        field.name for model in apps.get_models() for field in model._meta.get_fields()
        if field.auto_created and getattr(field, "related_model", None) is PrivateNote and not field.hidden
    ]  # fmt: skip
    assert ways == []


def test_only_sums_of_the_mentees_word_leave(commons, amara, leila):
    for hour, (mentees, mentors) in enumerate([(4, 0), (3, 0), (2, 4)]):
        need = NeedFactory(mentee=PersonFactory(org=commons), org=commons)
        held = make_session(need, amara, TALKED - timedelta(hours=hour), status=Status.ENDED)
        say(held, need.mentee, mentees)
        say(held, amara, mentors)
    other = MentorFactory(org=commons)

    found = queries.helped_by([amara.pk, other.pk], org=commons)

    assert list(found) == [amara.pk]
    assert found[amara.pk][:2] == (2, 3)
    assert 0 < found[amara.pk].low < 2 / 3 < found[amara.pk].high < 1


@pytest.mark.parametrize("quarters", [-1, 5, 99, None, "3", 2.5])
def test_there_are_five_answers(session, leila, quarters):
    with pytest.raises(Invalid) as refused:
        say(session, leila, quarters)
    assert "helpful" in refused.value.fields
    assert not Helpfulness.objects.within(session.org).exists()


def test_a_note_that_is_too_long_keeps_nothing(session, leila):
    with pytest.raises(Invalid) as refused:
        say(session, leila, 2, note="x" * 10_001)
    assert refused.value.fields == {"note": "That is 10,001 characters. Shorten it to 10,000."}
    assert not Helpfulness.objects.within(session.org).exists()


def test_what_did_not_happen_did_not_help(need, amara, leila, commons):
    ahead = make_session(need, amara, AFTER + timedelta(hours=2))
    released = make_session(need, amara, TALKED, status=Status.CANCELLED)
    for session in (ahead, released):
        with pytest.raises(Invalid, match="not taken place"):
            say(session, leila, 3)
    with pytest.raises(NotFound):
        say(released, PersonFactory(org=commons), 3)
