"""Two people in a room agree to ten more minutes: an offer lives in memory, what they agree on in the database."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import structlog

from quarterhour.core import clock
from quarterhour.core.errors import QuarterhourError
from quarterhour.sessions import longer
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.room import threads
from quarterhour.sessions.room.guest import Guest

log = structlog.get_logger(__name__)

Tell = Callable[[dict[str, object]], None]
AWAY = "There is nobody else in the room to agree."
AGAIN = "That could not be done just now. Press again in a moment."


class Agreeing:
    """The offer of one room. tell: says something to everybody inside."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self.offered_by: UUID | None = None

    async def hear(self, guest: Guest, answer: object, session: MentoringSession, *, alone: bool):
        """An offer, a yes or a no from somebody inside. Returns the longer session once it took, or None."""
        if answer == "no" and self.offered_by is not None:
            self.offered_by = None
            self._tell({"t": "longer", "state": "declined", "by": str(guest.person_id)})
        elif answer == "offer" and self.offered_by is None:
            await self._offer(guest, session, alone=alone)
        elif answer in {"yes", "offer"} and self.offered_by not in {None, guest.person_id}:
            return await self._agree(guest, session, alone=alone)  # two who offer agree as well
        return None

    async def _offer(self, guest: Guest, session: MentoringSession, *, alone: bool) -> None:
        refused = AWAY if alone else await _refused(longer.check_free, session, now=clock.now())
        if isinstance(refused, str):
            guest.send({"t": "longer", "state": "refused", "told": refused})
        elif self.offered_by is None:  # the other one may have offered meanwhile
            self.offered_by = guest.person_id
            self._tell({"t": "longer", "state": "offered", "by": str(guest.person_id)})

    async def _agree(self, guest: Guest, session: MentoringSession, *, alone: bool) -> MentoringSession | None:
        self.offered_by = None  # pressed twice, it is asked once
        given = {"session_id": session.pk, "org_id": session.org_id, "ends_at": session.ends_at}
        done = AWAY if alone else await _refused(longer.extend, **given, agreed_by=guest.person_id, now=clock.now())
        if isinstance(done, str):
            self._tell({"t": "longer", "state": "refused", "told": done})
            return None
        self._tell({"t": "longer", "state": "taken", "ends": int(done.ends_at.timestamp() * 1000)})
        return done


async def _refused(work: Callable[..., object], *args: object, **kwargs: object):
    """What `work` returns, done in a thread; or why not, in words."""
    try:
        return await threads.run(work, *args, **kwargs)
    except QuarterhourError as error:
        return error.told
    except Exception as error:  # noqa: BLE001 - whatever it was, they can press again
        log.warning("more_time_not_asked", error=type(error).__name__)
        return AGAIN
