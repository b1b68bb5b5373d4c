"""A session on the morning of the mockups, and somebody who reads the mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

TEN_FIFTEEN = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)


@pytest.fixture
def booked(need, amara):
    """Leila and Amara, today 10:15 to 10:40 in Lisbon."""
    from tests.factories import make_session

    return make_session(need, amara, TEN_FIFTEEN)


@pytest.fixture
def asked(need, tomasz, now):
    """Leila asks Tomasz for 10:15; he has not answered."""
    from datetime import timedelta

    from tests.factories import make_session

    session = make_session(need, tomasz, TEN_FIFTEEN, status="asked")
    session.answer_by = now + timedelta(minutes=40)
    session.save(update_fields=["answer_by"])
    return session


@pytest.fixture
def deliver(now, mailoutbox):
    """Carry the news, send the mail, and return what arrived since, by address."""

    def run(at=None):
        from quarterhour.core import outbox
        from quarterhour.notifications import sending

        mailoutbox.clear()
        outbox.drain(now=at or now)
        sending.send_waiting(now=at or now)
        return {message.to[0]: message.message() for message in mailoutbox}

    return run
