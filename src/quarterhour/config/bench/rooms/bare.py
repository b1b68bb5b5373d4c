"""A process that passes on what two sockets say to each other, and nothing else: what a machine gives at most."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from itertools import count

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

_rooms: dict[str, dict[str, WebSocket]] = defaultdict(dict)
_names = count(1)


async def serve(socket: WebSocket) -> None:
    await socket.accept()
    there, name = _rooms[socket.path_params["session"]], str(next(_names))
    with suppress(WebSocketDisconnect):
        await socket.receive()  # the ticket: everybody is let in
        there[name] = socket
        await socket.send_json({"t": "welcome", "connection": name})
        while True:
            frame = await socket.receive()
            if frame["type"] == "websocket.disconnect":
                break
            text = frame.get("text") or ""
            if text.startswith('{"t": "enter"'):
                people = [{"connection": each, "place": "room"} for each in there]
                for each in list(there.values()):
                    await each.send_json({"t": "presence", "people": people})
            elif text.startswith('{"t": "signal"'):
                for other, line in list(there.items()):
                    if other != name:
                        await line.send_text(text)
    there.pop(name, None)


async def ready(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok\n")


application = Starlette(routes=[WebSocketRoute("/room/{session}", serve), Route("/readyz", ready)])
