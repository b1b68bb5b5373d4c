"""A mistyped question finds whom the same question well typed finds; what mentors write themselves is no error."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quarterhour.matching.indexing import index_mentors
from quarterhour.matching.ranking import rank
from quarterhour.matching.spelling import mended
from quarterhour.people.models import Story

pytestmark = pytest.mark.django_db

WELL = "How do I negotiate my salary with a new manager?"
BADLY = "How do I negotate my salery with a new manger?"


@pytest.fixture
def known(amara, commons):
    """Amara has told how she asked for more, in words of her own."""
    told = "I once had to negotiate my salary with a new manager. The spreadsheat lay on the table, as we call it."
    Story.objects.within(commons).filter(profile__person=amara).update(text=told)
    index_mentors(org=commons, mentor_ids=[amara.pk])
    return amara


@pytest.fixture
def ask(known, commons, leila, now):
    here = {"org": commons, "asker_id": leila.pk, "now": now, "languages": (), "chosen": (), "kind": "unblock"}
    return lambda text: rank(text, **here)


def test_a_mistyped_question_finds_the_same_by_the_same_words(ask, known):
    well, badly = ask(WELL), ask("How do I negotate my salery with a new manager?")
    assert [fit.mentor.id for fit in badly.fits] == [known.pk]
    assert badly.fits[0].parts == well.fits[0].parts
    assert badly.frequency == well.frequency
    assert badly.asked.text == WELL


def test_whatever_stands_in_the_dictionary_stays(ask):
    assert ask(BADLY).asked.text == "How do I negotiate my salary with a new manger?"


def test_a_word_of_a_mentor_is_no_error(known, commons):
    assert mended("Where does the spreadsheat lie?", org_id=commons.pk).words == ()
    assert mended("Where does the spreadsheit lie?", org_id=commons.pk).words == (("spreadsheit", "spreadsheet"),)


def test_only_words_nobody_knows_ask_the_database(known, commons):
    for text, queries in ((WELL, 0), (BADLY, 1), ("¿Cómo negosio mi salery con el jefe nuevo?", 0), ("", 0)):
        with CaptureQueriesContext(connection) as sent:
            mended(text, org_id=commons.pk)
        assert len(sent) == queries
