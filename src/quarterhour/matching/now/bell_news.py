"""Telling the realtime process whose pages should look again: keys only, in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Collection
from uuid import UUID

from django.db import connection

CHANNEL = "quarterhour_now"
AT_ONCE = 100  # a payload of PostgreSQL's NOTIFY has 8,000 bytes


def tell(person_ids: Collection[UUID]) -> None:
    """Wake the pages of these people, once the caller's transaction commits."""
    keys = sorted({str(key) for key in person_ids})
    with connection.cursor() as cursor:
        for at in range(0, len(keys), AT_ONCE):
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(keys[at : at + AT_ONCE])])
