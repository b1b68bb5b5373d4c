"""Small secrets at rest: a copy of the database, or a log of failed jobs, opens nothing."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Unreadable(Exception):
    """It was sealed by another installation, or before its secret was changed."""


def seal(purpose: str, secret: str) -> str:
    """The secret, readable to this installation alone and for this purpose alone."""
    return _box(purpose).encrypt(secret.encode()).decode()


def unseal(purpose: str, sealed: str) -> str:
    """Raises Unreadable if `seal` did not make it here."""
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable(purpose) from error


def _box(purpose: str) -> Fernet:
    key = hashlib.sha256(f"quarterhour {purpose} {settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
