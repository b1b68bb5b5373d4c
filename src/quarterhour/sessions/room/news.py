"""Telling the realtime process that something about a session changed: keys only, in the transaction."""

from __future__ import annotations

import json
from uuid import UUID

from django.db import connection

CHANNEL = "quarterhour_room"


def tell(session_id: UUID, kind: str) -> None:
    """Wake whoever listens, once the caller's transaction commits. `kind` is the session's new state."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"session": str(session_id), "kind": kind})]
        )
