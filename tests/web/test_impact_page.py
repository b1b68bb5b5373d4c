"""What came of it: a mentor's own page, sure of nothing that few people said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from tests.factories import MORNING, NeedFactory, PersonFactory, make_session

from quarterhour.advice.models import Action, AdvicePiece, Takeaway
from quarterhour.people.models import Block
from quarterhour.sessions.models import Status
from quarterhour.trust.follow_up_models import FollowUp
from quarterhour.trust.models import Helpfulness

pytestmark = pytest.mark.django_db
TALKED = datetime(2026, 10, 5, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(MORNING, tick=False):
        yield


def held(commons, mentor, n, *, month=None, at=None, said=3) -> Takeaway:
    """A session with a card, its answer, and what was said a month later."""
    mentee = PersonFactory(org=commons, name=f"Person{n} X")
    session = make_session(
        NeedFactory(mentee=mentee, org=commons), mentor, TALKED + timedelta(hours=n), status=Status.ENDED
    )
    card = Takeaway.objects.create(
        org=commons, session=session, insight="x", written_at=TALKED, thanks=f"Thank you {n}", quotable=n == 0
    )
    Action.objects.create(org=commons, takeaway=card, text="x", fate="done" if n % 2 else "open", fate_at=TALKED)
    AdvicePiece.objects.create(org=commons, takeaway=card, text=f"Write it down {n}")
    Helpfulness.objects.create(org=commons, session=session, rater=mentee, quarters=said, at=TALKED)
    if month is not None:
        at = at or MORNING - timedelta(days=14)
        FollowUp.objects.create(
            org=commons, session=session, person=mentee, kind="month", due_at=at, until=at, handed_at=at,
            quarters=month, answered_at=at,
        )  # fmt: skip
    return card


def page(client) -> str:
    return " ".join(client.get("/mentor/impact/").content.decode().split())


def test_few_answers_are_no_number(client, amara, commons):
    for n in range(4):
        held(commons, amara, n, month=4)
    client.force_login(amara)
    told = page(client)
    assert "4 people talked with you" in told
    assert told.count("Too early: fewer than 5 have said.") == 2
    assert 'class="interval"' not in told


def test_enough_answers_come_with_how_sure_they_are(client, amara, commons):
    for n in range(6):
        held(commons, amara, n, month=4 if n < 5 else 1)
    client.force_login(amara)
    told = page(client)
    assert told.count('class="interval"') == 2
    assert "Too early" not in told
    assert "Thank you 5" in told
    assert "Write it down 0" in told
    assert "Write it down 1" not in told


def test_this_weeks_answers_wait_until_monday(client, amara, commons):
    for n in range(5):
        held(commons, amara, n, month=4, at=MORNING - timedelta(hours=2))
    client.force_login(amara)
    told = page(client)
    assert "Too early: fewer than 5 have said." in told


def test_nobody_is_thanked_by_somebody_they_never_meet(client, amara, commons):
    card = held(commons, amara, 1)
    Block.objects.create(org=commons, blocker=amara, blocked=card.session.mentee, created_at=MORNING)
    client.force_login(amara)
    assert "Thank you 1" not in page(client)


def test_everybody_sees_their_own_alone(client, amara, leila, commons):
    held(commons, amara, 0)
    client.force_login(leila)
    told = page(client)
    assert "Nobody has talked with you yet" in told
    assert "Thank you 0" not in told


@pytest.mark.parametrize("count", [1, 7])
def test_it_costs_the_same_however_much_there_is(client, amara, commons, count, django_assert_max_num_queries):
    for n in range(count):
        held(commons, amara, n, month=3)
    client.force_login(amara)
    with django_assert_max_num_queries(10):
        client.get("/mentor/impact/")
