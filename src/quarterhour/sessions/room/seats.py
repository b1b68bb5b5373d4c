"""One person's connections to the server that hands on: one that sends, and one for each other who is heard.

Browsers never speak to that server. What they say to us is read, looked at and said to it in our own words: the
description of a connection, a way to it, and that it begins anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from quarterhour.sessions.room import goodbyes
from quarterhour.sessions.room.goodbyes import Leave
from quarterhour.sessions.room.guest import Guest
from quarterhour.sessions.room.limits import Bucket

WAITING = 256  # messages of one browser that are not heeded yet
MOST_NUMBER = 1_000_000
PLACES = 2  # in one offer: a page has one for sound and one for its picture
TYPES = ("offer", "answer")


@dataclass(frozen=True, slots=True)
class Word:
    """What a browser says about one of its connections.

    to: the connection of whoever is heard, "" for the one that sends. number: which dial of that connection it is.
    """

    to: str
    number: int
    description: dict[str, str] | None = None
    candidate: dict[str, Any] | None = None
    again: bool = False
    look: bool = False  # our own: somebody wants pictures now, or does not any more

    @property
    def dials(self) -> bool:
        """Whether it begins or mends a connection, which is work for the server."""
        return self.again or (self.description or {}).get("type") == "offer"


@dataclass(slots=True)
class Want:
    """Somebody who is to be heard. handle: Janus' place for it, once there is one; offered: the browser knows of it."""

    number: int
    handle: int | None = None
    offered: bool = False
    pictures: bool = True
    mids: tuple[str, ...] = ()  # the places of pictures in the description


@dataclass(eq=False)
class Seat:
    """What the server holds for one tab. number, handle, coming, feed: of the connection that sends.

    coming: what its feed will be called once the connection stands.
    """

    guest: Guest
    number: int = -1
    handle: int | None = None
    coming: int | None = None
    feed: int | None = None
    wants: dict[str, Want] = field(default_factory=dict)
    worker: asyncio.Task[None] | None = None
    looks: set[str] = field(default_factory=set)  # of whom our own word to look waits already

    def __post_init__(self) -> None:
        self.waiting: asyncio.Queue[Word] = asyncio.Queue(WAITING)
        self.dials = Bucket(rate=1, burst=80)
        self.sends = Bucket(rate=0.25, burst=20)  # each makes every other page dial anew, which is theirs to spend

    @property
    def connection(self) -> str:
        return str(self.guest.id)

    @property
    def handles(self) -> list[int]:
        """All places at Janus that are this person's."""
        theirs = [self.handle, *(want.handle for want in self.wants.values())]
        return [handle for handle in theirs if handle is not None]

    def take(self, word: Word) -> None:
        """Queue it. Raises Leave from a browser that says more than can be heeded."""
        offers = word.to == "" and word.description is not None
        if (word.dials and not self.dials.spend()) or (offers and not self.sends.spend()):
            raise Leave(goodbyes.TOO_FAST)
        try:
            self.waiting.put_nowait(word)
        except asyncio.QueueFull as error:
            raise Leave(goodbyes.TOO_FAST) from error

    def look(self, of: str) -> None:
        """Our own word to look again at what they want to see of somebody; one that waits already is enough."""
        if of not in self.looks and not self.waiting.full():
            self.looks.add(of)
            self.waiting.put_nowait(Word(of, self.wants[of].number, look=True))

    def say(self, of: str, number: int, data: Mapping[str, object]) -> None:
        """To the browser, about its connection `of`."""
        self.guest.send({"t": "forward", "from": of, "n": number, "data": data})

    def wants_pictures_of(self, other: Guest) -> bool:
        """Whoever comes by sound only is sent no picture; a shared screen is another matter."""
        return self.guest.mode == "video" or bool(other.showing.get("screen"))


def read(said: dict[str, Any]) -> Word:
    """A browser's message. Raises Leave if it is none."""
    to, number, data = said.get("to"), said.get("n"), said.get("data")
    if not isinstance(to, str) or not isinstance(number, int) or not isinstance(data, dict):
        raise Leave(goodbyes.UNREADABLE)
    if not 0 <= number <= MOST_NUMBER:
        raise Leave(goodbyes.UNREADABLE)
    if data.get("again") is True:
        return Word(to, number, again=True)
    if "description" in data:
        return Word(to, number, description=_description(data["description"]))
    if "candidate" in data:
        return Word(to, number, candidate=_candidate(data["candidate"]))
    raise Leave(goodbyes.UNREADABLE)


def _description(given: object) -> dict[str, str]:
    if not isinstance(given, dict) or given.get("type") not in TYPES or not isinstance(given.get("sdp"), str):
        raise Leave(goodbyes.UNREADABLE)
    sdp = _readable(given["sdp"])
    if given["type"] == "offer" and f"\n{sdp}".count("\nm=") > PLACES:
        raise Leave(goodbyes.UNREADABLE)
    return {"type": given["type"], "sdp": sdp}


def _candidate(given: object) -> dict[str, Any]:
    """One way, or the word that there are no more of them."""
    if given is None or (isinstance(given, dict) and given.get("candidate") == ""):
        return {"completed": True}
    if not isinstance(given, dict) or not isinstance(given.get("candidate"), str):
        raise Leave(goodbyes.UNREADABLE)
    mid, index = given.get("sdpMid"), given.get("sdpMLineIndex")
    if not isinstance(mid, str | None) or not isinstance(index, int | None):
        raise Leave(goodbyes.UNREADABLE)
    return {"candidate": _readable(given["candidate"]), "sdpMid": _readable(mid or ""), "sdpMLineIndex": index or 0}


def _readable(text: str) -> str:
    """Janus' reader of JSON gives up at a zero byte and at half a letter, and answers nobody in particular."""
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Leave(goodbyes.UNREADABLE)
    return text
