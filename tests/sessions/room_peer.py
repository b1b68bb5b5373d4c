"""Somebody in the room who is no browser: aiortc on our protocol, as `python room_peer.py SOCKET TICKET ORIGIN`.

It comes in by picture, takes the first offer, sends a green picture and silence, and writes a line of JSON for every
ten pictures and sounds that it decoded.
"""

from __future__ import annotations

import asyncio
import json
import sys

from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, VideoStreamTrack
from aiortc.sdp import candidate_from_sdp
from websockets.asyncio.client import connect


async def count(track) -> None:
    seen = 0
    while True:
        try:
            frame = await track.recv()
        except MediaStreamError:
            return
        seen += 1
        if seen % 10 == 0:
            size = [frame.width, frame.height] if track.kind == "video" else [frame.sample_rate]
            print(json.dumps({"kind": track.kind, "seen": seen, "size": size}), flush=True)


async def heed(pc: RTCPeerConnection, data: dict) -> dict | None:
    """Take a signal; the answer to an offer is returned."""
    if candidate := data.get("candidate"):
        if candidate["candidate"]:
            found = candidate_from_sdp(candidate["candidate"].removeprefix("candidate:"))
            found.sdpMid, found.sdpMLineIndex = candidate["sdpMid"], candidate["sdpMLineIndex"]
            await pc.addIceCandidate(found)
        return None
    offer = data.get("description")
    if not offer or offer["type"] != "offer":
        return None
    await pc.setRemoteDescription(RTCSessionDescription(offer["sdp"], offer["type"]))
    if not any(sender.track for sender in pc.getSenders()):
        for track in (AudioStreamTrack(), VideoStreamTrack()):
            pc.addTrack(track)
    await pc.setLocalDescription(await pc.createAnswer())
    return {"description": {"type": "answer", "sdp": pc.localDescription.sdp}}


async def meet(address: str, ticket: str, origin: str) -> None:
    pc, counting = RTCPeerConnection(), set()
    pc.on("track", lambda track: counting.add(asyncio.ensure_future(count(track))))
    async with connect(address, origin=origin) as socket:
        await socket.send(json.dumps({"t": "hello", "ticket": ticket}))
        async for frame in socket:
            if isinstance(frame, bytes):
                continue
            said = json.loads(frame)
            if said["t"] == "welcome":
                await socket.send(json.dumps({"t": "enter", "mode": "video", "tab": "aiortc"}))
                await socket.send(json.dumps({"t": "state", "mode": "video", "mic": True, "camera": True}))
            elif said["t"] == "beat":
                await socket.send(json.dumps({"t": "beat"}))
            elif said["t"] == "signal" and (answer := await heed(pc, said["data"])):
                await socket.send(json.dumps({"t": "signal", "to": said["from"], "data": answer}))


if __name__ == "__main__":
    asyncio.run(meet(*sys.argv[1:]))
