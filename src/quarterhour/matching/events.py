from dataclasses import dataclass
from uuid import UUID

from quarterhour.core.events import Event


@dataclass(frozen=True, kw_only=True)
class MentorCameUp(Event):
    """A mentor joined, says or offers something else, or is back, while questions wait.

    looked: how many of the questions that wait were looked at already.
    """

    mentor_id: UUID
    looked: int = 0
