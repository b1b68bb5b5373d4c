"""Telling the realtime process that something changed: keys only, in the caller's transaction."""

from __future__ import annotations

import json
from uuid import UUID

from django.db import connection

CHANNEL = "quarterhour_room"


def tell(session_id: UUID, kind: str) -> None:
    """Wake whoever listens, once the caller's transaction commits. `kind` is the session's new state."""
    _notify({"session": str(session_id), "kind": kind})


def tell_of(person_id: UUID, kind: str) -> None:
    """The same for a person: "deactivated", "signed out". Every room they are in looks again."""
    _notify({"person": str(person_id), "kind": kind})


def _notify(news: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(news)])
