from dataclasses import dataclass
from uuid import UUID

from quarterhour.core.events import Event


@dataclass(frozen=True, kw_only=True)
class PlaceTaken(Event):
    """Somebody stands in line."""

    place_id: UUID


@dataclass(frozen=True, kw_only=True)
class OnCallBegan(Event):
    mentor_id: UUID


@dataclass(frozen=True, kw_only=True)
class OnCallEnded(Event):
    """By itself, before its time, and not by the mentor. `why` is one of `oncall.WHY`.

    since: the second at which it had begun, which tells it from their next time on call.
    """

    mentor_id: UUID
    why: str
    since: int


@dataclass(frozen=True, kw_only=True)
class MentorRung(Event):
    ring_id: UUID
    mentor_id: UUID


@dataclass(frozen=True, kw_only=True)
class PlaceAnswered(Event):
    """A mentor said yes; the room is open."""

    place_id: UUID
    session_id: UUID
