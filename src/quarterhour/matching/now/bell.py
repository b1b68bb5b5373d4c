"""The web sockets of now: they say "look" when something changed for a person, and hear that the person is there.

What a page shows is asked for by the page, over HTTP, with its own rights: nothing private goes through here. Beside
them runs the timer that serves the line every second.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import psycopg
import structlog
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from quarterhour.core import clock
from quarterhour.matching.now import oncall, ringing
from quarterhour.matching.now.bell_news import CHANNEL
from quarterhour.people.models import Person
from quarterhour.sessions.room import door, goodbyes, limits, threads, tickets
from quarterhour.sessions.room.entry import origin_is_ours
from quarterhour.sessions.room.goodbyes import Goodbye, Leave
from quarterhour.sessions.room.hall import ASK_AFTER, LISTEN_AGAIN, news_address

log = structlog.get_logger(__name__)

DOOR = UUID(int=0)  # tickets name a session's door; this one belongs to no session
KNOCK_WITHIN = 10.0  # seconds
ROUND = 1.0  # seconds between two looks at the line
NOTED = 20.0  # seconds between two signs of life in the database
SILENCE = 50.0  # seconds without a word after which a page is gone
CHECKED = 30.0  # seconds between two looks whether they are still signed in
FRAME = 4_096
PEOPLE = 5_000


class Listener:
    """One open page of somebody."""

    def __init__(self, socket: WebSocket, person_id: UUID, login: str) -> None:
        self.socket, self.person_id, self.login = socket, person_id, login
        self.heard_at = time.monotonic()
        self.news = asyncio.Event()
        self.goodbye: Goodbye | None = None

    def look(self) -> None:
        """Something changed. Several changes before the page is told are one."""
        self.news.set()

    def leave(self, goodbye: Goodbye) -> None:
        self.goodbye = self.goodbye or goodbye
        self.news.set()

    async def write(self) -> None:
        while True:
            await self.news.wait()
            self.news.clear()
            if self.goodbye is not None:
                await self.socket.send_text(self.goodbye.as_json())
                return  # whoever serves closes, once nobody reads any more
            await self.socket.send_text('{"t": "look"}')

    async def read(self) -> None:
        bucket = limits.Bucket(rate=1.0, burst=20)
        while True:
            said = await self.socket.receive_text()
            if len(said) > FRAME or not bucket.spend():
                self.leave(goodbyes.TOO_FAST)
                return
            self.heard_at = time.monotonic()


class Bells:
    """All listeners of this process. Only its event loop touches it."""

    def __init__(self) -> None:
        self.listeners: dict[UUID, set[Listener]] = defaultdict(set)
        self._count = 0

    @property
    def routes(self) -> list[BaseRoute]:
        return [WebSocketRoute("/now", self.serve)]

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(work()) for work in (self._listen, self._serve_the_line, self._look_after)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for each in self._all():
                each.leave(goodbyes.RESTART)

    async def serve(self, socket: WebSocket) -> None:
        """One socket from its handshake to its goodbye."""
        await socket.accept()
        try:
            listener = await self._let_in(socket)
        except Leave as leave:
            with suppress(WebSocketDisconnect, RuntimeError, OSError):
                await socket.send_text(leave.goodbye.as_json())
                await socket.close(leave.goodbye.code, leave.goodbye.word)
            return
        except (WebSocketDisconnect, RuntimeError, OSError, TimeoutError, KeyError):
            return
        mine = self.listeners[listener.person_id]
        mine.add(listener)
        for oldest in sorted(mine, key=lambda each: each.heard_at)[: -limits.TABS]:
            oldest.leave(goodbyes.REPLACED)
        tasks = [asyncio.create_task(listener.write()), asyncio.create_task(listener.read())]
        try:
            await threads.run(oncall.seen, [listener.person_id], now=clock.now())
            listener.look()
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if listener.goodbye is not None and not tasks[0].done():
                await asyncio.wait(tasks[:1], timeout=2.0)
        except (psycopg.Error, TimeoutError, OSError) as error:
            log.warning("listener_lost", error=type(error).__name__)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if listener.goodbye is not None:
                with suppress(WebSocketDisconnect, RuntimeError, OSError):
                    await socket.close(listener.goodbye.code, listener.goodbye.word)
            mine.discard(listener)
            if not mine:
                self.listeners.pop(listener.person_id, None)

    async def _let_in(self, socket: WebSocket) -> Listener:
        """The first frame carries the ticket, so that no address with a ticket lands in a log."""
        if not origin_is_ours(socket.headers.get("origin")):
            raise Leave(goodbyes.FOREIGN)
        if len(self.listeners) + self._count >= PEOPLE:
            raise Leave(goodbyes.FULL)
        self._count += 1
        try:
            async with asyncio.timeout(KNOCK_WITHIN):
                first = await socket.receive_text()
        except TimeoutError as error:
            raise Leave(goodbyes.SILENT) from error
        finally:
            self._count -= 1
        try:
            said = json.loads(first) if len(first) <= FRAME else None
            secret = said["ticket"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Leave(goodbyes.UNREADABLE) from error
        if not isinstance(secret, str):
            raise Leave(goodbyes.UNREADABLE)
        try:
            ticket = await threads.run(admit, secret)
        except (psycopg.Error, TimeoutError) as error:
            raise Leave(goodbyes.RESTART) from error
        return Listener(socket, ticket.person_id, ticket.login)

    def _all(self) -> list[Listener]:
        return [each for mine in list(self.listeners.values()) for each in list(mine)]

    async def _look_after(self) -> None:
        """Note who is there, and show out who fell silent or signed out."""
        checked_at = time.monotonic()
        while True:
            await asyncio.sleep(NOTED)
            now = time.monotonic()
            for each in self._all():
                if now - each.heard_at > SILENCE:
                    each.leave(goodbyes.SILENT)
            there = {each.person_id for each in self._all() if each.goodbye is None}
            try:
                await threads.run(oncall.seen, sorted(there), now=clock.now())
                if now - checked_at >= CHECKED:
                    checked_at = now
                    alive = await threads.run(still_in, [(each.person_id, each.login) for each in self._all()])
                    for each in self._all():
                        if (each.person_id, each.login) not in alive:
                            each.leave(goodbyes.SIGNED_OUT)
            except Exception as error:  # noqa: BLE001 - the next round notes them
                log.warning("signs_of_life_not_kept", error=type(error).__name__)

    async def _serve_the_line(self) -> None:
        while True:
            await asyncio.sleep(ROUND)
            try:
                await threads.run(ringing.tick, now=clock.now())
            except Exception as error:  # noqa: BLE001 - the line is served again in a second
                log.warning("line_not_served", error=type(error).__name__)

    async def _listen(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**news_address(), autocommit=True) as wire:
                    await wire.execute(f"LISTEN {CHANNEL}")
                    for each in self._all():
                        each.look()  # whatever was told meanwhile
                    while True:
                        async for news in wire.notifies(timeout=ASK_AFTER):
                            self._tell(news.payload)
                        await wire.execute("SELECT 1")  # a line that is dead says so only when asked
            except (psycopg.Error, OSError) as error:
                log.warning("news_of_now_lost", error=type(error).__name__)
            await asyncio.sleep(LISTEN_AGAIN)

    def _tell(self, payload: str) -> None:
        for key in json.loads(payload):
            for each in list(self.listeners.get(UUID(key), ())):
                each.look()


def admit(secret: str) -> tickets.Ticket:
    """Open a ticket for this door. Raises Leave for a stranger, or somebody who has signed out."""
    ticket = tickets.read(secret, session_id=DOOR, now=clock.now())
    if (ticket.person_id, ticket.login) not in still_in([(ticket.person_id, ticket.login)]):
        raise Leave(goodbyes.SIGNED_OUT)
    return ticket


def still_in(known: list[tuple[UUID, str]]) -> set[tuple[UUID, str]]:
    """Those of these (person, sign-in) whose account and sign-in still stand. Two queries."""
    people = set(Person.objects.filter(pk__in={p for p, _ in known}, is_active=True).values_list("pk", flat=True))
    logins = door.logins_alive([login for _, login in known])
    return {(person, login) for person, login in known if person in people and (not login or login in logins)}
