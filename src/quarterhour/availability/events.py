from dataclasses import dataclass
from uuid import UUID

from quarterhour.core.events import Event


@dataclass(frozen=True, kw_only=True)
class AvailabilityChanged(Event):
    """A mentor gives other hours: another week, another date, or a day back."""

    mentor_id: UUID
