"""Keys, limits, the audit trail, clean text, logs."""

from __future__ import annotations

import json
import logging
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from quarterhour.config.logs import configure, without_private_text
from quarterhour.core import audit, limits
from quarterhour.core.errors import NotAllowed, TooMany
from quarterhour.core.ids import uuid7
from quarterhour.core.models import AuditEntry
from quarterhour.core.text import clean


def test_keys_sort_by_the_time_they_were_made_and_never_meet():
    keys = [uuid7() for _ in range(5_000)]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert all(key.version == 7 and key.variant == uuid.RFC_4122 for key in keys)
    made = datetime.fromtimestamp((keys[0].int >> 80) / 1000, UTC)
    assert abs(made - datetime.now(UTC)) < timedelta(seconds=30)


def test_the_window_of_a_limit_begins_anew_when_it_is_over(db, now):
    def spend(at):
        limits.spend("mail leila", most=3, per=timedelta(minutes=1), now=at, told="Rest a little.")

    for _ in range(3):
        spend(now)
    with pytest.raises(TooMany, match="Rest a little"):
        spend(now + timedelta(seconds=59))
    spend(now + timedelta(seconds=60))


@pytest.mark.parametrize("change", [lambda q: q.update(act="nothing"), lambda q: q.delete()])
def test_the_audit_trail_cannot_be_changed(db, now, change):
    audit.note(act="released", on="session 7", by="leila", now=now)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(AuditEntry.objects.all())
    assert AuditEntry.objects.get().act == "released"


@given(st.text())
def test_clean_text_fits_a_database_and_stays_clean(text):
    told = clean(text)
    told.encode()
    assert "\x00" not in told
    assert clean(told) == told


def test_writing_from_right_to_left_keeps_its_marks():
    assert clean(" \u200fשלום\u200e\r\n👩‍💻 \x00") == "\u200fשלום\u200e\n👩‍💻"


@pytest.mark.parametrize("unseen", ["\u200b", "\u2060 \u00ad", "\u3164", "\u2800\n\u115f", "\ufeff"])
def test_what_nobody_sees_says_nothing(unseen):
    assert clean(unseen) == ""
    assert clean(f"{unseen}?") != ""


def test_logs_hold_no_private_text():
    line = without_private_text(None, "info", {"event": "kept", "email": "a@b", "text": "my boss", "session": "7"})
    assert line == {"event": "kept", "email": "[private]", "text": "[private]", "session": "7"}


def test_an_error_has_a_word_for_programs():
    assert NotAllowed("No.").code == "not-allowed"


@pytest.mark.parametrize("readable", [True, False])
def test_logs_carry_neither_the_values_around_an_error_nor_the_secret_of_a_link(capsys, readable):
    def read(cookie):
        raise ValueError(f"unknown: {cookie}")

    before = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        configure("info", readable=readable)
        try:
            read("x" + "e4t" * 3)
        except ValueError:
            logging.getLogger("django.request").exception("Internal Server Error: %s", f"/sign-in/{'Ab-9_' * 9}/")
    finally:
        logging.getLogger().handlers[:] = before[0]
        logging.getLogger().setLevel(before[1])
    told = capsys.readouterr().err

    assert "/sign-in/[secret]/" in told
    assert "ValueError" in told
    assert "Ab-9_Ab" not in told
    if not readable:
        assert "xe4te4t" not in told
        assert "in read" in json.loads(told)["raised"]
    assert "locals" not in told


def test_a_clock_that_was_wrong_by_days_does_not_date_keys_for_days():
    import time_machine

    with time_machine.travel(datetime(2030, 1, 1, tzinfo=UTC), tick=False):
        assert uuid7().int >> 80 == datetime(2030, 1, 1, tzinfo=UTC).timestamp() * 1000
    made = datetime.fromtimestamp((uuid7().int >> 80) / 1000, UTC)
    assert abs(made - datetime.now(UTC)) < timedelta(seconds=30)
