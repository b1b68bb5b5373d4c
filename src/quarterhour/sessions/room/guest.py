"""One browser tab in a room: what waits to be sent to it, and how much it may still send."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from starlette.websockets import WebSocket, WebSocketDisconnect

from quarterhour.core.ids import uuid7
from quarterhour.sessions.room import goodbyes, limits
from quarterhour.sessions.room.door import Visit
from quarterhour.sessions.room.goodbyes import Goodbye
from quarterhour.sessions.room.limits import Bucket

SEND_WITHIN = 10.0  # seconds
MODES = ("video", "audio", "chat")


@dataclass(eq=False)
class Guest:
    """A socket that has been let in. `send` never waits; a writer of its own does."""

    socket: WebSocket
    visit: Visit
    id: UUID = field(default_factory=uuid7)
    inside: bool = False
    mode: str = "video"
    tab: str = ""
    showing: dict[str, bool] = field(default_factory=dict)
    notes_heard: int = 0
    heard_at: float = field(default_factory=time.monotonic)
    beat_at: float = field(default_factory=time.monotonic)
    noted_at: float = field(default_factory=time.monotonic)
    goodbye: Goodbye | None = None

    def __post_init__(self) -> None:
        self._outbox: asyncio.Queue[str | bytes | Goodbye] = asyncio.Queue(limits.QUEUE)
        self.frames = Bucket(rate=60, burst=400)
        self.bytes = Bucket(rate=512 * 1024, burst=4 * 1024 * 1024)
        self.lines = Bucket(rate=2, burst=20)
        self.sounds = Bucket(rate=0.6, burst=6)
        self.reports = Bucket(rate=0.2, burst=10)

    @property
    def person_id(self) -> UUID:
        return self.visit.person.pk

    def presence(self) -> dict[str, object]:
        """What the other side is told about this tab."""
        return {
            "person": str(self.person_id),
            "name": self.visit.person.called,
            "first": self.visit.person.first_name,
            "connection": str(self.id),
            "tab": self.tab,
            "place": "room" if self.inside else "lobby",
            "mode": self.mode,
            **self.showing,
        }

    def send(self, message: Mapping[str, object] | bytes) -> None:
        """Queue a message. Whoever cannot keep up is let go; nobody else waits for them."""
        if self.goodbye is not None:
            return
        try:
            self._outbox.put_nowait(message if isinstance(message, bytes) else json.dumps(message))
        except asyncio.QueueFull:
            self.leave(goodbyes.TOO_SLOW)

    def leave(self, goodbye: Goodbye) -> None:
        """Say goodbye once; what was queued before is still sent, unless that is what they could not keep up with."""
        if self.goodbye is not None:
            return
        self.goodbye = goodbye
        if self._outbox.full():
            while not self._outbox.empty():
                self._outbox.get_nowait()
        self._outbox.put_nowait(goodbye)

    async def write(self) -> None:
        """Send what is queued, one after the other, until the goodbye is said or the connection is lost.

        The close frame is left to whoever also listens: granian holds it back while somebody waits for a frame.
        """
        while True:
            message = await self._outbox.get()
            try:
                async with asyncio.timeout(SEND_WITHIN):
                    if isinstance(message, Goodbye):
                        await self.socket.send_text(message.as_json())
                        return
                    if isinstance(message, bytes):
                        await self.socket.send_bytes(message)
                    else:
                        await self.socket.send_text(message)
            except (TimeoutError, WebSocketDisconnect, RuntimeError, OSError):
                return
