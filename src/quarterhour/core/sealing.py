"""Secrets of other places, kept so that neither a copy of the database nor a backup opens them."""

from __future__ import annotations

import base64
import hashlib
import json

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from quarterhour.core.errors import QuarterhourError


class Sealed(QuarterhourError):
    """What was sealed cannot be opened: the key of this installation is another one by now."""

    status = 409


def seal(what: object, *, purpose: str) -> str:
    """Text that only this installation can open, and only for the same purpose. what: whatever JSON can hold."""
    return _box(purpose).encrypt(json.dumps(what).encode()).decode()


def unseal(sealed: str, *, purpose: str) -> object:
    """What was sealed. Raises Sealed."""
    try:
        return json.loads(_box(purpose).decrypt(sealed.encode()))
    except (InvalidToken, ValueError) as error:
        told = "The key of this site has changed since this was kept, so it cannot be opened. Type it once more."
        raise Sealed(told) from error


def _box(purpose: str) -> Fernet:
    key = hashlib.sha256(f"quarterhour {purpose} {settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
