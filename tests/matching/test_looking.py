"""Looking again with wider rules: the same people as if they alone had been asked for, and nobody read twice."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories import MentorFactory

from quarterhour.matching.capacity import window_of
from quarterhour.matching.indexing import index_mentors
from quarterhour.matching.ranking import rank
from quarterhour.people.models import Profile

pytestmark = pytest.mark.django_db

A_LOOK, KNOWN, ROADS, READ = 1, 1, 1, 1


@pytest.fixture
def two(commons, amara):
    """Amara, who speaks English, and Grete, who does not."""
    grete = MentorFactory(name="Grete Lund", org=commons)
    Profile.objects.within(commons).filter(person=grete).update(language_codes=["da"])
    index_mentors(org=commons, mentor_ids=[amara.pk, grete.pk])
    return amara, grete


@pytest.fixture
def asking(two, commons, leila, now):
    def ask(**more):
        here = {"org": commons, "asker_id": leila.pk, "now": now, "languages": ["en"]}
        return rank("How do I build and offer things?", kind="unblock", chosen=(), **here | more)

    return ask


def messages(ask, **more) -> tuple[list[str], object]:
    with CaptureQueriesContext(connection) as sent:
        found = ask(**more)
    return [each["sql"] for each in sent.captured_queries], found


def test_a_wider_look_reads_those_alone_who_are_new(asking, two):
    sent, found = messages(asking)
    read = [sql.partition(";")[0] for sql in sent if "p.not_for" in sql]

    assert {fit.mentor.id for fit in found.fits} == {mentor.pk for mentor in two}
    assert len(sent) == KNOWN + A_LOOK + 2 * READ + ROADS  # whoever the wider look brings was found with the others
    assert [sum(mentor.pk.hex in sql for sql in read) for mentor in two] == [1, 1]


def test_what_one_chip_less_brings_is_known_from_the_wider_look(asking, now):
    window = window_of(now, now.replace(hour=now.hour + 1), now=now)
    without, _ = messages(asking, window=window)
    sent, _ = messages(asking, window=window, with_relaxed=True)

    assert len(sent) <= len(without) + 1  # who of them is kept out by which chip


def test_they_are_ranked_as_if_the_wide_rules_had_been_the_first(asking, two):
    wide, again = asking(languages=[]), asking()

    assert [fit.mentor.id for fit in again.fits] == [fit.mentor.id for fit in wide.fits]
    assert set(again.checked) == set(wide.checked)
    assert again.total == wide.total


def test_whom_somebody_heard_already_is_found_in_no_way(asking, two):
    amara, grete = two
    for more in ({}, {"languages": []}, {"among": [amara.pk, grete.pk]}):
        found = asking(without=[amara.pk], **more)
        assert [fit.mentor.id for fit in found.fits] == [grete.pk]
        assert [fit.mentor.id for fit in found.three] == [grete.pk]
