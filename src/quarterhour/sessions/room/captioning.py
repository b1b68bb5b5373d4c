"""Everybody in a room agrees to have what they say written down, sees that it is, and ends it with one press.

The agreement lives in the room's memory: a process that starts anew, or a room that was empty, has forgotten it, and
all are asked again. Whoever comes in meanwhile is asked before another word is written down. Each browser writes down
what its own person says, or hands the sound on where an operator named a server for that (`hearing.py`). What somebody
says who comes along is shown, and not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import structlog

from quarterhour.core import clock
from quarterhour.core.text import clean
from quarterhour.sessions import captions
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.room import limits, threads
from quarterhour.sessions.room.goodbyes import UNREADABLE, Leave
from quarterhour.sessions.room.guest import Guest

log = structlog.get_logger(__name__)

Tell = Callable[[dict[str, object]], None]


class Captioning:
    """The captions of one room. tell: says something to everybody inside."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._kept = 0
        self.asked_by: UUID | None = None
        self.agreed: set[UUID] = set()
        self.on = False
        self.turn = 0  # how often all agreed: what was said before they stopped belongs to an earlier one

    def begin(self, kept: int) -> None:
        """kept: how many lines of this session there are already."""
        self._kept = kept

    def told(self) -> dict[str, object]:
        """How it stands, for somebody who comes."""
        agreed = sorted(str(each) for each in self.agreed)
        state = "on" if self.on else "asked" if self.asked_by else "off"
        return {"state": state, "by": str(self.asked_by or ""), "agreed": agreed}

    def follow(self, present: set[UUID]) -> None:
        """Somebody came in: nothing more is written down until they agree as well."""
        if self.on and not present <= self.agreed:
            self.on = False
            self._tell({"t": "captions", **self.told()})

    async def hear(self, guest: Guest, answer: object, session: MentoringSession, *, present: set[UUID]) -> None:
        """Somebody inside asks for captions, agrees, declines, ends them, or wants what was written down gone."""
        if answer in {"off", "erase"}:
            self._end(guest)
        if answer == "erase":
            await self._erase(guest, session)
        elif not self.on and answer in {"ask", "yes"}:
            self._ask_or_agree(guest, answer, present)

    def _ask_or_agree(self, guest: Guest, answer: str, present: set[UUID]) -> None:
        if self.asked_by is None and answer == "ask":
            self.asked_by, self.agreed = guest.person_id, {guest.person_id}
            self._tell({"t": "captions", **self.told()})
        elif self.asked_by not in {None, guest.person_id}:  # two who ask agree as well
            self.agreed.add(guest.person_id)
            self.on = present <= self.agreed
            self.turn += self.on
            by = guest.person_id if self.on else self.asked_by
            self._tell({"t": "captions", **self.told(), "by": str(by)})

    def _end(self, guest: Guest) -> None:
        if self.on or self.asked_by:
            self.on, self.asked_by, self.agreed = False, None, set()
            self._tell({"t": "captions", "state": "off", "by": str(guest.person_id)})

    async def _erase(self, guest: Guest, session: MentoringSession) -> None:
        try:
            await threads.run(captions.erase, session=session, by=guest.visit.person, now=clock.now())
        except Exception as error:  # noqa: BLE001 - whatever it was, they can press again
            log.warning("speech_not_erased", error=type(error).__name__)
            guest.send({"t": "captions", "state": "stuck", "by": str(guest.person_id)})
            return
        self._kept = 0
        self._tell({"t": "captions", "state": "erased", "by": str(guest.person_id)})

    async def say(self, guest: Guest, said: dict, session: MentoringSession) -> None:
        """A sentence of somebody's own, as their browser understood it. Raises Leave for what is no sentence."""
        try:
            key, text = UUID(said["key"]), said["text"]
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise Leave(UNREADABLE) from error
        if not isinstance(text, str):
            raise Leave(UNREADABLE)
        text = clean(text)[: limits.SPOKEN_CHARACTERS]
        if not self.on or not text or self._kept >= limits.SPOKEN_LINES or not guest.lines.spend():
            return
        self._kept += 1
        now = clock.now()
        try:
            if not guest.visit.along:
                await threads.run(captions.add, session, guest.person_id, key, text, now)
        except Exception as error:  # noqa: BLE001 - it is shown all the same, and is not kept
            log.warning("speech_not_kept", error=type(error).__name__)
        if self.on:
            at = int(now.timestamp() * 1000)
            self._tell({"t": "said", "person": str(guest.person_id), "text": text, "at": at})
        else:  # ended while it was written down
            await threads.run(captions.erase_line, session, guest.person_id, key)
