"""What the ranking of experts is given: plain values, read from a file or from a site's own sessions."""

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Ask", "Past", "Reply"]


class Reply(NamedTuple):
    """One answer to a past ask. minutes: after the asking, 0 or more."""

    person: str
    minutes: float
    text: str


class Ask(NamedTuple):
    """A need in free text. opened: Unix seconds. area: the room or topic it was asked in; any text may be empty."""

    id: str
    area: str
    title: str
    text: str
    opened: float
    asker: str

    @property
    def read(self) -> str:
        return f"{self.title}. {self.text}" if self.title else self.text


class Past(NamedTuple):
    """An ask of the past, and who replied. Replies of the asker do not count as help."""

    ask: Ask
    replies: Sequence[Reply] = ()
