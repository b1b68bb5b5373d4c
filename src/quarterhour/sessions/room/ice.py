"""Which servers help two browsers to find each other."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timedelta
from hashlib import sha1
from hmac import digest

from django.conf import settings

LASTS = timedelta(hours=2)


def servers(*, person_key: str, now: datetime) -> list[dict[str, object]]:
    """The `iceServers` of a browser's RTCPeerConnection.

    STUN servers as they are; TURN servers with a name and password good for two hours, made for this
    person as coturn's `use-auth-secret` expects them: the name is "expiry:person", the password the
    base64 of its HMAC-SHA1 (draft-uberti-behave-turn-rest-00).
    """
    found: list[dict[str, object]] = []
    if settings.STUN:
        found.append({"urls": list(settings.STUN)})
    if settings.TURN and settings.TURN_SECRET:
        name = f"{int((now + LASTS).timestamp())}:{person_key}"
        password = b64encode(digest(settings.TURN_SECRET.encode(), name.encode(), sha1)).decode()
        found.append({"urls": list(settings.TURN), "username": name, "credential": password})
    return found


def has_relay() -> bool:
    """Whether pictures may take the way over a relay where networks allow no other."""
    return bool(settings.TURN and settings.TURN_SECRET)
