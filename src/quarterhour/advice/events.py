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


@dataclass(frozen=True, kw_only=True)
class DecisionEvent(Event):
    decision_id: UUID


@dataclass(frozen=True, kw_only=True)
class DecisionMade(DecisionEvent):
    """Somebody laid out what they have to decide."""


@dataclass(frozen=True, kw_only=True)
class DecisionRecorded(DecisionEvent):
    """The choice was recorded, or taken back."""

    decided: bool


@dataclass(frozen=True, kw_only=True)
class DecisionLookedBack(DecisionEvent):
    """The person said how it went."""


@dataclass(frozen=True, kw_only=True)
class DecisionShared(DecisionEvent):
    """A mentor may look at it; `round` tells one time from the next."""

    mentor_id: UUID
    round: int


@dataclass(frozen=True, kw_only=True)
class DecisionCommented(DecisionEvent):
    """A mentor who may look wrote a word about it."""

    comment_id: UUID
