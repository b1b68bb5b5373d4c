"""The shared notes: a Yjs document in memory, and the two kinds of message that keep copies of it alike."""

from __future__ import annotations

from collections.abc import Iterable

from pycrdt import (
    Doc,
    Text,
    YMessageType,
    YSyncMessageType,
    create_sync_message,
    create_update_message,
    handle_sync_message,
    merge_updates,
)

from quarterhour.sessions.room.goodbyes import UNREADABLE, Leave
from quarterhour.sessions.room.limits import DOCUMENT_BYTES

EMPTY = b"\x00\x00"


class NotesFull(Exception):
    """The document has grown to its limit; the update was not taken."""


class SharedNotes:
    """One document with one text, "notes". Nothing here waits, asks a database, or knows a socket."""

    def __init__(self, updates: Iterable[bytes] = ()) -> None:
        """updates: what was kept, in any order."""
        self._doc: Doc = Doc()
        self._text = self._doc.get("notes", type=Text)
        kept = list(updates)
        if kept:
            # Merged first: pycrdt 0.14 may lose updates that are applied before those they build on.
            self._doc.apply_update(_one(kept))
        self._news: list[bytes] = []
        self._unsaved: list[bytes] = []
        self._watching = self._doc.observe(lambda event: self._news.append(event.update))
        self._size = len(self._doc.get_update())

    @property
    def text(self) -> str:
        return str(self._text)

    def question(self) -> bytes:
        """The message that asks a newcomer for whatever we have not seen."""
        return create_sync_message(self._doc)

    def hear(self, message: bytes) -> tuple[bytes | None, bytes | None]:
        """Take a binary message of the y-protocols sync protocol.

        Returns the answer for its sender, and the message for everybody else; either may be None.
        Raises Leave with UNREADABLE, and NotesFull if the document would pass 2 MB.
        """
        if len(message) < 3 or message[0] != YMessageType.SYNC or message[1] > YSyncMessageType.SYNC_UPDATE:  # noqa: PLR2004
            raise Leave(UNREADABLE)
        try:
            length = believable_length(message[2:])
            if message[1] != YSyncMessageType.SYNC_STEP1:
                self._make_room(length)
            answer = handle_sync_message(message[1:], self._doc)
        except (ValueError, RuntimeError) as error:
            raise Leave(UNREADABLE) from error
        news, self._news = [update for update in self._news if update != EMPTY], []
        if not news:
            return answer, None
        self._unsaved += news
        return answer, create_update_message(_one(news))

    def unsaved(self) -> bytes | None:
        """What is not on disk yet, as one update; from now on it counts as saved."""
        waiting, self._unsaved = self._unsaved, []
        return _one(waiting) if waiting else None

    def put_back(self, update: bytes) -> None:
        """Saving did not work: the update waits again, in front."""
        self._unsaved.insert(0, update)

    @property
    def all_saved(self) -> bool:
        return not self._unsaved

    def _make_room(self, length: int) -> None:
        if self._size + length > DOCUMENT_BYTES:
            self._size = len(self._doc.get_update())
        if self._size + length > DOCUMENT_BYTES:
            raise NotesFull
        self._size += length


def _one(updates: list[bytes]) -> bytes:
    return updates[0] if len(updates) == 1 else merge_updates(*updates)


def believable_length(data: bytes) -> int:
    """How long the payload behind its length prefix is.

    Raises ValueError if the prefix does not fit what follows, or if the payload claims more clients than it has
    bytes: the decoder would set memory aside for all of them before it reads the first.
    """
    length, start = _number(data)
    if start + length != len(data):
        raise ValueError("The length does not fit.")
    if length and _number(data[start:])[0] > length:
        raise ValueError("More clients than bytes.")
    return length


def _number(data: bytes) -> tuple[int, int]:
    """The variable-length number at the front (seven bits a byte, five bytes at most), and where it ends."""
    value = 0
    for place, byte in enumerate(data[:5]):
        value |= (byte & 127) << (7 * place)
        if byte < 128:  # noqa: PLR2004 - the highest bit says that more follows
            return value, place + 1
    raise ValueError("This number does not end.")
