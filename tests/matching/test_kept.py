"""A ranking is kept as it was shown, and can be read back: who, why, and whether it would be so again."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.factories import MentorFactory, NeedFactory, PersonFactory, make_session

from quarterhour.config.cli.rank import explain
from quarterhour.matching.capacity import count_capacity
from quarterhour.matching.cards import Asked
from quarterhour.matching.handlers import keep_if_new, look_for_people
from quarterhour.matching.indexing import index_mentors
from quarterhour.matching.kept import explained, keep, latest
from quarterhour.matching.models import Capacity, KeptRanking
from quarterhour.matching.people import people_for, ranking_for
from quarterhour.matching.placing import seed_of
from quarterhour.needs.events import NeedStated

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(commons, now):
    people = [MentorFactory(org=commons, name=f"Mentor {number}") for number in range(6)]
    ids = [person.pk for person in people]
    index_mentors(org=commons, mentor_ids=ids)
    count_capacity(org_id=commons.pk, mentor_ids=ids, now=now)
    return people


@pytest.fixture
def kept(town, leila, commons, now) -> KeptRanking:
    need = NeedFactory(mentee=leila, org=commons)
    return keep(ranking_for(need, now=now), need=need, now=now)


def test_a_stated_question_keeps_one_ranking(town, leila, commons, now):
    need = NeedFactory(mentee=leila, org=commons)
    for _ in range(2):
        look_for_people(NeedStated(org_id=commons.pk, need_id=need.pk), now=now)

    (row,) = KeptRanking.objects.within(commons)
    assert set(row.mentors) == {person.pk for person in town}
    assert len(row.shown) == 3
    need.refresh_from_db()
    assert need.matched_at == now


def test_it_is_read_back_as_it_was_a_year_later(kept, town, commons, now):
    Capacity.objects.within(commons).update(minutes_given=9_000, shown=99, rated=50)
    found = explained(kept.pk)

    assert found.same
    assert found.known
    assert [mentor for mentor, *_ in found.places] == kept.mentors
    assert len(found.fits) == len(kept.mentors)
    numbers = found.places[0][3]
    assert 0 <= numbers["fit"] <= 1
    assert numbers["given"] == 0


def test_a_ranking_of_an_earlier_ranker_is_shown_and_not_replayed(kept):
    kept.version = "an-earlier-one"
    kept.save()
    found = explained(kept.pk)
    assert (found.known, found.fits) == (False, [])
    assert found.same


def test_being_shown_is_counted_and_fades(kept, commons, now):
    shown = dict(Capacity.objects.within(commons).values_list("mentor", "shown"))
    assert sorted(shown.values()) == [0, 0, 0, 1, 1, 1]
    from quarterhour.matching.capacity import note_shown

    first = kept.shown[0]
    note_shown([first], org_id=commons.pk, now=now + timedelta(days=7))
    assert Capacity.objects.within(commons).get(mentor=first).shown == pytest.approx(1.5)


def test_the_same_question_draws_the_same_lots():
    assert seed_of("x") == seed_of("x") != seed_of("y")


def test_looking_again_shows_the_same_people_however_often_they_were_shown_since(kept, town, leila, commons, now):
    Capacity.objects.within(commons).filter(mentor__in=kept.shown).update(shown=80, shown_at=now)
    again = ranking_for(kept.need, now=now)
    assert [fit.mentor.id for fit in again.three] == kept.shown


def test_changed_words_are_ranked_and_kept_anew(kept, commons, now):
    kept.need.text = "How do I tell a client that the price goes up?"
    kept.need.save()
    assert keep_if_new(kept.need, now=now)
    assert not keep_if_new(kept.need, now=now)
    assert KeptRanking.objects.within(commons).count() == 2


def test_whoever_is_held_has_a_card(town, leila, commons, now):
    need = NeedFactory(mentee=leila, org=commons)
    asked = Asked(text=need.text, kind="decide", minutes=25, when="week", languages=["en"], skills=[])
    where = {"asker": leila, "org": commons, "zone": "UTC", "now": now}
    for mentor in town:
        cards = people_for(asked, **where, held=mentor.pk).cards
        assert mentor.pk in [card.profile.person_id for card in cards]
        assert len(cards) == 3


def test_where_nobody_was_shown_nothing_is_kept(leila, commons, now):
    need = NeedFactory(mentee=leila, org=commons)
    assert keep(ranking_for(need, now=now), need=need, now=now) is None


def test_the_command_prints_every_number(kept, capsys):
    assert explain(kept.pk) == 0
    told = capsys.readouterr().out
    assert "the same order" in told
    assert told.count("*") >= 3
    assert explain(uuid4()) == 2
    assert "no ranking of that number" in capsys.readouterr().err


def test_an_operator_sees_who_was_shown_and_why(client, kept, town, commons, now):
    make_session(kept.need, town[0], now + timedelta(days=1))
    operator = PersonFactory(org=commons, is_operator=True)
    client.force_login(operator)
    page = client.get(reverse("operate:rankings")).content.decode()
    assert reverse("operate:ranking", args=[kept.pk]) in page
    assert "Mentor 0" in page
    assert kept.need.text[:30] not in page
    one = client.get(reverse("operate:ranking", args=[kept.pk])).content.decode()
    assert "the same order" in one
    assert kept.need.text[:30] not in one
    assert client.get(reverse("operate:ranking", args=[uuid4()])).status_code == 404


def test_nobody_else_sees_rankings(client, kept, leila):
    client.force_login(leila)
    assert client.get(reverse("operate:rankings")).status_code == 403
    assert client.get(reverse("operate:ranking", args=[kept.pk])).status_code == 403


def test_the_list_costs_the_same_for_many(kept, town, leila, commons, now, django_assert_num_queries):
    for _ in range(5):
        need = NeedFactory(mentee=leila, org=commons)
        keep(ranking_for(need, now=now), need=need, now=now)
    with django_assert_num_queries(3):
        assert len(latest()) == 6
