"""A browser's side of web push: its keys, and reading what was sealed for it (RFC 8188 and 8291, written again)."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from quarterhour.notifications.webpush import packed, point


@dataclass
class Browser:
    """What a browser makes when somebody lets it hear us."""

    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def keys(self) -> dict[str, str]:
        return {"p256dh": packed(point(self.private.public_key())), "auth": packed(self.secret)}

    def read(self, body: bytes) -> dict:
        """The message, opened with this browser's keys. Raises InvalidTag if it was not for it."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        shared = self.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        info = b"WebPush: info\0" + point(self.private.public_key()) + theirs
        key = hkdf(self.secret, shared, info, 32)
        opened = AESGCM(hkdf(salt, key, b"Content-Encoding: aes128gcm\0", 16)).decrypt(
            hkdf(salt, key, b"Content-Encoding: nonce\0", 12), record, None
        )
        text, delimiter, _ = opened.rpartition(b"\x02")
        assert delimiter
        return json.loads(text)


def hkdf(salt: bytes, key: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 for at most one block."""
    extracted = hmac.digest(salt, key, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)[:length]
