from dataclasses import dataclass
from uuid import UUID

from quarterhour.core.events import Event


@dataclass(frozen=True, kw_only=True)
class NeedStated(Event):
    need_id: UUID


@dataclass(frozen=True, kw_only=True)
class NeedChanged(Event):
    """Its words or chips are others now."""

    need_id: UUID


@dataclass(frozen=True, kw_only=True)
class NeedClosed(Event):
    """Whoever asked looks for nobody any more."""

    need_id: UUID


@dataclass(frozen=True, kw_only=True)
class ProspectFound(Event):
    """Somebody who can help came up for a question that waits."""

    prospect_id: UUID
