"""Where nobody fits, a word two people share by chance is called that."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.urls import reverse
from tests.factories import MentorFactory, NeedFactory

from quarterhour.core import clock
from quarterhour.engines.matching import Fit, Mentor, Parts
from quarterhour.matching.cards import Card, Quote
from quarterhour.matching.indexing import count_words, index_mentors
from quarterhour.matching.people import People
from quarterhour.people.models import Story
from quarterhour.people.services import load_skills
from quarterhour.web.match.coincidence import OF_MEANING, OF_TOPICS, all_far, is_near, say_what_is_shared, shared_words

ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def fit(key, **parts) -> Fit:
    return Fit(mentor=Mentor(id=key), score=0.4, parts=Parts(**parts))


def card(key, *marked) -> Card:
    parts = [piece for word in marked for piece in (("and ", False), (word, True))]
    quotes = [Quote(parts=parts, source="in a story", language="en")] if marked else []
    person = SimpleNamespace(person_id=key)
    return Card(
        person, "", "", 25, "", "", quotes, "Uses your words in a story.", "", None, "", checked=False, starts=[]
    )


def people(*pairs, confident=False) -> People:
    ranking = SimpleNamespace(three=[one for one, _ in pairs])
    cards = [shown for _, shown in pairs]
    return People(cards=cards, rows=[], facets=[], confident=confident, others=57, ranking=ranking)


@pytest.mark.parametrize(
    ("parts", "near"),
    [
        ({"words": 0.9}, False),
        ({"topics": OF_TOPICS}, True),
        ({"meaning": OF_MEANING}, True),
        ({"words": 0.9, "topics": 0.09, "meaning": 0.29}, False),
    ],
)
def test_words_alone_bring_nobody_near(parts, near):
    assert is_near(fit("a", **parts)) is near
    assert all_far(people((fit("a", **parts), card("a")))) is not near


def test_whoever_shares_words_alone_says_which_and_whoever_shares_nothing_has_no_card():
    one, two = (
        (fit("one", words=0.2), card("one", "repair")),
        (fit("two", words=0.2), card("two", "Wood", "wood", "tone")),
    )
    near, none = (fit("near", topics=0.4), card("near", "wood")), (fit("none"), card("none"))
    shown = say_what_is_shared(people(one, two, near, none))
    assert {each.profile.person_id: each.reasons for each in shown} == {
        "one": "Shares the word “repair” with your question, and nothing else that we can see.",
        "two": "Shares the words “wood” and “tone” with your question, and nothing else that we can see.",
        "near": "Uses your words in a story.",
    }


def test_a_time_that_is_held_keeps_its_card():
    [shown] = say_what_is_shared(people((fit("none"), card("none"))), held="none")
    assert shown.reasons == "Shares nothing with your question that we can see."


def test_where_somebody_fits_nothing_is_touched():
    given = people((fit("a"), card("a")), confident=True)
    assert say_what_is_shared(given) == given.cards
    assert given.cards[0].reasons == "Uses your words in a story."
    assert not all_far(given)


def test_each_word_is_named_once():
    assert shared_words(card("a", "Wood", "wood ", "tone", "old", "new")) == ["wood", "tone", "old"]
    assert shared_words(card("a")) == []


def test_on_the_page_waiting_and_broadening_come_before_a_coincidence(client, leila, commons):
    load_skills()
    mentor = MentorFactory(org=commons, weekly=ALL_DAY, name="Hugo Reis")
    Story.objects.within(commons).filter(profile__person=mentor).update(
        title="A shop", text="I once had to repair the shop of a friend before the season began, and it took a year."
    )
    index_mentors(org=commons, mentor_ids=[mentor.pk])
    count_words(commons.pk)
    text = "My old harpsichord has a crack in its soundboard. How do I repair it?"
    need = NeedFactory(mentee=leila, org=commons, stated_at=clock.now(), text=text)
    client.force_login(leila)
    page = " ".join(client.get(reverse("match:need", args=[need.pk])).content.decode().split())
    said = "Shares the word “repair” with your question, and nothing else that we can see."
    assert "Nobody fits yet" in page
    assert "share a word with your question, which may be chance" in page
    assert page.index("Tell me when somebody can") < page.index(said)
    assert "nearby fields" not in page
    assert "Mail me then" not in page, "nobody who fits has a time to wait for"
