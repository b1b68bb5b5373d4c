"""News between modules: told inside the caller's transaction, answered after it.

A module declares its news as frozen dataclasses derived from `Event`. Who reacts is written in
`config/wiring.py` alone; this module only knows names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from quarterhour.core.ids import uuid7
from quarterhour.core.models import OutboxEvent
from quarterhour.core.statements import Statement, send


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened. Fields are keys and plain facts, never private text."""

    org_id: UUID | None


Reaction = Callable[..., None]  # called as reaction(event, now=now)

_reactions: dict[str, list[Reaction]] = {}
_types: dict[str, type[Event]] = {}


def wire(table: Mapping[type[Event], Sequence[Reaction]]) -> None:
    """Learn who reacts to what. Called once, by config/wiring.py."""
    _reactions.clear()
    _types.clear()
    for kind, reactions in table.items():
        _types[kind.__name__] = kind
        _reactions[kind.__name__] = list(reactions)


def reactions_to(name: str) -> list[Reaction]:
    return _reactions.get(name, [])


def reaction_name(reaction: Reaction) -> str:
    """The stable name under which a delivery remembers its reaction."""
    return f"{reaction.__module__.removeprefix('quarterhour.')}.{reaction.__qualname__}"


def publish(event: Event, *, now: datetime) -> None:
    """Write the news into the caller's transaction, and wake the worker when that commits.

    Raises LookupError if `config/wiring.py` has no line for this kind of event: news nobody
    has thought about is a mistake, an empty line there is a decision.
    """
    send(written(event, now=now))


def written(event: Event, *, now: datetime) -> Statement:
    """What `publish` sends, for whoever sends it together with something else. Raises LookupError like it."""
    name = type(event).__name__
    if name not in _types:
        raise LookupError(f"{name} has no line in config/wiring.py. Add one, if only an empty list.")
    payload = {f.name: _plain(getattr(event, f.name)) for f in fields(event) if f.name != "org_id"}
    row = [uuid7(), event.org_id, name, Jsonb(payload), now]
    if not _reactions[name]:
        return Statement(TELL, row)
    from quarterhour.core.tasks import deliver

    return Statement(TELL_AND_WAKE, [*row, deliver.queue, deliver.name])


TELL = "INSERT INTO core_outboxevent (id, org_id, name, payload, happened_at) VALUES (%s, %s, %s, %s, %s)"

# What `deliver.defer(event_id=...)` sends, with the news in one statement: every booking waits for it under its locks.
TELL_AND_WAKE = f"""
WITH news AS ({TELL} RETURNING id)
SELECT procrastinate_defer_jobs_v1(ARRAY[
  ROW(%s, %s, 0, NULL, NULL, jsonb_build_object('event_id', news.id), NULL)::procrastinate_job_to_defer_v1
]) FROM news
"""  # noqa: S608 - put together from our own words


def revive(row: OutboxEvent) -> Event:
    """The event a row remembers."""
    kind = _types[row.name]
    known = {}
    for field in fields(kind):
        value = row.org_id if field.name == "org_id" else row.payload.get(field.name)
        wants_key = "UUID" in str(field.type)
        known[field.name] = UUID(value) if wants_key and isinstance(value, str) else value
    return kind(**known)


def _plain(value: object) -> object:
    return str(value) if isinstance(value, (UUID, datetime)) else value
