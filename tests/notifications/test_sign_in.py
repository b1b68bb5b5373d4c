"""The way in, by mail."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.db import connection
from procrastinate.jobs import Job
from tests.notifications.reading import bodies

from quarterhour.notifications import breaker, post, sign_in, tasks
from quarterhour.notifications.seals import Unreadable

SECRET = "http://localhost:8100/enter/s3cr3t-link/"


def job() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'sealed' FROM procrastinate_jobs WHERE task_name LIKE '%send_sign_in'")
        return cursor.fetchone()[0]


@pytest.fixture
def sealed(db, now):
    sign_in.send_sign_in_link("new@town.example", SECRET, now, zone="Europe/Lisbon", code="418 205")
    return job()


def test_the_link_reaches_its_address_and_says_until_when_it_works(sealed, now, mailoutbox):
    assert sign_in.send(sealed, now=now + timedelta(seconds=1)) is True

    (message,) = mailoutbox
    assert message.to == ["new@town.example"]
    for words in bodies(message.message()).values():
        assert SECRET in words
        assert "until 09:34 Lisbon time" in words
        assert "418 205" in words


def test_neither_the_address_nor_the_link_lies_open_in_the_queue(sealed):
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs")
        kept = " ".join(row[0] for row in cursor.fetchall())

    assert "town.example" not in kept
    assert "s3cr3t" not in kept


def test_a_link_that_is_over_is_not_sent(sealed, now, mailoutbox):
    assert sign_in.send(sealed, now=now + timedelta(minutes=30)) is False
    assert mailoutbox == []


def test_a_changed_seal_is_refused(sealed, now):
    bent = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]

    with pytest.raises(Unreadable):
        sign_in.send(bent, now=now)


def test_a_mail_tried_twice_is_the_same_mail(sealed, now, mailoutbox):
    sign_in.send(sealed, now=now)
    sign_in.send(sealed, now=now + timedelta(minutes=1))

    assert len({m.message()["Message-ID"] for m in mailoutbox}) == 1


def test_without_figures_there_is_no_word_of_them(db, now, mailoutbox):
    sign_in.send_sign_in_link("new@town.example", SECRET, now)
    sign_in.send(job(), now=now)

    assert "six figures" not in bodies(mailoutbox[0].message())["text/plain"]


@pytest.fixture
def silent(settings, monkeypatch):
    """A mail server nobody reaches; counts who tried."""
    tried = []

    def nobody_there(_message):
        tried.append(1)
        raise ConnectionRefusedError

    monkeypatch.setattr(post, "hand_over", nobody_there)
    return tried


def test_a_server_that_was_not_reached_is_left_in_peace_by_the_way_in_too(sealed, now, silent):
    with pytest.raises(ConnectionRefusedError):
        sign_in.send(sealed, now=now)
    with pytest.raises(breaker.Away):
        sign_in.send(sealed, now=now + timedelta(seconds=9))
    assert len(silent) == 1
    assert not breaker.may_try(now=now + timedelta(seconds=9))


def test_a_server_that_answers_again_gets_the_waiting_link(sealed, now, silent, monkeypatch, mailoutbox):
    with pytest.raises(ConnectionRefusedError):
        sign_in.send(sealed, now=now)
    monkeypatch.undo()
    assert sign_in.send(sealed, now=now + breaker.REST) is True
    assert breaker.may_try(now=now + breaker.REST)
    assert len(mailoutbox) == 1


def test_an_address_the_server_refuses_says_nothing_about_the_server(sealed, now, monkeypatch):
    refused = SMTPRecipientsRefused({"new@town.example": (550, b"no such person")})
    monkeypatch.setattr(post, "hand_over", lambda _message: (_ for _ in ()).throw(refused))
    assert sign_in.send(sealed, now=now) is False
    assert breaker.may_try(now=now)


def job_after(error: Exception) -> Job:
    return Job(id=1, queue="mail", lock=None, queueing_lock=None, task_name="x", attempts=50)


@pytest.mark.parametrize("error", [ConnectionRefusedError(), TimeoutError(), breaker.Away(), post.NotAccepted()])
def test_it_is_tried_again_for_as_long_as_the_link_works(error):
    """The job itself ends it: a link that is over is not sent."""
    again = tasks.send_sign_in.retry_strategy.get_retry_decision(exception=error, job=job_after(error))
    assert again is not None


def test_what_can_never_be_opened_is_not_tried_again():
    error = Unreadable("sign-in mail")
    assert tasks.send_sign_in.retry_strategy.get_retry_decision(exception=error, job=job_after(error)) is None
