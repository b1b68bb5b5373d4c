"""All open rooms of this process: opened when somebody comes, looked after every two seconds, closed when empty.

A session's room lives in one process at a time. News comes by LISTEN from PostgreSQL; the round every
two seconds finds out the same without it, only later.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable
from uuid import UUID

import psycopg
import structlog
from django.db import connection

from quarterhour.core import clock
from quarterhour.sessions.models import AttendanceEvent
from quarterhour.sessions.room import door, goodbyes, limits, store, threads
from quarterhour.sessions.room.goodbyes import Leave
from quarterhour.sessions.room.guest import Guest
from quarterhour.sessions.room.news import CHANNEL
from quarterhour.sessions.room.room import Room
from quarterhour.sessions.room.store import Happening

log = structlog.get_logger(__name__)

ROUND = 2.0  # seconds between two rounds through the hall
BEAT = 10.0  # seconds between two signs of life to a browser
SILENCE = 35.0  # seconds without a sign of life after which a tab is gone
NOTED = 30.0  # seconds between two heartbeats in the attendance log
LISTEN_AGAIN = 2.0  # seconds before asking for news again
ASK_AFTER = 30.0  # seconds of quiet
DOORS = 64  # locks for opening and closing; rooms share them by their key
LOG_AT_ONCE = 500
LOG_MOST = 50_000


class Hall:
    """The rooms, the news, the log. Made once a process; only its event loop touches it."""

    def __init__(self) -> None:
        self.rooms: dict[UUID, Room] = {}
        self.listening = False
        self._doors = [asyncio.Lock() for _ in range(DOORS)]
        self._log: list[Happening] = []
        self._to_log = asyncio.Event()
        self._tasks: set[asyncio.Task] = set()
        self._closing = False

    # --- the life of the hall ----------------------------------------------------------------------

    async def start(self) -> None:
        for work in (self._listen(), self._rounds(), self._write_log()):
            self._keep(asyncio.create_task(work))

    async def stop(self) -> None:
        """Say goodbye to everybody and keep everything. Browsers come back to whoever starts next."""
        self._closing = True
        for room in self.rooms.values():
            for guest in list(room.guests):
                room.farewell(guest)
                guest.leave(goodbyes.RESTART)
        rooms = list(self.rooms.values())
        for room in rooms:
            try:
                await room.save()
            except Exception as error:  # noqa: BLE001 - the others are still to be kept
                log.warning("room_not_kept", error=type(error).__name__)
        # All at once: each may wait seconds for a server that does not answer.
        for closed in await asyncio.gather(*(room.close() for room in rooms), return_exceptions=True):
            if isinstance(closed, BaseException):
                log.warning("room_not_kept", error=type(closed).__name__)
        for task in list(self._tasks):
            task.cancel()
        await self._flush_log()

    @property
    def guests(self) -> int:
        return sum(len(room.guests) for room in self.rooms.values())

    @property
    def unwritten(self) -> int:
        """Lines of the attendance log that wait for the database."""
        return len(self._log)

    # --- coming in and going out -------------------------------------------------------------------

    async def come_in(self, guest: Guest) -> Room:
        """The room of this guest's session, opened for the first one. Raises Leave when the house is full."""
        if self._closing:
            raise Leave(goodbyes.RESTART)
        if self.guests >= limits.GUESTS:
            raise Leave(goodbyes.FULL)
        session = guest.visit.session
        async with self._door(session.pk):
            room = self.rooms.get(session.pk)
            if room is None:
                room = Room(session, note=self._note)
                await room.open()
                self.rooms[session.pk] = room
            else:
                room.moved(session)
            try:
                await room.welcome(guest)
            except BaseException:
                self._keep(asyncio.create_task(self.go_out(room, guest)))  # it waits for this door
                raise
        return room

    async def go_out(self, room: Room, guest: Guest) -> None:
        """The guest is gone; the last one's going closes the room, once its notes are kept."""
        room.farewell(guest)
        while not room.guests and self.rooms.get(room.session.pk) is room and not self._closing:
            async with self._door(room.session.pk):
                if room.guests or self.rooms.get(room.session.pk) is not room:
                    return
                try:
                    await room.close()
                except Exception as error:  # noqa: BLE001 - it stays open in memory until the database is back
                    log.warning("room_not_kept", error=type(error).__name__)
                else:
                    del self.rooms[room.session.pk]
                    return
            await asyncio.sleep(LISTEN_AGAIN)

    def _door(self, session_id: UUID) -> asyncio.Lock:
        return self._doors[session_id.int % DOORS]

    # --- looking after the rooms -------------------------------------------------------------------

    async def look_again(self, rooms: Iterable[Room]) -> None:
        """Ask the database how these sessions and their people stand, and show out whoever may not stay."""
        rooms = list(rooms)
        guests = [guest for room in rooms for guest in room.guests]
        if not guests:
            return
        sessions = await threads.run(door.sessions_behind, [room.session.pk for room in rooms])
        logins = await threads.run(door.logins_alive, [guest.visit.login for guest in guests])
        now = clock.now()
        for room in rooms:
            session = sessions.get(room.session.pk)
            for guest in list(room.guests):
                refused = door.why_not(guest.visit, session, logins=logins, now=now)
                if refused is not None:
                    room.farewell(guest, meant=guest.visit.along)  # taken out, they do not come back as from a reload
                    guest.leave(refused)
            if session is not None and room.guests:
                room.moved(session)

    async def _rounds(self) -> None:
        while True:
            await asyncio.sleep(ROUND)
            self._signs_of_life()
            try:
                await self.look_again(self.rooms.values())
            except Exception as error:  # noqa: BLE001 - without a database nobody is shown out; the next round asks again
                log.warning("round_failed", error=type(error).__name__)

    def _signs_of_life(self) -> None:
        now = time.monotonic()
        for room in self.rooms.values():
            for guest in list(room.guests):
                silent_for = now - guest.heard_at
                if silent_for > SILENCE:
                    # They were there when we last heard of them, or last wrote that they were.
                    room.farewell(guest, silent_for=min(silent_for, now - guest.noted_at))
                    guest.leave(goodbyes.SILENT)
                    continue
                if now - guest.beat_at >= BEAT:
                    guest.beat_at = now
                    guest.send({"t": "beat", "now": int(clock.now().timestamp() * 1000)})
                if now - guest.noted_at >= NOTED and silent_for < 2 * BEAT:
                    guest.noted_at = now
                    room.note(guest, AttendanceEvent.Kind.HEARTBEAT)

    # --- news --------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**news_address(), autocommit=True) as line:
                    await line.execute(f"LISTEN {CHANNEL}")
                    self.listening = True
                    while True:
                        async for news in line.notifies(timeout=ASK_AFTER):
                            self._keep(asyncio.create_task(self._hear_news(news.payload)))
                        await line.execute("SELECT 1")  # a line that is dead says so only when asked
            except (psycopg.Error, OSError) as error:
                log.warning("news_lost", error=type(error).__name__)
            self.listening = False
            await asyncio.sleep(LISTEN_AGAIN)

    async def _hear_news(self, payload: str) -> None:
        try:
            told = json.loads(payload)
            session_id, person_id = told.get("session"), told.get("person")
        except (ValueError, AttributeError):
            return
        concerned = [
            room for room in self.rooms.values() if str(room.session.pk) == session_id or person_id in _people(room)
        ]
        try:
            await self.look_again(concerned)
        except Exception as error:  # noqa: BLE001 - the next round looks again
            log.warning("news_not_followed", error=type(error).__name__)

    # --- the log -----------------------------------------------------------------------------------

    def _note(self, happening: Happening) -> None:
        if len(self._log) >= LOG_MOST:
            log.error("attendance_lost", kind=happening.kind)
            return
        self._log.append(happening)
        self._to_log.set()

    async def _write_log(self) -> None:
        while True:
            await self._to_log.wait()
            self._to_log.clear()
            try:
                await self._flush_log()
            except Exception as error:  # noqa: BLE001 - the lines wait in memory, in order
                log.warning("attendance_not_kept", error=type(error).__name__, waiting=len(self._log))
                await asyncio.sleep(LISTEN_AGAIN)
                self._to_log.set()

    async def _flush_log(self) -> None:
        while self._log:
            batch = self._log[:LOG_AT_ONCE]
            await threads.run(store.write_happenings, batch)
            del self._log[: len(batch)]

    def _keep(self, task: asyncio.Task) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _people(room: Room) -> set[str]:
    """The two, and whoever else is there."""
    two = {room.session.mentor_id, room.session.mentee_id}
    return {str(each) for each in two | {guest.person_id for guest in room.guests}}


def news_address() -> dict[str, object]:
    """Where Django's own database is, in psycopg's words."""
    known = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {name: known[key] for name, key in names.items() if known[key]}
    return {**given, "application_name": "quarterhour news", "connect_timeout": 5}
