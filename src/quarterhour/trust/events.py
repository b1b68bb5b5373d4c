from dataclasses import dataclass
from uuid import UUID

from quarterhour.core.events import Event


@dataclass(frozen=True, kw_only=True)
class HelpfulnessSaid(Event):
    """One side said how a session helped, or said it anew. What they said stays where it is."""

    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class FollowUpAnswered(Event):
    """A week or a month later, somebody said how a session helped. What they said stays where it is."""

    session_id: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class ReportMade(Event):
    """Somebody reported the other of the two. What they said stays where it is."""

    report_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReportAnswered(Event):
    """Somebody decided what comes of a report."""

    report_id: UUID
    answer_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReportAppealed(Event):
    """Somebody who was judged says that it was otherwise. What they said stays where it is."""

    report_id: UUID
    appeal_id: UUID
