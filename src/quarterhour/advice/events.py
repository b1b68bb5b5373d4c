from dataclasses import dataclass
from uuid import UUID

from quarterhour.core.events import Event


@dataclass(frozen=True, kw_only=True)
class TakeawayWritten(Event):
    takeaway_id: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class TakeawayConfirmed(Event):
    """Both sides said yes to the same card."""

    takeaway_id: UUID
