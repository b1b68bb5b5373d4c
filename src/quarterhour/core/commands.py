"""Writes with a key: a double click, a retry or a second tab asks twice and gets one effect."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from quarterhour.core.errors import Invalid
from quarterhour.core.models import Command


class KeyReused(Invalid):
    """The same key came with another request."""


def once(
    *,
    key: UUID,
    person_key: str,
    name: str,
    body: Mapping[str, object],
    run: Callable[[], dict],
    now: datetime,
) -> dict:
    """Run `run` once for this person and key, and give its answer to whoever asks again.

    key: a UUID the client made. body: what was asked, compared by its hash.
    run: does the work and returns a JSON-able answer. If it raises, the key stays free.
    Returns the first answer, also to a second caller who came while the first still ran.
    Raises KeyReused if the key was used for something else.
    """
    digest = _hash(name, body)
    with transaction.atomic():
        made = Command(person_key=person_key, key=key, name=name, body_hash=digest, answer=None, created_at=now)
        # A second caller waits here until the first commits, then finds the row taken.
        inserted = _insert_or_nothing(made)
        if not inserted:
            known = Command.objects.get(person_key=person_key, key=key)
            if known.body_hash != digest:
                told = "This form was already sent with other words. Look at it once more, and press again if it suits."
                raise KeyReused(told)
            return known.answer or {}
        answer = run()
        Command.objects.filter(pk=made.pk).update(answer=answer)
    return answer


def answer_to(*, key: UUID, person_key: str, name: str, body: Mapping[str, object]) -> dict | None:
    """The answer this command got, for whoever asks exactly the same again; None if it never ran."""
    known = Command.objects.filter(person_key=person_key, key=key, body_hash=_hash(name, body)).first()
    return known.answer if known else None


def _hash(name: str, body: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps([name, body], sort_keys=True, default=str).encode()).hexdigest()


def _insert_or_nothing(row: Command) -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_command (id, person_key, key, name, body_hash, created_at)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (person_key, key) DO NOTHING",
            [row.pk, row.person_key, row.key, row.name, row.body_hash, row.created_at],
        )
        return cursor.rowcount == 1
