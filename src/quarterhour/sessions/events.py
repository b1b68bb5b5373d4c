from dataclasses import dataclass
from uuid import UUID

from quarterhour.core.events import Event


@dataclass(frozen=True, kw_only=True)
class SessionEvent(Event):
    """`sequence` is the one of the calendar invitation at that moment."""

    session_id: UUID
    sequence: int


class SessionAsked(SessionEvent):
    """A mentor who answers requests themselves was asked for a time."""


class SessionConfirmed(SessionEvent):
    pass


class SessionDeclined(SessionEvent):
    pass


class SessionThanked(SessionEvent):
    """Somebody else said yes to the same question first."""


class SessionNudged(SessionEvent):
    """A request waits for a day, and its mentor is reminded once."""


class SessionOffered(SessionEvent):
    """The mentor offers other times than the one asked for; the mentee chooses."""


class SessionPassed(SessionEvent):
    """The mentor names somebody better; the mentee decides whether to ask them."""


class SessionMoved(SessionEvent):
    pass


class SessionExtended(SessionEvent):
    """Both agreed to more time while they talked."""


class SessionRelocated(SessionEvent):
    """The two meet somewhere else than they were to: by another link, in person, or in the room again."""


class SessionCancelled(SessionEvent):
    pass


class SessionEnded(SessionEvent):
    pass


class SessionJudged(SessionEvent):
    """How a session was kept is seen otherwise than when it ended: somebody said something, or settled an appeal."""


class AppealMade(SessionEvent):
    """One of the two says that it was otherwise."""


@dataclass(frozen=True, kw_only=True)
class SessionExpected(SessionEvent):
    """One of the two said that they will be there."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class CompanionEvent(SessionEvent):
    companion_id: UUID


class CompanionAsked(CompanionEvent):
    """One of the two asks somebody to come along."""


class CompanionComes(CompanionEvent):
    """They accepted, with an account of their own."""


class CompanionOut(CompanionEvent):
    """Refused, taken out, or gone by themselves."""


@dataclass(frozen=True, kw_only=True)
class WrittenAskEvent(Event):
    written_id: UUID


class WrittenAsked(WrittenAskEvent):
    """A mentor was asked to answer in writing."""


class WrittenNudged(WrittenAskEvent):
    """A day without an answer: the mentor is reminded once."""


class WrittenAnswered(WrittenAskEvent):
    pass


class WrittenDeclined(WrittenAskEvent):
    """The mentor said no, or nothing in time."""


class WrittenTakenBack(WrittenAskEvent):
    """Whoever asked wants no answer any more, or the two are kept apart."""


class WrittenHelped(WrittenAskEvent):
    """Whoever asked said how much the answer helped."""
