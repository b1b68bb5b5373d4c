"""Sound of one's own, written down by the server an operator named, where a browser cannot do it on the device.

It may be the process beside this one (`config/captions`). The address speaks the protocol of OpenAI's audio
transcriptions, as local servers of speech models do. A piece of sound lives in memory until it is answered and is kept
nowhere; what is answered after the captions ended is thrown away.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from ipaddress import ip_network
from uuid import UUID, uuid4

import structlog
from django.conf import settings

from quarterhour.core.errors import QuarterhourError
from quarterhour.core.fetching import FetchFailed, fetch, read_address
from quarterhour.core.text import clean
from quarterhour.sessions.models import MentoringSession
from quarterhour.sessions.room import limits
from quarterhour.sessions.room.captioning import Captioning
from quarterhour.sessions.room.goodbyes import TOO_LARGE, UNREADABLE, Leave
from quarterhour.sessions.room.guest import Guest

log = structlog.get_logger(__name__)

SOUND = b"S"  # the first byte of a frame of sound; those of notes begin with 0 or 1
KINDS = {b"w": ("audio/webm", "webm"), b"o": ("audio/ogg", "ogg"), b"m": ("audio/mp4", "mp4")}  # the second byte
SECONDS = 15.0
A_MOMENT = 1.0  # seconds, for a process of this machine to say that it is there
MOST_BYTES = 100_000  # of an answer
WAITING = 2  # pieces of one person: who speaks faster than it is written down loses some
OK = 200
OWN = (ip_network("127.0.0.1/32"),)  # where the process beside this one listens
# Not the threads of the database: a slow server of speech keeps no notes from being kept.
_threads = ThreadPoolExecutor(4, thread_name_prefix="room-hearing")


def host() -> str:
    """Who else writes down, as people are told it; empty where no operator named anybody, or this service does it."""
    return "" if settings.CAPTIONS_LOCAL or not settings.CAPTIONS_URL else read_address(settings.CAPTIONS_URL).host


def is_here(session: MentoringSession) -> bool:
    """Whether this service writes down itself. It understands English: two who talk in other languages get nothing."""
    return settings.CAPTIONS_LOCAL and (session.need is None or "en" in session.need.languages)


class Hearing:
    """The sound of one room on its way to words. captions: where they go, and whether both want them."""

    def __init__(self, captions: Captioning) -> None:
        self._captions = captions
        self._waiting: dict[UUID, int] = defaultdict(int)
        self._in_turn: dict[UUID, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._tasks: set[asyncio.Task[None]] = set()

    def hear(self, guest: Guest, frame: bytes, session: MentoringSession) -> None:
        """Take a piece of sound from somebody inside, and do not wait. Raises Leave for what is none, or too large."""
        if len(frame) > limits.SOUND_BYTES:
            raise Leave(TOO_LARGE)
        kind, sound = KINDS.get(frame[1:2]), frame[2:]
        if kind is None or not sound or not guest.inside:
            raise Leave(UNREADABLE)
        heard = self._captions.on and settings.CAPTIONS_URL and self._waiting[guest.person_id] < WAITING
        if not heard or not guest.sounds.spend():
            return
        self._waiting[guest.person_id] += 1
        task = asyncio.create_task(self._written(guest, kind, sound, session, self._captions.turn))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _written(self, guest: Guest, kind: tuple[str, str], sound: bytes, session, turn: int) -> None:
        """Ask, in the order in which it was said; nobody hears an answer to what both did not want any more."""
        try:
            async with self._in_turn[guest.person_id]:
                if not self._is_wanted(guest, turn):
                    return
                loop = asyncio.get_running_loop()
                text = await loop.run_in_executor(_threads, words_of, sound, kind)
                if text and self._is_wanted(guest, turn):
                    await self._captions.say(guest, {"key": str(uuid4()), "text": text}, session)
        except QuarterhourError as error:
            log.warning("speech_not_heard", error=type(error).__name__)
            guest.send({"t": "captions", "state": "unheard", "by": str(guest.person_id)})
        finally:
            self._waiting[guest.person_id] -= 1

    def _is_wanted(self, guest: Guest, turn: int) -> bool:
        return self._captions.on and self._captions.turn == turn and guest.inside


def words_of(sound: bytes, kind: tuple[str, str]) -> str:
    """What is said in a piece of sound, as the operator's server understands it. Raises FetchFailed with a sentence."""
    mark = uuid4().hex
    fields = {"model": settings.CAPTIONS_MODEL, "response_format": "json"}
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    mime, ending = kind
    named = f'name="file"; filename="speech.{ending}"\r\nContent-Type: {mime}'
    parts += [f"--{mark}\r\nContent-Disposition: form-data; {named}\r\n\r\n".encode(), sound]
    headers = {"Content-Type": f"multipart/form-data; boundary={mark}", "Accept": "application/json"}
    if settings.CAPTIONS_KEY:
        headers["Authorization"] = f"Bearer {settings.CAPTIONS_KEY}"
    answer = fetch(
        settings.CAPTIONS_URL, method="POST", headers=headers, body=b"".join([*parts, f"\r\n--{mark}--\r\n".encode()]),
        private=True, seconds=SECONDS, most_bytes=MOST_BYTES, allowed=OWN if settings.CAPTIONS_LOCAL else None,
    )  # fmt: skip
    if answer.status != OK:
        raise FetchFailed(f"{answer.address.host} answered with {answer.status} and wrote nothing down.")
    try:
        text = json.loads(answer.body)["text"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise FetchFailed(f"{answer.address.host} gave an answer we cannot read.") from error
    return clean(text)[: limits.SPOKEN_CHARACTERS] if isinstance(text, str) else ""


def ask_own() -> None:
    """Returns once the process beside this one says that it is ready. Raises QuarterhourError if it does not."""
    target = replace(read_address(settings.CAPTIONS_URL), path="/")
    answer = fetch(target, private=True, seconds=A_MOMENT, most_bytes=MOST_BYTES, allowed=OWN)
    if answer.status != OK:
        raise FetchFailed(f"It answered with {answer.status}.")
