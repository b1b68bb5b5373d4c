from dataclasses import dataclass
from uuid import UUID

from quarterhour.core.events import Event


@dataclass(frozen=True, kw_only=True)
class AccountOpened(Event):
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(Event):
    """Anything matching may quote: headline, about, topics, stories, languages, or being a mentor at all."""

    profile_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonBlocked(Event):
    """Two people never meet again. For rules, never to be shown."""

    blocker_id: UUID
    blocked_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonUnblocked(Event):
    blocker_id: UUID
    blocked_id: UUID
