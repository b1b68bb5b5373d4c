"""The cards of a moment ago are shown again, read anew; and everybody is looked for as soon as they do not hold."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories import MentorFactory, NeedFactory

from quarterhour.core.models import Organisation
from quarterhour.engines.matching import VERSION
from quarterhour.matching import handlers, kept, people
from quarterhour.matching.again import LASTS, NOBODY_LASTS, Again
from quarterhour.matching.capacity import count_capacity
from quarterhour.matching.handlers import keep_if_new, look_for_people
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.matching.models import Capacity, Evidence, KeptRanking
from quarterhour.matching.people import asked_of, people_for
from quarterhour.needs.events import NeedStated
from quarterhour.people.models import Block, Profile

pytestmark = pytest.mark.django_db


def fill(commons, now, many: int = 6):
    mentors = [MentorFactory(org=commons, name=f"Mentor {number}") for number in range(many)]
    ids = [mentor.pk for mentor in mentors]
    index_mentors(org=commons, mentor_ids=ids)
    count_words(commons.pk)
    count_capacity(org_id=commons.pk, mentor_ids=ids, now=now)
    return mentors


@pytest.fixture
def asked(commons, leila, now):
    fill(commons, now)
    need = NeedFactory(mentee=leila, org=commons)
    assert keep_if_new(need, now=now)
    return need


def look(need, now, **how):
    return people_for(asked_of(need), asker=need.mentee, org=need.org, zone=need.mentee.zone, now=now, need=need, **how)


@pytest.fixture
def looked_for(monkeypatch):
    """How often everybody was looked for."""
    calls = []
    rank = people.rank
    monkeypatch.setattr(people, "rank", lambda *args, **how: calls.append(args) or rank(*args, **how))
    return calls


def told(card) -> dict:
    return {name: value for name, value in asdict(replace(card, profile=None)).items() if name != "days"} | {
        "who": card.profile.person_id
    }


def test_the_same_cards_word_for_word_and_nobody_is_looked_for(asked, now, looked_for):
    rows = KeptRanking.objects.within(asked.org)
    kept_so = rows.get().again
    rows.update(again={})
    fresh = look(asked, now, with_rows=False)
    assert len(looked_for) == 1
    rows.update(again=kept_so)
    looked_for.clear()

    again = look(asked, now + timedelta(minutes=4), with_rows=False)

    assert looked_for == []
    assert [told(card) for card in again.cards] == [told(card) for card in fresh.cards]
    assert len(again.cards) == 3
    assert all(card.quotes for card in again.cards)
    assert (again.confident, again.others, again.lacking) == (fresh.confident, fresh.others, fresh.lacking)


def test_it_reads_three_people_in_fewer_messages(asked, now, commons):
    def sent() -> list[str]:
        with CaptureQueriesContext(connection) as caught:
            look(asked, now, with_rows=False)
        return [query["sql"] for query in caught]

    few = sent()
    fill(commons, now, many=12)
    assert len(sent()) == len(few)
    assert not any("matching_evidence" in sql and "LIMIT" in sql for sql in few)  # nobody is searched
    KeptRanking.objects.within(commons).update(again={})
    assert len(sent()) > len(few)


@pytest.mark.parametrize(("confident", "lasts"), [(True, LASTS), (False, NOBODY_LASTS)])
def test_it_lasts_an_hour_and_minutes_where_nobody_fits(asked, now, looked_for, confident, lasts):
    rows = KeptRanking.objects.within(asked.org)
    rows.update(again=rows.get().again | {"confident": confident})
    look(asked, now + lasts - timedelta(seconds=1), with_rows=False)
    assert looked_for == []
    look(asked, now + lasts, with_rows=False)
    assert len(looked_for) == 1


def test_a_clock_that_was_set_back_looks_anew(asked, now, looked_for):
    look(asked, now - timedelta(minutes=1), with_rows=False)
    assert len(looked_for) == 1


def test_the_rows_behind_are_always_looked_for(asked, now, looked_for):
    assert look(asked, now).rows
    assert len(looked_for) == 1


def shown_first(need) -> object:
    return KeptRanking.objects.within(need.org).get().shown[0]


@pytest.mark.parametrize("gone", ["paused", "away", "closed", "left", "blocked"])
def test_whoever_may_not_be_shown_any_more_is_not(asked, now, leila, looked_for, gone):
    who = shown_first(asked)
    profiles = Profile.objects.within(asked.org).filter(person=who)
    if gone == "paused":
        profiles.update(paused_until=now.date() + timedelta(days=3))
    elif gone == "away":
        profiles.update(is_mentor=False)
    elif gone == "closed":
        type(leila).objects.filter(pk=who).update(is_active=False)
    elif gone == "left":
        profiles.get().person.memberships.all().delete()
    else:
        Block.objects.create(org=asked.org, blocker_id=who, blocked=leila, created_at=now)

    shown = look(asked, now, with_rows=False)

    assert len(looked_for) == 1
    assert who not in {card.profile.person_id for card in shown.cards}
    assert len(shown.cards) == 3


def test_words_that_were_taken_back_are_not_quoted(asked, now, looked_for):
    row = KeptRanking.objects.within(asked.org).get()
    piece = row.again["cards"][0]["pieces"][0]
    words = Evidence.objects.within(asked.org).get(pk=piece)
    Evidence.objects.within(asked.org).filter(pk=piece).delete()

    shown = look(asked, now, with_rows=False)

    assert len(looked_for) == 1
    card = next((card for card in shown.cards if card.profile.person_id == words.mentor_id), None)
    quoted = "".join(text for quote in (card.quotes if card else ()) for text, _ in quote.parts)
    assert words.text[:40] not in quoted


@pytest.mark.parametrize(
    "change",
    [
        {"text": "How do I find a co-founder who can sell?"},
        {"kind": "review"},
        {"when": "any"},
        {"languages": ["de"]},
        {"settled": ["topics"]},
        {"tried": "I asked two friends."},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_question_is_looked_for(asked, now, looked_for, change):
    for name, value in change.items():
        assert getattr(asked, name) != value
        setattr(asked, name, value)
    look(asked, now, with_rows=False)
    assert len(looked_for) == 1


def test_the_next_day_is_looked_for_anew(asked, leila, now, looked_for):
    leila.zone = "Pacific/Kiritimati"  # where it is tomorrow already
    look(asked, now, with_rows=False)
    assert len(looked_for) == 1


def test_whose_time_is_held_has_a_card(asked, commons, now, looked_for):
    shown = KeptRanking.objects.within(commons).get().shown
    look(asked, now, with_rows=False, held=shown[1])
    assert looked_for == []
    other = next(pk for pk in KeptRanking.objects.within(commons).get().mentors if pk not in shown)
    cards = look(asked, now, with_rows=False, held=other).cards
    assert other in {card.profile.person_id for card in cards}


def test_a_ranking_of_the_previous_release_is_looked_for_anew(asked, now, looked_for):
    KeptRanking.objects.within(asked.org).update(again={})
    assert len(look(asked, now, with_rows=False).cards) == 3
    assert len(looked_for) == 1
    assert KeptRanking.objects.within(asked.org).get().version == VERSION


def test_it_is_the_same_after_a_year_in_the_database(asked, now):
    row = KeptRanking.objects.within(asked.org).get()
    again = Again.read(row.again)
    assert Again.read(again.kept()) == again
    assert [card.mentor for card in again.cards] == row.shown
    assert asked.text not in str(row.again)


def test_stated_and_heard_of_it_is_looked_for_once(asked, commons, now):
    look_for_people(NeedStated(org_id=commons.pk, need_id=asked.pk), now=now + timedelta(hours=2))
    assert KeptRanking.objects.within(commons).count() == 1
    asked.refresh_from_db()
    assert asked.matched_at == now + timedelta(hours=2)


def test_showing_the_same_people_once_more_counts_nobody_twice(asked, commons, now):
    shown = Capacity.objects.within(commons).filter(mentor__in=KeptRanking.objects.within(commons).get().shown)
    assert set(shown.values_list("shown", flat=True)) == {1.0}
    asked.minutes = 60 if asked.minutes != 60 else 15
    assert not keep_if_new(asked, now=now)  # the length asks for the same people
    asked.when = "any"
    assert keep_if_new(asked, now=now)
    assert max(shown.values_list("shown", flat=True)) == 1.0


@pytest.mark.django_db(transaction=True)
def test_two_at_one_time_look_once(commons, leila, now, monkeypatch):
    fill(commons, now)
    need = NeedFactory(mentee=leila, org=Organisation.objects.get(pk=commons.pk))
    together, ranked = Barrier(2), []
    to_keep = people.ranking_to_keep
    monkeypatch.setattr(handlers, "ranking_to_keep", lambda *a, **k: ranked.append(1) or to_keep(*a, **k))

    def keep() -> None:
        together.wait(timeout=10)
        try:
            keep_if_new(need, now=now)
        finally:
            connection.close()

    both = [Thread(target=keep) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(timeout=20)
    assert ranked == [1]
    assert KeptRanking.objects.within(commons).count() == 1
    assert kept.again_of_row(KeptRanking.objects.within(commons).get()) is not None
