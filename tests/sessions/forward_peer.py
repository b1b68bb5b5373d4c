"""Somebody in a forwarded room who is no browser: aiortc and a web socket, in a loop of its own thread."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from contextlib import suppress

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, VideoStreamTrack
from av import VideoFrame
from tests.sessions.room_server import SITE
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from quarterhour.core import clock
from quarterhour.sessions.room import tickets


class Small(VideoStreamTrack):
    """A small picture, ten times a second: all peers share this machine."""

    async def recv(self) -> VideoFrame:
        pts, base = await self.next_timestamp()
        await asyncio.sleep(0.07)
        frame = VideoFrame(160, 120)
        frame.pts, frame.time_base = pts, base
        return frame


class Peers:
    """The loop they live in."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.all: list[Peer] = []

    def run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def come(self, server, session, person, *, inside: bool = True) -> Peer:
        ticket = tickets.make(person=person, session_id=session.pk, now=clock.now())
        peer = Peer(self, person)
        self.all.append(peer)
        self.run(peer.open(f"ws://127.0.0.1:{server.port}/room/{session.pk}", ticket, inside=inside))
        return peer

    def close(self) -> None:
        for peer in self.all:
            with suppress(Exception):
                self.run(peer.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)


class Peer:
    """One person: what their page would say and hear."""

    def __init__(self, peers: Peers, person) -> None:
        self.peers, self.person, self.said = peers, person, []
        self.sending = None
        self.hearing: dict[str, RTCPeerConnection] = {}
        self.numbers: dict[str, int] = {}
        self.frames: dict[tuple[str, str], int] = {}
        self._dials = 0
        self._tasks = set()

    # --- in the loop -------------------------------------------------------------------------------

    async def open(self, url: str, ticket: str, *, inside: bool) -> None:
        self.socket = await connect(url, origin=SITE, max_size=None)
        await self.socket.send(json.dumps({"t": "hello", "ticket": ticket}))
        self._keep(self._listen())
        self.welcome = await self._wait("welcome")
        if inside:
            await self._say(t="enter", mode="video", tab=str(self.person.pk))
            await self._wait("captions")

    async def _wait(self, kind: str) -> dict:
        give_up = time.monotonic() + 5
        while time.monotonic() < give_up:
            if found := next((m for m in self.said if m["t"] == kind), None):
                return found
            await asyncio.sleep(0.01)
        raise AssertionError(f"no {kind} among {[m['t'] for m in self.said]}")

    async def _say(self, **message) -> None:
        await self.socket.send(json.dumps(message))

    async def _listen(self) -> None:
        with suppress(ConnectionClosed):
            async for frame in self.socket:
                if isinstance(frame, bytes):
                    continue
                message = json.loads(frame)
                self.said.append(message)
                if message["t"] == "forward":
                    await self._forwarded(message["from"], message["n"], message["data"])
                elif message["t"] == "beat":
                    await self._say(t="beat")

    async def _forwarded(self, of: str, number: int, data: dict) -> None:
        if number != self.numbers.get(of) or "description" not in data:
            return
        description = RTCSessionDescription(data["description"]["sdp"], data["description"]["type"])
        if of == "":
            await self.sending.setRemoteDescription(description)
            return
        pc = self.hearing[of]
        pc.on("track", lambda track: self._keep(self._count(of, track)))
        await pc.setRemoteDescription(description)
        await pc.setLocalDescription(await pc.createAnswer())
        answer = {"type": "answer", "sdp": pc.localDescription.sdp}
        await self._say(t="forward", to=of, n=number, data={"description": answer})

    async def _count(self, of: str, track) -> None:
        with suppress(MediaStreamError):
            while True:
                await track.recv()
                self.frames[of, track.kind] = self.frames.get((of, track.kind), 0) + 1

    async def _send(self) -> None:
        if self.sending is not None:
            await self.sending.close()
        self.sending = pc = RTCPeerConnection()
        for track in (AudioStreamTrack(), Small()):
            pc.addTrack(track)
        await pc.setLocalDescription(await pc.createOffer())
        self.numbers[""] = self._dials = self._dials + 1
        offer = {"type": "offer", "sdp": pc.localDescription.sdp}
        await self._say(t="forward", to="", n=self._dials, data={"description": offer})

    async def _hear(self, of: str) -> None:
        if of in self.hearing:
            await self.hearing[of].close()
        self.hearing[of] = RTCPeerConnection()
        self.numbers[of] = self._dials = self._dials + 1
        await self._say(t="forward", to=of, n=self._dials, data={"again": True})

    def _keep(self, work) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        await self.socket.close()
        for pc in [self.sending, *self.hearing.values()]:
            if pc is not None:
                await pc.close()

    # --- from a test -------------------------------------------------------------------------------

    @property
    def connection(self) -> str:
        return self.welcome["connection"]

    def say(self, **message) -> None:
        self.peers.run(self._say(**message))

    def sends(self) -> Peer:
        self.peers.run(self._send())
        return self

    def hears(self, *others: Peer) -> Peer:
        for other in others:
            self.peers.run(self._hear(other.connection))
        return self

    def told(self, kind: str, *, within: float = 5, **fits) -> dict:
        """The next message of that kind which says so; what was said before it is let go."""
        give_up = time.monotonic() + within
        while True:
            for at, message in enumerate(list(self.said)):
                if message["t"] == kind and fits.items() <= message.items():
                    del self.said[: at + 1]
                    return message
            assert time.monotonic() < give_up, f"no {kind} {fits} among {self.said[-5:]}"
            time.sleep(0.01)

    def counted(self, of: Peer, kind: str = "video") -> int:
        return self.frames.get((of.connection, kind), 0)

    def gets(self, of: Peer, *, within: float = 10) -> None:
        """Pictures and sound of theirs arrive from now on."""
        before = [self.counted(of, kind) for kind in ("video", "audio")]
        give_up = time.monotonic() + within
        while not all(self.counted(of, kind) > had + 2 for kind, had in zip(("video", "audio"), before, strict=True)):
            assert time.monotonic() < give_up, f"{self.person.called} has {self.frames} of {of.person.called}"
            time.sleep(0.02)

    def gets_nothing(self, of: Peer, *, within: float) -> None:
        """Pictures of theirs have stopped: none in half a second."""
        give_up = time.monotonic() + within
        while True:
            before = self.counted(of)
            time.sleep(0.5)
            if self.counted(of) == before:
                return
            assert time.monotonic() < give_up, "pictures still arrive"
