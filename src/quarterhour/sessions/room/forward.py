"""Picture and sound of one room, handed on by Janus: who sends, who hears whom, and what happens when it is lost."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings

from quarterhour.sessions.room.guest import Guest
from quarterhour.sessions.room.janus import Janus, Lost, Refused
from quarterhour.sessions.room.larger import BIGGEST_KEY
from quarterhour.sessions.room.seats import Seat, Want, Word

log = structlog.get_logger(__name__)

AGAIN = (0.5, 1.0, 2.0, 5.0)  # seconds between tries to reach it
BITRATE = 1_500_000  # of one picture, at most; browsers send less the more people there are
ENDS_WITHIN = 2.0  # seconds for the last words


class Forwarding:
    """What one open room keeps at Janus. A room of its own there, unlisted, under a number nobody else is told."""

    def __init__(self, *, most: int, changed: Callable[[], None]) -> None:
        """most: how many people may be inside. changed: told when it is reached, and when it is lost."""
        self.up = False
        self.tried = asyncio.Event()
        self._most, self._changed = most, changed
        self._janus: Janus | None = None
        self._seats: dict[UUID, Seat] = {}
        self._ends: set[asyncio.Task[None]] = set()
        self._room, self._secret, self._control = 0, "", 0
        self._keeper = asyncio.create_task(self._keep_up())

    # --- reaching it -------------------------------------------------------------------------------

    async def _keep_up(self) -> None:
        tries = 0
        while True:
            try:
                await self._begin()
                tries = 0
                self._turn(up=True)
                await self._line.lost.wait()
                log.warning("forwarding_lost")
            except (Lost, Refused) as error:
                log.warning("forwarding_not_reached", error=str(error), tries=tries)
            except Exception as error:  # noqa: BLE001 - whatever it answers, the room goes on and asks again
                log.warning("forwarding_not_understood", error=type(error).__name__)
            await self._forget()
            self._turn(up=False)
            await asyncio.sleep(AGAIN[min(tries, len(AGAIN) - 1)])
            tries += 1

    async def _begin(self) -> None:
        self._janus = await Janus.dial(self._heard)
        self._control = await self._line.attach()
        if self._room:  # of the line before this one: Janus forgets connections with their line, not rooms
            with suppress(Refused):
                await self._line.request(self._control, request="destroy", room=self._room, secret=self._secret)
        self._room, self._secret = secrets.randbelow(BIGGEST_KEY) + 1, secrets.token_urlsafe(24)
        await self._line.request(
            self._control, request="create", room=self._room, secret=self._secret, admin_key=settings.SFU_SECRET,
            is_private=True, publishers=2 * self._most, bitrate=BITRATE, record=False, lock_record=True,
        )  # fmt: skip

    async def _forget(self) -> None:
        """What it held is gone; whoever is here dials anew once it is back."""
        for seat in list(self._seats.values()):
            self._leave_seat(seat)
        self._seats.clear()
        if self._janus is not None:
            await self._janus.close()
        self._janus = None

    def _turn(self, *, up: bool) -> None:
        self.tried.set()
        if self.up != up:
            self.up = up
            self._changed()

    @property
    def _line(self) -> Janus:
        """Raises Lost while there is none."""
        if self._janus is None:
            raise Lost("closed")
        return self._janus

    async def close(self) -> None:
        """The room has ended, and with it whatever was sent and heard. Never raises."""
        self.up = False
        self._keeper.cancel()
        await asyncio.gather(self._keeper, return_exceptions=True)
        if self._janus is not None:
            with suppress(Lost, Refused, TimeoutError):
                async with asyncio.timeout(ENDS_WITHIN):
                    await self._line.request(self._control, request="destroy", room=self._room, secret=self._secret)
        await self._forget()

    # --- who is here -------------------------------------------------------------------------------

    def hear(self, guest: Guest, word: Word) -> None:
        """What a browser inside says. Raises Leave if that is too much. While it is lost nothing is heard."""
        if not self.up:
            return
        seat = self._seats.get(guest.id)
        if seat is None:
            seat = self._seats[guest.id] = Seat(guest)
            seat.worker = asyncio.create_task(self._serve(seat))
        seat.take(word)

    def gone(self, guest: Guest) -> None:
        """Nobody hears or sees them from now on, nor they anybody."""
        seat = self._seats.pop(guest.id, None)
        if seat is None:
            return
        self._leave_seat(seat)
        ended = seat.handles
        for other in self._seats.values():
            want = other.wants.pop(seat.connection, None)
            if want is not None and want.handle is not None:
                ended.append(want.handle)
        self._end(ended)

    def look(self, guest: Guest) -> None:
        """They show something else, or wish to see something else."""
        for seat in self._seats.values():
            for of in seat.wants:
                if seat.guest is guest or of == str(guest.id):
                    seat.look(of)

    def _leave_seat(self, seat: Seat) -> None:
        if seat.worker is not None:
            seat.worker.cancel()

    def _whisper(self, seat: Seat, word: Word) -> None:
        with suppress(asyncio.QueueFull):  # whoever is that busy has said enough to be looked at anyway
            seat.waiting.put_nowait(word)

    def _end(self, handles: list[int]) -> None:
        if self._janus is None:
            return
        for handle in handles:
            task = asyncio.create_task(self._janus.detach(handle))
            self._ends.add(task)
            task.add_done_callback(self._ends.discard)

    def _seat_of(self, connection: str) -> Seat | None:
        return next((seat for seat in self._seats.values() if seat.connection == connection), None)

    # --- what browsers say -------------------------------------------------------------------------

    async def _serve(self, seat: Seat) -> None:
        while True:
            word = await seat.waiting.get()
            if word.look:
                seat.looks.discard(word.to)
            try:
                await (self._of_sending(seat, word) if word.to == "" else self._of_hearing(seat, word))
            except Refused as refused:
                log.info("forwarding_refused", code=refused.code)  # the page finds no way and dials anew
            except Lost:
                continue
            except Exception as error:  # noqa: BLE001 - an answer we do not understand is the trouble of one connection
                log.warning("forwarding_misheard", error=type(error).__name__)

    async def _of_sending(self, seat: Seat, word: Word) -> None:
        if word.again or (word.number != seat.number and word.dials):
            await self._stop_sending(seat)
        if word.dials and word.description is not None:
            await self._send(seat, word)
        elif word.candidate is not None and word.number == seat.number and seat.handle is not None:
            await self._line.tell("trickle", handle=seat.handle, candidate=word.candidate)

    async def _send(self, seat: Seat, word: Word) -> None:
        if seat.handle is not None:  # the way is mended
            said = await self._line.request(seat.handle, word.description, request="configure")
            seat.say("", word.number, {"description": _description(said)})
            return
        seat.number, handle = word.number, await self._attached()
        seat.handle = handle
        try:
            said = await self._line.request(
                handle, word.description, request="joinandconfigure", room=self._room, ptype="publisher"
            )
        except Refused:
            seat.handle = None
            await self._line.detach(handle)
            raise
        description = _description(said)
        seat.coming = said["id"]
        seat.say("", word.number, {"description": description})

    def _sends(self, seat: Seat) -> None:
        """Its connection stands: only now Janus lets others hear it."""
        seat.feed = seat.coming
        for other in list(self._seats.values()):
            want = other.wants.get(seat.connection)
            if want is not None:
                self._renew(other, seat.connection, want)

    async def _stop_sending(self, seat: Seat) -> None:
        handle, seat.handle, seat.feed = seat.handle, None, None
        if handle is not None:
            await self._line.detach(handle)

    def _renew(self, seat: Seat, of: str, want: Want) -> None:
        """There is something new to hear: a page that knows an older connection dials anew, others are offered this."""
        if want.offered:
            seat.say(of, want.number, {"again": True})
        else:
            self._whisper(seat, Word(of, want.number, again=True))

    async def _of_hearing(self, seat: Seat, word: Word) -> None:
        other, want = self._seat_of(word.to), seat.wants.get(word.to)
        if other is seat:
            return
        if word.again:
            await self._hear_anew(seat, word, other)
        elif want is None or want.number != word.number or want.handle is None or other is None:
            return  # of an older dial, or of somebody who has left meanwhile
        elif word.look:
            await self._match(seat, other, want)
        elif word.candidate is not None:
            await self._line.tell("trickle", handle=want.handle, candidate=word.candidate)
        elif word.dials:
            seat.say(word.to, word.number, {"again": True})  # whoever hears cannot offer: it begins anew
        else:
            await self._line.request(want.handle, word.description, request="start")
            await self._match(seat, other, want)

    async def _hear_anew(self, seat: Seat, word: Word, other: Seat | None) -> None:
        old = seat.wants.pop(word.to, None)
        if old is not None and old.handle is not None:
            self._end([old.handle])
        if other is None and len(seat.wants) >= self._most:
            return
        want = seat.wants[word.to] = Want(word.number)
        if other is None or other.feed is None:
            return  # they have just come: it begins once they send
        handle = await self._attached()
        if seat.wants.get(word.to) is not want:  # they have left meanwhile
            self._end([handle])
            return
        want.handle = handle
        try:
            said = await self._line.request(
                handle, request="join", room=self._room, ptype="subscriber", streams=[{"feed": other.feed}],
                autoupdate=False,
            )  # fmt: skip
        except Refused:
            want.handle = None
            await self._line.detach(handle)
            raise
        want.mids = tuple(str(each["mid"]) for each in said.get("streams", ()) if each.get("type") == "video")
        want.offered = True
        seat.say(word.to, word.number, {"description": _description(said)})

    async def _match(self, seat: Seat, other: Seat, want: Want) -> None:
        """Send pictures only to whoever sees them."""
        pictures = seat.wants_pictures_of(other.guest)
        if pictures == want.pictures or not want.mids:
            return
        streams = [{"mid": mid, "send": pictures} for mid in want.mids]
        await self._line.request(want.handle, request="configure", streams=streams)
        want.pictures = pictures

    async def _attached(self) -> int:
        """A handle for somebody who is still here: it takes a moment, and they may leave in it."""
        attaching = asyncio.ensure_future(self._line.attach())
        try:
            return await asyncio.shield(attaching)
        except asyncio.CancelledError:
            attaching.add_done_callback(lambda done: done.exception() or self._end([done.result()]))
            raise

    # --- what Janus says unasked -------------------------------------------------------------------

    def _heard(self, handle: int, said: dict[str, Any]) -> None:
        if said.get("janus") == "hangup":
            self._ended(handle)
        elif said.get("janus") == "webrtcup":
            for seat in self._seats.values():
                if seat.handle == handle and seat.feed is None:
                    self._sends(seat)
        elif said.get("janus") == "trickle":
            self._pass_on(handle, said.get("candidate"))

    def _ended(self, handle: int) -> None:
        """A connection broke off, as networks do: the page is told to dial anew."""
        for seat in self._seats.values():
            if seat.handle == handle:
                seat.handle = seat.feed = None
                self._end([handle])
                seat.say("", seat.number, {"again": True})
                return
            for of, want in seat.wants.items():
                if want.handle == handle:
                    want.handle = None
                    self._end([handle])
                    seat.say(of, want.number, {"again": True})
                    return

    def _pass_on(self, handle: int, candidate: object) -> None:
        way = candidate if isinstance(candidate, dict) and "candidate" in candidate else None
        for seat in self._seats.values():
            if seat.handle == handle:
                seat.say("", seat.number, {"candidate": way})
            for of, want in seat.wants.items():
                if want.handle == handle:
                    seat.say(of, want.number, {"candidate": way})


def _description(said: dict[str, Any]) -> dict[str, str]:
    """What Janus describes, without its name for the room, which is nobody's to know. Raises Refused without one."""
    given = said.get("jsep")
    if not isinstance(given, dict) or not isinstance(given.get("sdp"), str):
        raise Refused(0, "no description")
    return {"type": str(given.get("type")), "sdp": re.sub(r"(?m)^s=[^\r\n]*", "s=-", given["sdp"])}
