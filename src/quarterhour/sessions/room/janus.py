"""Janus, the server that hands on picture and sound for many: spoken to by this process and by nobody else.

A WebSocket carries one session of Janus. Once it closes, for whatever reason, Janus forgets the session with every
connection that belongs to it, so a process that is killed leaves no picture running.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

WITHIN = 6.0  # seconds for any answer
KEEP_ALIVE = 12.0  # seconds; Janus forgets whom it has not heard of for a minute
PLUGIN = "janus.plugin.videoroom"
MOST_BYTES = 1024 * 1024

Heard = Callable[[int, dict[str, Any]], None]


class Lost(Exception):
    """Janus does not answer, or not any more."""


class Refused(Exception):
    """Janus says no: its code, and its own words."""

    def __init__(self, code: int, told: str) -> None:
        super().__init__(f"{code} {told}")
        self.code, self.told = code, told


class Janus:
    """One session. Only coroutines of one event loop touch it."""

    def __init__(self, socket: ClientConnection, heard: Heard) -> None:
        self._socket, self._heard = socket, heard
        self._asked: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._session: int | None = None
        self._tasks = [asyncio.create_task(self._listen())]
        self.lost = asyncio.Event()

    @classmethod
    async def dial(cls, heard: Heard) -> Janus:
        """heard(handle, event) is told what Janus says unasked. Raises Lost or Refused."""
        try:
            socket = await connect(
                settings.SFU_URL, subprotocols=["janus-protocol"], open_timeout=WITHIN, close_timeout=1,
                ping_interval=5, ping_timeout=5, max_size=MOST_BYTES, proxy=None, compression=None,
            )  # fmt: skip
        except (OSError, TimeoutError, WebSocketException, ValueError) as error:
            raise Lost(type(error).__name__) from error
        line = cls(socket, heard)
        try:
            line._session = _id_in(await line.ask("create"))
        except BaseException:
            await line.close()
            raise
        line._tasks.append(asyncio.create_task(line._keep_alive()))
        return line

    async def attach(self) -> int:
        """A new handle: the place of one connection."""
        return _id_in(await self.ask("attach", plugin=PLUGIN))

    async def detach(self, handle: int) -> None:
        """The connection ends at once. One that has ended already is no trouble."""
        with suppress(Lost, Refused):
            await self.ask("detach", handle=handle)

    async def request(self, handle: int, jsep: dict | None = None, **body: Any) -> dict[str, Any]:
        """Ask the video room. Answers its data, with "jsep" where it gave a description. Raises Lost or Refused."""
        more = {"jsep": jsep} if jsep else {}
        answer = await self.ask("message", handle=handle, body=body, **more)
        data = _dict_in(_dict_in(answer, "plugindata"), "data")
        if "error_code" in data:
            raise _refused(data["error_code"], data.get("error"))
        if "videoroom" not in data:
            raise Refused(0, "no answer of a video room")
        return {**data, "jsep": answer.get("jsep")}

    async def ask(self, kind: str, *, handle: int | None = None, **more: Any) -> dict[str, Any]:
        """One question and its answer; an "ack" says only that the answer comes later. Raises Lost or Refused."""
        key = secrets.token_hex(8)
        answer = self._asked[key] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(WITHIN):
                await self._say(kind, key, handle, more)
                said = await answer
        except TimeoutError as error:
            self.lost.set()  # whoever is that slow hands on no picture either
            raise Lost("TimeoutError") from error
        finally:
            self._asked.pop(key, None)
        if said.get("janus") == "error":
            why = _dict_in(said, "error")
            raise _refused(why.get("code"), why.get("reason"))
        return said

    async def tell(self, kind: str, *, handle: int, **more: Any) -> None:
        """Say something that wants no answer. Raises Lost."""
        await self._say(kind, secrets.token_hex(8), handle, more)

    async def close(self) -> None:
        """Everything that belongs to this session ends. Never raises."""
        self.lost.set()
        for task in self._tasks:
            task.cancel()
        with suppress(OSError, TimeoutError, WebSocketException):
            async with asyncio.timeout(1):
                await self._socket.close()

    async def _say(self, kind: str, key: str, handle: int | None, more: dict[str, Any]) -> None:
        said = {"janus": kind, "transaction": key, "apisecret": settings.SFU_SECRET, **more}
        if self._session is not None:
            said["session_id"] = self._session
        if handle is not None:
            said["handle_id"] = handle
        try:
            await self._socket.send(json.dumps(said))
        except (OSError, WebSocketException) as error:
            raise Lost(type(error).__name__) from error

    async def _listen(self) -> None:
        try:
            async for frame in self._socket:
                said = json.loads(frame)
                if isinstance(said, dict):
                    self._hear(said)
        except (OSError, WebSocketException, ValueError, RecursionError):
            pass
        finally:
            self.lost.set()
            for answer in self._asked.values():
                if not answer.done():
                    answer.set_exception(Lost("closed"))

    def _hear(self, said: dict[str, Any]) -> None:
        kind = said.get("janus")
        answer = self._asked.get(str(said.get("transaction")))
        if kind == "timeout":
            self.lost.set()
        elif kind == "ack":
            return
        elif answer is not None and not answer.done():
            answer.set_result(said)
        elif isinstance(said.get("sender"), int):
            self._heard(said["sender"], said)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(KEEP_ALIVE)
            with suppress(Lost):
                await self._say("keepalive", secrets.token_hex(8), None, {})


# --- reading what it answers, whatever it is ---------------------------------------------------------


def _dict_in(said: dict[str, Any], name: str) -> dict[str, Any]:
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def _id_in(said: dict[str, Any]) -> int:
    """Raises Lost where there is none: what answers like that is no Janus."""
    found = _dict_in(said, "data").get("id")
    if not isinstance(found, int):
        raise Lost("an answer that is none of Janus'")
    return found


def _refused(code: object, told: object) -> Refused:
    return Refused(code if isinstance(code, int) else 0, str(told))
