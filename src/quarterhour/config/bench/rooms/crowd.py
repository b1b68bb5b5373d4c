"""Two browsers without screens for each room, in a process of their own:
`python -m quarterhour.config.bench.rooms.crowd`.

Reads one line of JSON, `{"port", "origin", "coming", "lasts", "pairs": [{"session", "tickets": [one, other]}, ...]}`.
Writes a line as soon as everybody is inside, waits for one, lets them signal for so many seconds, writes what they
measured, and hangs up when its input ends. All times are seconds from sending a message to hearing it on the other
side, on the one clock of this process.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from uuid import uuid4

from pycrdt import Doc, Text, create_update_message

from quarterhour.config.bench.rooms.sockets import Hung, Socket

PATIENCE = 60.0  # seconds
OFFER = "v=0 " * 750  # what a browser says first is about three thousand letters long
CANDIDATE = "candidate:1 1 udp 2122260223 192.0.2.7 50000 typ host generation 0 ufrag aaaa network-id 1 " * 2
NOTES = "What is behind it, and what was tried. " * 25
SIGNAL_EVERY = 1.0  # seconds
CHAT_EVERY = 10  # signals


class Tab:
    """One side of a room."""

    def __init__(self, socket: Socket, took: dict[str, list[float]]) -> None:
        self.socket, self.took = socket, took
        self.connection = self.other = ""
        self.sent = 0
        self.inside = asyncio.Event()
        self.listening: asyncio.Task[None] | None = None
        self.said: dict[str, float] = {}

    @classmethod
    async def come(cls, given: dict, pair: dict, side: int, took: dict[str, list[float]]) -> Tab:
        begun = time.perf_counter()
        socket = await Socket.open(given["port"], f"/room/{pair['session']}", origin=given["origin"])
        tab = cls(socket, took)
        tab.say(t="hello", ticket=pair["tickets"][side])
        tab.listening = asyncio.create_task(tab.listen())
        async with asyncio.timeout(PATIENCE):
            await tab.inside.wait()
        took["in"].append(time.perf_counter() - begun)
        return tab

    def say(self, **message: object) -> None:
        self.socket.send(json.dumps(message))

    async def listen(self) -> None:
        try:
            while True:
                message = await self.socket.hear()
                if isinstance(message, str):
                    self.hear(json.loads(message))
        except Hung:
            self.took["lost"].append(0.0)

    def hear(self, message: dict) -> None:
        now, kind = time.perf_counter(), message["t"]
        if kind == "signal":
            self.took["signal"].append(now - message["data"]["at"])
        elif kind == "chat" and message["key"] in self.said:
            self.took["chat"].append(now - self.said.pop(message["key"]))
        elif kind == "welcome":
            self.connection = message["connection"]
            self.say(t="enter", mode="video", tab=self.connection)
        elif kind == "presence":
            there = [each["connection"] for each in message["people"] if each["place"] == "room"]
            if self.connection in there:
                self.inside.set()
            self.other = next((each for each in there if each != self.connection), "")
        elif kind == "beat":
            self.say(t="beat")

    def write_notes(self) -> None:
        doc = Doc()
        doc.get("notes", type=Text).insert(0, NOTES)
        self.socket.send(create_update_message(doc.get_update()))

    async def talk(self, number: int, *, of: int, until: float) -> None:
        """An offer first, then what a browser finds, and a line of chat now and then; all evenly over the seconds."""
        await asyncio.sleep(SIGNAL_EVERY * number / of)
        while (now := time.perf_counter()) < until:
            self.say(t="signal", to=self.other, data={"at": now, "words": CANDIDATE if self.sent else OFFER})
            self.sent += 1
            if (number + self.sent) % CHAT_EVERY == 1:
                key = str(uuid4())
                self.said[key] = now
                self.say(t="chat", key=key, text="The letter is here: https://town.example/lead.pdf")
            await asyncio.sleep(SIGNAL_EVERY)


async def play(given: dict) -> None:
    took: dict[str, list[float]] = {"in": [], "signal": [], "chat": [], "lost": []}
    pairs = given["pairs"]
    coming = []
    for n, pair in enumerate(pairs):
        coming += [asyncio.create_task(Tab.come(given, pair, side, took)) for side in (0, 1)]
        await asyncio.sleep(given["coming"] / len(pairs) if n + 1 < len(pairs) else 0)
    tabs = await asyncio.gather(*coming)
    for tab in tabs[::2]:
        tab.write_notes()
    _tell({"inside": len(tabs)})
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.readline)
    until = time.perf_counter() + given["lasts"]
    await asyncio.gather(*(tab.talk(n, of=len(tabs), until=until) for n, tab in enumerate(tabs)))
    await asyncio.sleep(1.0)  # what is still on its way
    _tell({"took": took, "sent": sum(tab.sent for tab in tabs), "unsaid": sum(len(tab.said) for tab in tabs)})
    await loop.run_in_executor(None, sys.stdin.readline)
    for tab in tabs:
        if tab.listening is not None:
            tab.listening.cancel()
        tab.socket.close()


def _tell(message: dict) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    asyncio.run(play(json.loads(sys.stdin.readline())))
