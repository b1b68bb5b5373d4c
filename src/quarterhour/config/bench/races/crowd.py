"""Browsers without screens, many at once, in a process of their own: `python -m quarterhour.config.bench.races.crowd`.

Reads a line of JSON, `{"port": 8100, "rounds": [asks, ...]}`, and writes one with the answers. In a round everybody
opens their connection first; then all send in the same instant, but for those whose `after` says how many seconds
later. A browser keeps its connection for the next round. An ask is `{"who", "path", "cookie", "form", "find",
"after"}`; an answer is `{"status", "leads_to", "seconds", "found"}`, with seconds from sending to the last byte, and
status 0 for an answer that did not come.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from urllib.parse import urlencode

PATIENCE = 60.0  # seconds
TOKEN = "quarterhourquarterhourquarterhou"  # noqa: S105 - a form's token is whatever the cookie says, and 32 long
LIMIT = 2**22


class Browser:
    """One connection, opened anew where the server closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open(self) -> None:
        if self.line is None or self.line[0].at_eof():
            self.line = await asyncio.open_connection("127.0.0.1", self.port, limit=LIMIT)

    async def ask(self, ask: dict, gate: asyncio.Event) -> dict:
        await gate.wait()
        await asyncio.sleep(ask.get("after", 0))
        begun = time.perf_counter()
        try:
            status, head, body = await asyncio.wait_for(self._exchange(request_of(ask, self.port)), PATIENCE)
        except (OSError, ValueError, asyncio.IncompleteReadError, TimeoutError) as fault:
            self.close()
            return {"status": 0, "leads_to": type(fault).__name__, "seconds": time.perf_counter() - begun, "found": {}}
        lasted = time.perf_counter() - begun
        found = {name: hit[1] for name, like in ask.get("find", {}).items() if (hit := re.search(like, body))}
        return {"status": status, "leads_to": _header(head, "location"), "seconds": lasted, "found": found}

    async def _exchange(self, request: bytes) -> tuple[int, str, str]:
        assert self.line is not None
        reader, writer = self.line
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        body = await reader.readexactly(int(_header(head, "content-length") or 0))
        if _header(head, "connection").lower() == "close":
            self.close()
        return int(head.split(" ", 2)[1]), head, body.decode()

    def close(self) -> None:
        if self.line is not None:
            self.line[1].close()
            self.line = None


def request_of(ask: dict, port: int) -> bytes:
    """The bytes of a request, as a browser sends its form."""
    cookie = f"csrf={TOKEN}; {ask['cookie']}"
    head = [f"Host: localhost:{port}", f"Cookie: {cookie}", "Accept: text/html"]
    if ask.get("form") is None:
        return "\r\n".join([f"GET {ask['path']} HTTP/1.1", *head, "", ""]).encode()
    body = urlencode({"csrfmiddlewaretoken": TOKEN, **ask["form"]})
    head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([f"POST {ask['path']} HTTP/1.1", *head, "", body]).encode()


def _header(head: str, name: str) -> str:
    hit = re.search(rf"^{name}:[ \t]*(.*?)\r$", head, re.MULTILINE | re.IGNORECASE)
    return hit[1] if hit else ""


async def play(port: int, rounds: list[list[dict]]) -> list[list[dict]]:
    browsers: dict[object, Browser] = {}
    answers = []
    try:
        for asks in rounds:
            there = [browsers.setdefault(ask["who"], Browser(port)) for ask in asks]
            await asyncio.gather(*(browser.open() for browser in there))
            gate = asyncio.Event()
            waiting = [asyncio.create_task(one.ask(ask, gate)) for one, ask in zip(there, asks, strict=True)]
            await asyncio.sleep(0.2)  # so that everybody stands at the gate
            gate.set()
            answers.append(list(await asyncio.gather(*waiting)))
    finally:
        for browser in browsers.values():
            browser.close()
    return answers


def main() -> None:
    for told in sys.stdin:
        given = json.loads(told)
        print(json.dumps(asyncio.run(play(given["port"], given["rounds"]))), flush=True)


if __name__ == "__main__":
    main()
