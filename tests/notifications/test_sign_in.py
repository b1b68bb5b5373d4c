"""The way in, by mail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.fernet import InvalidToken
from django.db import connection
from tests.notifications.reading import bodies

from quarterhour.notifications import sign_in

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

    with pytest.raises(InvalidToken):
        sign_in.send(bent, now=now)


def test_a_mail_tried_twice_is_the_same_mail(sealed, now, mailoutbox):
    sign_in.send(sealed, now=now)
    sign_in.send(sealed, now=now + timedelta(minutes=1))

    assert len({m.message()["Message-ID"] for m in mailoutbox}) == 1


def test_without_figures_there_is_no_word_of_them(db, now, mailoutbox):
    sign_in.send_sign_in_link("new@town.example", SECRET, now)
    sign_in.send(job(), now=now)

    assert "six figures" not in bodies(mailoutbox[0].message())["text/plain"]
