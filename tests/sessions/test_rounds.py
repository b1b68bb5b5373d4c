"""Timers: one row that breaks keeps up no other, and the log says nothing private about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from procrastinate.contrib.django import app
from tests.factories import MentorFactory, NeedFactory, make_session

from quarterhour.sessions import services, silence, writing
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.writing_models import WrittenAsk

PRIVATE = "Should I leave my firm?"


@pytest.fixture
def needs(leila, commons):
    return [NeedFactory(mentee=leila, org=commons, text=PRIVATE) for _ in range(3)]


def broken(monkeypatch, module, name, row):
    """Let what is done to this row fail, as a bug or a bad row would."""
    works = getattr(module, name)

    def breaks(given, *more, **named):
        if given.pk == row.pk:
            raise ValueError(PRIVATE)
        return works(given, *more, **named)

    monkeypatch.setattr(module, name, breaks)


def test_a_bad_question_in_writing_keeps_up_no_other(needs, commons, leila, now, monkeypatch, caplog):
    asks = [
        writing.ask_in_writing(need=each, mentor=MentorFactory(org=commons), by=leila, now=now - timedelta(days=3))
        for each in needs
    ]
    rows = WrittenAsk.objects.within(commons)
    with monkeypatch.context() as bad:
        broken(bad, writing, "_ended", asks[0])
        assert writing.expire(now=now) == 2
    assert set(rows.filter(state="asked")) == {asks[0]}
    assert f"Closing a question in writing: {asks[0].pk} was left as it is: ValueError" in caplog.text
    assert PRIVATE not in caplog.text

    assert writing.expire(now=now) == 1
    assert not rows.filter(state="asked").exists()


def test_a_bad_request_keeps_up_no_other_and_stays_as_it_was(needs, commons, now, monkeypatch, caplog):
    starts = [now + timedelta(days=days) for days in (1, 2, 3)]
    asked = [
        make_session(need, MentorFactory(org=commons), start, status="asked")
        for need, start in zip(needs, starts, strict=True)
    ]
    rows = MentoringSession.objects.within(commons)
    rows.update(answer_by=now - timedelta(hours=1), asked_at=now - timedelta(days=2))
    with monkeypatch.context() as bad:
        broken(bad, silence, "ran_out", asked[0])
        assert services.expire(now=now) == 2
    assert set(rows.filter(status="asked")) == {asked[0]}
    assert PRIVATE not in caplog.text
    assert str(asked[0].pk) in caplog.text

    assert services.expire(now=now) == 1


def test_requests_and_questions_in_writing_have_a_timer_each(monkeypatch):
    ran = []
    monkeypatch.setattr(services, "expire", lambda *, now: ran.append("requests"))
    monkeypatch.setattr(writing, "expire", lambda *, now: ran.append("in writing"))
    for name in ("give_time_back", "close_written"):
        app.tasks[f"quarterhour.sessions.tasks.{name}"].func(0)
    assert ran == ["requests", "in writing"]
