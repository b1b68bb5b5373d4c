"""One open room: its guests, its notes, and everything that passes between them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import IntegrityError

from quarterhour.core import clock
from quarterhour.core.text import clean
from quarterhour.engines.agenda import cue_at
from quarterhour.engines.attendance import GRACE
from quarterhour.people.models import Person
from quarterhour.sessions import captions, rules
from quarterhour.sessions.models import AttendanceEvent, ChatLine, MentoringSession
from quarterhour.sessions.room import goodbyes, ice, limits, store, threads
from quarterhour.sessions.room.agreeing import Agreeing
from quarterhour.sessions.room.captioning import Captioning
from quarterhour.sessions.room.goodbyes import Leave
from quarterhour.sessions.room.guest import MODES, Guest
from quarterhour.sessions.room.hearing import SOUND, Hearing
from quarterhour.sessions.room.notes import NotesFull, SharedNotes
from quarterhour.sessions.room.store import Happening
from quarterhour.sessions.room.ways import Ways

log = structlog.get_logger(__name__)

SAVE_AFTER = 0.4  # seconds: what is typed within them becomes one row
ABOUT = timedelta(minutes=1)  # two clocks may differ: so long before the ten minutes entries ask already
AGREED = {"longer", "captions", "said"}
SAVE_AGAIN = (1.0, 2.0, 5.0, 10.0)  # seconds between tries while the database is away

Kind = AttendanceEvent.Kind
Note = Callable[[Happening], None]


class Room:
    """The room of one session, in one process. Only coroutines of one event loop touch it."""

    def __init__(self, session: MentoringSession, *, note: Note) -> None:
        """note: takes lines for the attendance log, without waiting."""
        self.session = session
        self.guests: list[Guest] = []
        self.notes = SharedNotes()
        self.more = Agreeing(lambda message: self.tell(message, inside=True))
        self.captions = Captioning(lambda message: self.tell(message, inside=True))
        self.hearing = Hearing(self.captions)
        self.ways = Ways(self.guests)
        self._note = note
        self._lines = 0
        self._typed = asyncio.Event()
        self._saving = asyncio.Lock()
        self._saver: asyncio.Task[None] | None = None

    # --- opening and closing -----------------------------------------------------------------------

    async def open(self) -> None:
        """Read the notes as they were kept."""
        self.notes = SharedNotes(await threads.run(store.notes_updates, self.session))
        self._lines = await threads.run(store.count_lines, self.session)
        self.captions.begin(await threads.run(captions.count, self.session))
        self._saver = asyncio.create_task(self._save_what_is_typed())

    async def close(self) -> None:
        """Keep what is not kept yet, before anything else is waited for. Raises whatever the database says."""
        self.hearing.close()
        try:
            await self.save()
        finally:
            await self.ways.close()
        if self._saver is not None:
            self._saver.cancel()
        try:
            await threads.run(store.squash_notes, self.session, clock.now())
        except Exception as error:  # noqa: BLE001 - many rows say the same as one
            log.warning("notes_not_squashed", error=type(error).__name__)

    # --- coming and going --------------------------------------------------------------------------

    async def welcome(self, guest: Guest) -> None:
        """A tab opened the lobby or the room. Older tabs of one person make way once there are too many."""
        self.ways.follow(guest.visit.session)
        await self.ways.ready()
        lines = await threads.run(store.chat_lines, self.session)
        theirs = [g for g in self.guests if g.person_id == guest.person_id and not g.inside]
        for spare in theirs[: max(0, len(theirs) - limits.TABS + 1)]:
            spare.leave(goodbyes.REPLACED)
        self.guests.append(guest)  # nothing is waited for until they have the lines: what is said now comes after them
        self.note(guest, Kind.WAITING)
        now = clock.now()
        guest.send(
            {
                "t": "welcome",
                "connection": str(guest.id),
                "now": _ms(now),
                **self.times(),
                "ice": ice.servers(person_key=str(guest.person_id), now=now),
                "relay": ice.has_relay(),
                "way": self.ways.way,
                "chat": [_line(line, line.person) for line in lines],
                "longer": str(self.more.offered_by or ""),
            }
        )
        self.tell_presence()

    async def enter(self, guest: Guest, mode: str, tab: str) -> None:
        """From the lobby into the room. The newest tab of a person has the call.

        tab: the page's own name for itself, the same after a lost line; a reload has another.
        Raises Leave if whoever waited has just ended it, or as many others are inside as it holds.
        """
        guest.mode = mode if mode in MODES else "video"
        guest.tab = tab[:64]
        if guest.inside:
            self.tell_presence()
            return
        full = self.ways.why_full(len(self.present - {guest.person_id}))
        if full is not None:
            raise Leave(full)
        happening = self._happening(guest, Kind.JOINED)
        if not await self._comes(happening):
            raise Leave(goodbyes.MISSED)
        if guest not in self.guests:  # gone meanwhile
            self.note(guest, Kind.LEFT)
            return
        for older in list(self.guests):
            if older is not guest and older.person_id == guest.person_id and older.inside:
                self._remove(older)
                older.leave(goodbyes.REPLACED)
        guest.inside = True
        guest.noted_at = time.monotonic()
        self.ways.tell()
        self.captions.follow(self.present)
        guest.send(self.notes.question())
        guest.send({"t": "captions", **self.captions.told()})
        self.tell_presence()

    @property
    def present(self) -> set[UUID]:
        """Who is inside."""
        return {guest.person_id for guest in self.guests if guest.inside}

    async def _comes(self, happening: Happening | None) -> bool:
        """Write down that somebody came in. Of those who come late the database says whether they still may."""
        if happening is None:
            return True
        if happening.at >= self.session.starts_at + GRACE - ABOUT:
            try:
                return await threads.run(store.arrive, happening)
            except Exception as error:  # noqa: BLE001 - where nothing can be written nothing was ended either
                log.warning("late_entry_not_asked", error=type(error).__name__)
        self._note(happening)
        return True

    def farewell(self, guest: Guest, *, silent_for: float = 0, meant: bool = False) -> None:
        """The tab is gone, for whatever reason. silent_for: seconds since we last heard of it.

        meant: the person pressed Leave. Any other loss may be a reload, so the other side waits a moment.
        """
        if guest in self.guests:
            self._remove(guest, silent_for)
            self.tell_presence(left=str(guest.person_id) if meant else "")

    def _remove(self, guest: Guest, silent_for: float = 0) -> None:
        self.guests.remove(guest)
        self.note(guest, Kind.LEFT, ago=silent_for)
        self.ways.gone(guest)
        if guest.inside:
            guest.inside = False
            self._typed.set()

    def note(self, guest: Guest, kind: str, *, ago: float = 0) -> None:
        """A line for the attendance log. ago: seconds since it happened."""
        happening = self._happening(guest, kind, ago=ago)
        if happening is not None:
            self._note(happening)

    def _happening(self, guest: Guest, kind: str, *, ago: float = 0) -> Happening | None:
        """None for somebody who comes along: the log is of the two, and the verdict made of it as well."""
        if guest.visit.along:
            return None
        session, at = self.session, clock.now() - timedelta(seconds=ago)
        return Happening(session.org_id, session.pk, guest.person_id, guest.id, kind, at)

    # --- telling everybody -------------------------------------------------------------------------

    def tell(self, message: dict[str, object] | bytes, *, but: Guest | None = None, inside: bool = False) -> None:
        for guest in list(self.guests):
            if guest is not but and (guest.inside or not inside):
                guest.send(message)

    def tell_presence(self, *, left: str = "") -> None:
        """Who is here. left: the person who has just gone and said so."""
        self.tell({"t": "presence", "people": [guest.presence() for guest in self.guests], "left": left})

    def times(self) -> dict[str, object]:
        """The hours of the room in milliseconds since 1970."""
        return {
            "starts": _ms(self.session.starts_at),
            "ends": _ms(self.session.ends_at),
            "closes": _ms(rules.lobby_closes(self.session)),
            "cue": cue_at(self.session.minutes),
        }

    def moved(self, session: MentoringSession) -> None:
        """The session as the database has it now; whoever is here hears of new times."""
        before, self.session = self.times(), session
        self.ways.follow(session)
        if self.times() != before:
            self.more.offered_by = None
            self.tell({"t": "times", **self.times()})

    # --- what guests say ---------------------------------------------------------------------------

    async def hear(self, guest: Guest, message: str | bytes) -> None:
        """Take one frame. Raises Leave if it is too large, too fast, or no message of ours."""
        guest.heard_at = time.monotonic()
        size = len(message)
        if size > (limits.NOTES_BYTES if isinstance(message, bytes) else limits.TEXT_BYTES):
            raise Leave(goodbyes.TOO_LARGE)
        if not guest.frames.spend() or not guest.bytes.spend(size):
            raise Leave(goodbyes.TOO_FAST)
        if isinstance(message, bytes):
            self._hear_bytes(guest, message)
            return
        try:
            said = json.loads(message)
            kind = said["t"]
            if not isinstance(kind, str):
                raise TypeError("The kind of a message is a word.")  # noqa: TRY301 - read like the rest
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Leave(goodbyes.UNREADABLE) from error
        if kind == "chat":
            await self._hear_chat(guest, said)
        elif kind == "enter":
            await self.enter(guest, str(said.get("mode", "")), str(said.get("tab", "")))
        elif guest.inside and kind in AGREED:
            await self._hear_agreed(guest, kind, said)
        elif kind in {"signal", "forward"}:
            self.ways.hear(guest, kind, said, size)
        else:
            self._hear_small(guest, kind, said)

    def _hear_bytes(self, guest: Guest, message: bytes) -> None:
        if message[:1] != SOUND:
            self._hear_notes(guest, message)
        elif not self._is_alone(guest):  # nobody agreed to be written down behind the other's back
            self.hearing.hear(guest, message, self.session)

    def _hear_notes(self, guest: Guest, message: bytes) -> None:
        if not guest.inside:
            raise Leave(goodbyes.UNREADABLE)
        guest.notes_heard += 1
        try:
            answer, for_others = self.notes.hear(message)
        except NotesFull:
            guest.send({"t": "full", "told": "The notes are full. What you add now stays on this device only."})
            return
        if answer is not None:
            guest.send(answer)
        if for_others is not None:
            self.tell(for_others, but=guest, inside=True)
            self._typed.set()
        elif answer is None and self.notes.all_saved and not self._saving.locked():
            # Whoever came back may hold words we had already: they hear that these are safe.
            guest.send({"t": "saved", "at": _ms(clock.now()), "heard": guest.notes_heard})

    async def _hear_agreed(self, guest: Guest, kind: str, said: dict) -> None:
        """What takes a yes: of everybody inside for captions, with what they hear; of the two for more time."""
        if kind == "said":
            if not self._is_alone(guest):  # nobody agreed to be written down behind the other's back
                await self.captions.say(guest, said, self.session)
        elif not guest.lines.spend():
            return
        elif kind == "captions":
            await self.captions.hear(guest, said.get("answer"), self.session, present=self.present)
        elif not guest.visit.along:
            await self._hear_longer(guest, said.get("answer"))

    async def _hear_longer(self, guest: Guest, answer: object) -> None:
        other = self.session.mentee_id if guest.visit.mentors else self.session.mentor_id
        longer = await self.more.hear(guest, answer, self.session, alone=other not in self.present)
        if longer is not None and self.session.sequence < longer.sequence:
            self.moved(longer)  # news says the same, only later

    def _is_alone(self, guest: Guest) -> bool:
        return self.present <= {guest.person_id}

    async def _hear_chat(self, guest: Guest, said: dict) -> None:
        try:
            key, raw = UUID(said["key"]), said["text"]
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise Leave(goodbyes.UNREADABLE) from error
        if not isinstance(raw, str):
            raise Leave(goodbyes.UNREADABLE)
        refused = self._why_no_chat(guest, raw)
        if refused:
            guest.send({"t": "unsaid", "key": str(key), "told": refused})
            return
        try:
            line, new = await threads.run(store.add_line, self.session, guest.person_id, key, clean(raw), clock.now())
        except Exception as error:  # noqa: BLE001 - whatever it was, the writer keeps the words and can send again
            log.warning("chat_not_kept", error=type(error).__name__)
            guest.send({"t": "unsaid", "key": str(key), "told": "That could not be kept just now. Send it again."})
            return
        self._lines += new
        # Who waits in the lobby hears it too: their list of lines is as old as their coming.
        self.tell({"t": "chat", "key": str(key), "line": _line(line, guest.visit.person)})

    def _why_no_chat(self, guest: Guest, text: str) -> str:
        if not guest.inside:
            return "Go in first, then write."
        if len(text) > limits.CHAT_CHARACTERS:
            return f"That is {len(text):,} characters long. Send up to {limits.CHAT_CHARACTERS:,} at once."
        if not clean(text):
            return "There was nothing to send."
        if self._lines >= limits.CHAT_LINES:
            return "This chat is full. Write into the notes instead."
        if not guest.lines.spend():
            return "That was a lot at once. Wait a few seconds and send it again."
        return ""

    def _hear_small(self, guest: Guest, kind: str, said: dict) -> None:
        if kind == "ping":
            guest.send({"t": "pong", "asked": said.get("asked"), "now": _ms(clock.now())})
        elif kind == "state":
            guest.mode = said["mode"] if said.get("mode") in MODES else guest.mode
            guest.showing = {name: bool(said.get(name)) for name in ("mic", "camera", "screen")}
            self.tell_presence()
            self.ways.shows(guest)
        elif kind == "leave":
            self.farewell(guest, meant=True)
            raise Leave(goodbyes.LEFT)
        elif kind == "media" and guest.inside and guest.reports.spend():
            self.note(guest, Kind.MEDIA_CONNECTED if said.get("connected") else Kind.MEDIA_FAILED)
        elif kind not in {"beat", "media"}:
            raise Leave(goodbyes.UNREADABLE)

    # --- keeping the notes -------------------------------------------------------------------------

    async def save(self) -> None:
        """Append what was typed since the last time. Raises what the database raises; nothing is lost then."""
        async with self._saving:
            update = self.notes.unsaved()
            if update is None:
                return
            now = clock.now()
            heard = [(guest, guest.notes_heard) for guest in self.guests]
            try:
                await threads.run(store.keep_notes, self.session, update, self.notes.text, now)
            except IntegrityError:
                log.warning("notes_of_an_erased_session")
                return
            except BaseException:
                self.notes.put_back(update)
                raise
        for guest, frames in heard:
            guest.send({"t": "saved", "at": _ms(now), "heard": frames})

    async def _save_what_is_typed(self) -> None:
        tries = 0
        while True:
            await self._typed.wait()
            self._typed.clear()
            await asyncio.sleep(SAVE_AFTER)
            try:
                await self.save()
                tries = 0
            except Exception as error:  # noqa: BLE001 - the notes live on in memory and are tried again
                log.warning("notes_not_kept", error=type(error).__name__, tries=tries)
                self._typed.set()
                await asyncio.sleep(SAVE_AGAIN[min(tries, len(SAVE_AGAIN) - 1)])
                tries += 1


def _line(line: ChatLine, by: Person) -> dict[str, object]:
    who = {"person": str(line.person_id), "first": by.first_name}
    return {"id": str(line.pk), **who, "text": line.text, "at": _ms(line.at)}


def _ms(moment) -> int:
    return int(moment.timestamp() * 1000)
