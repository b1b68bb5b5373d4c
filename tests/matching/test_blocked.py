"""A pair kept apart is left out in every way in which people are found, and it costs those without a block nothing."""

from __future__ import annotations

import pytest
from tests.matching.test_eligibility import known, rules, ways

from quarterhour.matching.cards import Asked
from quarterhour.matching.people import people_for
from quarterhour.people.services import block, unblock

pytestmark = pytest.mark.django_db

__all__ = ["known"]  # the fixture


def shown(leila, commons, now) -> set:
    asked = Asked(text="Should I build or lead, with an offer?", kind="decide", minutes=25, when="any",
                  languages=("en",), skills=("moving-into-management",))  # fmt: skip
    found = people_for(asked, asker=leila, org=commons, zone="Europe/Lisbon", now=now)
    return {each.profile.person_id for each in (*found.cards, *found.rows)}


@pytest.mark.parametrize("blocker", ["leila", "amara"])
def test_whoever_blocked_neither_finds_the_other(known, amara, commons, leila, now, blocker):
    assert shown(leila, commons, now) == {amara.pk}
    one, other = (leila, amara) if blocker == "leila" else (amara, leila)
    block(other=other, by=one, org=commons, now=now)
    assert ways(rules(commons, leila, now)) == [set()] * 6
    assert shown(leila, commons, now) == set()
    unblock(other=other, by=one, now=now)
    assert ways(rules(commons, leila, now)) == [{amara.pk}] * 6


def test_others_still_find_both(known, amara, commons, leila, tomasz, now):
    block(other=amara, by=leila, org=commons, now=now)
    assert ways(rules(commons, tomasz, now))[0] == {amara.pk}


def test_it_costs_no_query(known, commons, leila, tomasz, now, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    shown(leila, commons, now)
    with CaptureQueriesContext(connection) as without:
        shown(leila, commons, now)
    block(other=tomasz, by=leila, org=commons, now=now)
    with CaptureQueriesContext(connection) as with_one:
        shown(leila, commons, now)
    assert len(with_one) == len(without)
