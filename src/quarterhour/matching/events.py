from dataclasses import dataclass
from uuid import UUID

from quarterhour.core.events import Event
from quarterhour.sessions.events import SessionEvent


@dataclass(frozen=True, kw_only=True)
class MentorCameUp(Event):
    """A mentor joined, says or offers something else, or is back, while questions wait.

    looked: how many of the questions that wait were looked at already.
    """

    mentor_id: UUID
    looked: int = 0


class TimeCameFree(SessionEvent):
    """A time came free and is held for somebody who waits."""


@dataclass(frozen=True, kw_only=True)
class WaitlistChanged(Event):
    """A kept time was let go: the next may have it."""
