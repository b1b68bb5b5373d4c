"""Which way picture and sound take in one room: from each to each, or by the server that hands them on.

A session to which more than two come along is forwarded for everybody, from then on until its room is empty. While
the server does not answer, up to four talk directly, as any four would.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.room import goodbyes, larger, limits, seats
from quarterhour.sessions.room.forward import Forwarding
from quarterhour.sessions.room.goodbyes import Goodbye, Leave
from quarterhour.sessions.room.guest import Guest

DIRECT, SERVER, NONE = "direct", "server", "none"
PATIENCE = 1.5  # seconds


class Ways:
    """The way of one room. Its guests are told when it is another."""

    def __init__(self, guests: list[Guest]) -> None:
        """guests: the room's own list, as it is at any moment."""
        self._guests = guests
        self._forwarding: Forwarding | None = None
        self._told = DIRECT

    @property
    def way(self) -> str:
        """As it is now."""
        if self._forwarding is None:
            return DIRECT
        if self._forwarding.up:
            return SERVER
        inside = {guest.person_id for guest in self._guests if guest.inside}
        return DIRECT if len(inside) <= limits.PEOPLE else NONE

    def follow(self, session: MentoringSession) -> None:
        """The session as the door knows it, with who comes along; other copies of it say nothing about that."""
        coming = getattr(session, "comes_along", ())
        if self._forwarding is None and larger.is_forwarded(len(coming)):
            self._forwarding = Forwarding(most=2 + larger.most_companions(), changed=self.tell)
            self.tell()

    async def ready(self) -> None:
        """Whoever comes into the lobby is told the way that it will be, not the one before the server was asked."""
        if self._forwarding is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._forwarding.tried.wait(), PATIENCE)

    def why_full(self, others: int) -> Goodbye | None:
        """Why somebody cannot come in where so many others are inside."""
        if self._forwarding is None:
            return goodbyes.CROWDED if others >= limits.PEOPLE else None
        return goodbyes.FILLED if others >= 2 + larger.most_companions() else None

    def tell(self) -> None:
        """Everybody hears which way it is, if it is another than before."""
        if self.way != self._told:
            self._told = self.way
            for guest in list(self._guests):
                guest.send({"t": "way", "way": self._told})

    def gone(self, guest: Guest) -> None:
        if self._forwarding is not None:
            self._forwarding.gone(guest)
            self.tell()

    def shows(self, guest: Guest) -> None:
        """They switched something on or off."""
        if self._forwarding is not None:
            self._forwarding.look(guest)

    def hear(self, guest: Guest, kind: str, said: dict, size: int) -> None:
        """A signal of a browser to another one, or to the server. Raises Leave."""
        if size > limits.SIGNAL_BYTES:
            raise Leave(goodbyes.TOO_LARGE)
        if not guest.inside or not isinstance(said.get("data"), dict):
            raise Leave(goodbyes.UNREADABLE)
        if kind == "forward":
            word = seats.read(said)
            if self._forwarding is not None:
                self._forwarding.hear(guest, word)
            return
        for other in self._guests:
            if other.inside and other.person_id != guest.person_id and str(other.id) == said.get("to"):
                other.send({"t": "signal", "from": str(guest.id), "data": said["data"]})

    async def close(self) -> None:
        """Everybody has left. Never raises."""
        forwarding, self._forwarding = self._forwarding, None
        self._told = DIRECT
        if forwarding is not None:
            await forwarding.close()
