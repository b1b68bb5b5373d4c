"""Asking twice does it once."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from quarterhour.core.commands import KeyReused, once
from quarterhour.core.models import Command

KEY = uuid.UUID(int=7)


def ask(now, *, body=None, key=KEY, person="leila", run=lambda: {"n": 1}):
    return once(key=key, person_key=person, name="count", body=body or {}, run=run, now=now)


def test_the_second_time_gets_the_first_answer(db, now):
    answers = iter([{"n": 1}, {"n": 2}])
    assert [ask(now, run=lambda: next(answers)) for _ in range(2)] == [{"n": 1}, {"n": 1}]


def test_another_person_may_use_the_same_key(db, now):
    assert ask(now, person="leila") == ask(now, person="amara")
    assert Command.objects.count() == 2


def test_the_same_key_for_other_words_is_refused(db, now):
    ask(now, body={"start": "10:15"})
    with pytest.raises(KeyReused):
        ask(now, body={"start": "11:15"})


def test_a_failure_leaves_the_key_free(db, now):
    with pytest.raises(ZeroDivisionError):
        ask(now, run=lambda: 1 / 0)
    assert ask(now) == {"n": 1}


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_have_one_effect(now):
    done = []

    def press(_):
        try:
            return ask(now, run=lambda: done.append(1) or {"n": len(done)})
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as hands:
        answers = list(hands.map(press, range(10)))
    assert answers == [{"n": 1}] * 10
    assert done == [1]
