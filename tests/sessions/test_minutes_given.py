"""What a mentor gave this week: promised in full, spent as it was, and never forgotten because it ended early."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories import make_session

from quarterhour.sessions import apart, services
from quarterhour.sessions.ending import end_as_met
from quarterhour.sessions.models import Status
from quarterhour.sessions.queries import minutes_this_week

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def session(need, amara, now):
    """Twenty-five minutes, begun twelve minutes ago."""
    return make_session(need, amara, now - 12 * MINUTE, now=now - timedelta(days=1))


def given(session, now) -> int:
    return minutes_this_week(session.mentor, org=session.org, now=now)[0]


def test_what_is_promised_counts_in_full(session, now):
    assert given(session, now) == session.minutes == 25


def test_a_session_that_ended_early_counts_with_the_minutes_it_took(session, now):
    assert end_as_met(session=session, now=now)
    assert given(session, now) == 12


def test_a_session_that_a_block_ended_counts_with_the_minutes_it_took(session, leila, amara, now):
    apart.block(other=leila, by=amara, org=session.org, now=now)
    session.refresh_from_db()
    assert session.status == Status.ENDED
    assert given(session, now) == 12


def test_a_block_after_the_end_adds_no_minute(session, leila, amara):
    over = session.ends_at + MINUTE
    apart.block(other=leila, by=amara, org=session.org, now=over)
    session.refresh_from_db()
    assert session.status == Status.ENDED
    assert given(session, over) == 25


def test_a_session_that_ended_in_time_counts_as_before(session):
    over = session.ends_at + MINUTE
    services.end(session=session, now=over)
    assert given(session, over) == 25


def test_a_session_that_was_released_does_not_count(session, amara, now):
    services.cancel(session=session, by=amara, now=now - timedelta(hours=3))
    session.refresh_from_db()
    assert session.status == Status.CANCELLED
    assert given(session, now) == 0
