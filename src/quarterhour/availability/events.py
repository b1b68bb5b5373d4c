from dataclasses import dataclass
from uuid import UUID

from quarterhour.core.events import Event


@dataclass(frozen=True, kw_only=True)
class AvailabilityChanged(Event):
    """A mentor gives other hours: another week, another date, or a day back."""

    mentor_id: UUID


@dataclass(frozen=True, kw_only=True)
class CalendarToRead(Event):
    """Somebody wants a calendar to be read now."""

    calendar_id: UUID


@dataclass(frozen=True, kw_only=True)
class AccountToLookInto(Event):
    """Somebody gave an account, and waits for the list of its calendars."""

    account_id: UUID
