from dataclasses import dataclass
from uuid import UUID

from quarterhour.core.events import Event


@dataclass(frozen=True, kw_only=True)
class NeedStated(Event):
    need_id: UUID
