"""A web socket as a browser holds one (RFC 6455), on asyncio's streams: as little as a crowd needs."""

from __future__ import annotations

import asyncio
import os
from base64 import b64encode

TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9
LIMIT = 2**22
SHORT, LONG = 126, 65_536  # from so many bytes on a frame's length takes two, or eight


class Hung(ConnectionError):
    """The other side closed the socket, or never opened it."""


class Socket:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int, path: str, *, origin: str) -> Socket:
        """Raises Hung if the server does not switch to web sockets."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=LIMIT)
        head = [
            f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Origin: {origin}", "Upgrade: websocket",
            "Connection: Upgrade", "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {b64encode(os.urandom(16)).decode()}", "", "",
        ]  # fmt: skip
        writer.write("\r\n".join(head).encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in answer.split(b"\r\n", 1)[0]:
            raise Hung(answer.decode("latin-1"))
        return cls(reader, writer)

    def send(self, message: str | bytes) -> None:
        """Never waits: a crowd's messages are small."""
        self._frame(TEXT if isinstance(message, str) else BINARY, message)

    async def hear(self) -> str | bytes:
        """The next message. Raises Hung when there will be none."""
        while True:
            try:
                kind, body = await self._read()
            except (OSError, asyncio.IncompleteReadError) as error:
                raise Hung from error
            if kind == CLOSE:
                raise Hung(f"closed with {int.from_bytes(body[:2])}")
            if kind == PING:
                self._frame(10, body)
            elif kind in {TEXT, BINARY}:
                return body.decode() if kind == TEXT else body

    def close(self) -> None:
        self._writer.close()

    async def _read(self) -> tuple[int, bytes]:
        first, length = await self._reader.readexactly(2)
        if length >= SHORT:
            length = int.from_bytes(await self._reader.readexactly(2 if length == SHORT else 8))
        return first & 15, await self._reader.readexactly(length)

    def _frame(self, kind: int, message: str | bytes) -> None:
        body = message.encode() if isinstance(message, str) else message
        size = len(body)
        if size < SHORT:
            told = bytes([128 | kind, 128 | size])
        elif size < LONG:
            told = bytes([128 | kind, 128 | SHORT]) + size.to_bytes(2)
        else:
            told = bytes([128 | kind, 255]) + size.to_bytes(8)
        mask = os.urandom(4)
        cover = mask * (size // 4 + 1)
        masked = int.from_bytes(body) ^ int.from_bytes(cover[:size])
        self._writer.write(told + mask + masked.to_bytes(size))
