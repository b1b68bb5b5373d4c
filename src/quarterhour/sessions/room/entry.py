"""The web socket of a room: who knocks, who is let in, and what happens until they leave."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.conf import settings
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from quarterhour.core import clock
from quarterhour.sessions.room import door, goodbyes, limits, threads
from quarterhour.sessions.room.goodbyes import Goodbye, Leave
from quarterhour.sessions.room.guest import Guest
from quarterhour.sessions.room.hall import Hall
from quarterhour.sessions.room.room import Room

log = structlog.get_logger(__name__)

KNOCK_WITHIN = 10.0  # seconds
KNOCK_BYTES = 4_096
LAST_WORDS = 2.0  # seconds for the goodbye to leave


def origin_is_ours(origin: str | None) -> bool:
    """Whether a page of this service opened the socket. Without TLS all names of this machine are one."""
    if not origin:
        return False
    if origin == settings.SITE_URL:
        return True
    local = {"localhost", "127.0.0.1", "::1"}
    try:
        ours, theirs = urlsplit(settings.SITE_URL), urlsplit(origin)
        same = ours.scheme == theirs.scheme == "http" and ours.port == theirs.port
    except ValueError:
        return False
    return same and {ours.hostname, theirs.hostname} <= local


class Entry:
    """The routes of the realtime process, around one hall."""

    def __init__(self) -> None:
        self.hall = Hall()
        self._knocking = 0
        self._silent: deque[asyncio.Timeout] = deque()  # those of them that have not said a word, the oldest first

    @property
    def routes(self) -> list[BaseRoute]:
        return [
            WebSocketRoute("/room/{session_id:uuid}", self.serve),
            Route("/livez", self.live),
            Route("/readyz", self.ready),
        ]

    @asynccontextmanager
    async def lifespan(self, _app: object) -> AsyncIterator[None]:
        await self.hall.start()
        try:
            yield
        finally:
            await self.hall.stop()

    async def live(self, _request: Request) -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    async def ready(self, _request: Request) -> JSONResponse:
        """503 while news from the database do not arrive: rooms work, but hear of changes only every other second."""
        hall = self.hall
        told = {
            "listening": hall.listening,
            "rooms": len(hall.rooms),
            "guests": hall.guests,
            "unwritten": hall.unwritten,
        }
        return JSONResponse(told, status_code=200 if hall.listening else 503)

    async def serve(self, socket: WebSocket) -> None:
        """One socket from its handshake to its goodbye."""
        await socket.accept()
        try:
            guest = await self._let_in(socket)
        except Leave as leave:
            await _show_out(socket, leave.goodbye, say=True)
            return
        except (WebSocketDisconnect, RuntimeError, OSError):
            return
        room = None
        try:
            room = await self.hall.come_in(guest)
            await self._be_there(room, guest)
        except Leave as leave:
            guest.leave(leave.goodbye)
        except Exception as error:  # noqa: BLE001 - one guest's trouble is not the room's
            log.warning("guest_lost", error=type(error).__name__)
            guest.leave(goodbyes.RESTART)
        finally:
            if guest.goodbye is not None:
                await _show_out(socket, guest.goodbye)
            if room is not None:
                await self.hall.go_out(room, guest)

    async def _be_there(self, room: Room, guest: Guest) -> None:
        """Read and write side by side until the browser hangs up or has to go."""
        writer, listener = asyncio.create_task(guest.write()), asyncio.create_task(self._listen(room, guest))
        try:
            await asyncio.wait({listener, writer}, return_when=asyncio.FIRST_COMPLETED)
            room.farewell(guest)
            if listener.done() and guest.goodbye is not None:
                await asyncio.wait({writer}, timeout=LAST_WORDS)
        finally:
            for task in (listener, writer):
                task.cancel()
            await asyncio.gather(listener, writer, return_exceptions=True)

    async def _let_in(self, socket: WebSocket) -> Guest:
        if not origin_is_ours(socket.headers.get("origin")):
            raise Leave(goodbyes.FOREIGN)
        if self._knocking >= limits.STRANGERS:
            self._make_room()
        self._knocking += 1
        try:
            return await self._knock(socket, socket.path_params["session_id"])
        finally:
            self._knocking -= 1

    def _make_room(self) -> None:
        """Show out whoever has been silent longest: a page says hello at once. Raises Leave if all have spoken."""
        if not self._silent:
            raise Leave(goodbyes.FULL)
        self._silent.popleft().reschedule(asyncio.get_running_loop().time())

    async def _knock(self, socket: WebSocket, session_id: UUID) -> Guest:
        """The first frame carries the ticket, so that no address with a ticket lands in a log."""
        try:
            async with asyncio.timeout(KNOCK_WITHIN) as patience:
                self._silent.append(patience)
                try:
                    first = await _frame(socket)
                finally:
                    with suppress(ValueError):  # its place went to somebody else
                        self._silent.remove(patience)
        except TimeoutError as error:
            raise Leave(goodbyes.SILENT) from error
        if not isinstance(first, str) or len(first) > KNOCK_BYTES:
            raise Leave(goodbyes.UNREADABLE)
        try:
            said = json.loads(first)
            secret = said["ticket"] if said["t"] == "hello" else None
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Leave(goodbyes.UNREADABLE) from error
        if not isinstance(secret, str):
            raise Leave(goodbyes.UNREADABLE)
        try:
            visit = await threads.run(door.admit, secret, session_id=session_id, now=clock.now())
        except Leave:
            raise
        except Exception as error:
            log.warning("door_stuck", error=type(error).__name__)
            raise Leave(goodbyes.RESTART) from error
        return Guest(socket, visit)

    async def _listen(self, room: Room, guest: Guest) -> None:
        try:
            while guest.goodbye is None:
                await room.hear(guest, await _frame(guest.socket))
        except Leave as leave:
            guest.leave(leave.goodbye)
        except (WebSocketDisconnect, RuntimeError, OSError):
            return


async def _frame(socket: WebSocket) -> str | bytes:
    """The next text or binary frame. Raises WebSocketDisconnect."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    text, data = message.get("text"), message.get("bytes")
    return text if text is not None else data or b""


async def _show_out(socket: WebSocket, goodbye: Goodbye, *, say: bool = False) -> None:
    """The close frame with its code, after the last words where they are not said yet."""
    with suppress(WebSocketDisconnect, RuntimeError, OSError, TimeoutError):
        async with asyncio.timeout(LAST_WORDS):
            if say:
                await socket.send_text(goodbye.as_json())
            await socket.close(goodbye.code, goodbye.word)
