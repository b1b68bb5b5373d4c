"""Webhooks: what is sent to an address of a person's own, signed so that the receiver knows it is from here.

The headers and the signature are those of the Standard Webhooks, which libraries in many languages check.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

PREFIX = "whsec_"


def new_secret() -> str:
    """A secret of 256 bits, shown to its owner and known to nobody else."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed(body: bytes, *, key: str, secret: str, now: datetime) -> dict[str, str]:
    """The headers of a delivery. key: the same for every try of the same news, so that a copy can be told.

    >>> from datetime import UTC
    >>> told = signed(b"{}", key="a", secret="whsec_c2VjcmV0", now=datetime(2026, 11, 26, tzinfo=UTC))
    >>> told["webhook-timestamp"], told["webhook-signature"]
    ('1795651200', 'v1,F4dCUust0mqV1lZ47v/SRE9vlCd8+04i6hn7EReJVrI=')
    """
    at = str(int(now.timestamp()))
    raw = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(raw, f"{key}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": key,
        "webhook-timestamp": at,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }
