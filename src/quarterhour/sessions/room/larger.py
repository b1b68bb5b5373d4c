"""Rounds of more than four: whether an operator named a server that hands on, for how many, and whether it answers."""

from __future__ import annotations

import asyncio
import secrets

from django.conf import settings

from quarterhour.sessions.room import limits
from quarterhour.sessions.room.janus import Janus, Lost, Refused
from quarterhour.sessions.room.relay import Reached

BIGGEST_KEY = 2**52  # a room of Janus is a whole number that JavaScript can hold as well
COMPANIONS = limits.PEOPLE - 2  # as many come along without such a server
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
UNAUTHORISED = {403, 433}  # the api_secret, and the admin_key of the video rooms
NO_PLUGIN = 460


def is_set_up() -> bool:
    """Whether an operator named a server that hands on."""
    return bool(settings.SFU_URL)


def most_companions() -> int:
    """How many may come along to a session."""
    return settings.COMPANIONS if is_set_up() else COMPANIONS


def is_forwarded(companions: int) -> bool:
    """Whether a session to which so many come along goes by the server."""
    return is_set_up() and companions > COMPANIONS


def ask() -> Reached | None:
    """Open a room at the server and close it again. Seconds at most; never raises. None where there is none."""
    return asyncio.run(_ask()) if is_set_up() else None


async def _ask() -> Reached:
    address = settings.SFU_URL
    try:
        janus = await Janus.dial(lambda *_: None)
    except Lost as lost:
        remedy = "See that Janus runs, and check QUARTERHOUR_SFU_URL: it is the ws_port of its WebSockets."
        return Reached(address, well=False, told=f"cannot be reached ({lost})", remedy=remedy)
    except Refused as refused:
        return Reached(address, well=False, **_why(refused))
    try:
        handle, room = await janus.attach(), secrets.randbelow(BIGGEST_KEY) + 1
        key = settings.SFU_SECRET
        await janus.request(handle, request="create", room=room, secret=key, admin_key=key, is_private=True)
        await janus.request(handle, request="destroy", room=room, secret=key)
    except Lost:
        return Reached(address, well=False, told="stopped answering", remedy="See the log of Janus.")
    except Refused as refused:
        return Reached(address, well=False, **_why(refused))
    finally:
        await janus.close()
    return Reached(address, well=True, told="opened a room for a larger round")


def _why(refused: Refused) -> dict[str, str]:
    if refused.code in UNAUTHORISED:
        remedy = "QUARTERHOUR_SFU_SECRET has to be its api_secret, and the admin_key of its video rooms."
        return {"told": "refused our secret", "remedy": remedy}
    if refused.code == NO_PLUGIN:
        return {"told": "has no video rooms", "remedy": "Do not disable libjanus_videoroom.so in janus.jcfg."}
    return {"told": f"refused us ({refused})", "remedy": "See docs/guide/larger-rounds.md, and the log of Janus."}
