"""A message to one browser: sealed for it alone (RFC 8291), and signed so that its push service knows us (RFC 8292).

Built on `cryptography`, which is here anyway; docs/decisions/0009-web-push-without-a-library.md says why.
"""

from __future__ import annotations

import base64
import json
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CURVE = ec.SECP256R1()
RECORD = 4096  # bytes of the one record; RFC 8291 lets a push service refuse more
MOST = RECORD - 16 - 1 - 86  # bytes of text that fit beside the tag, the delimiter and the header
SALT, AUTH = 16, 16
TOKEN_LASTS = timedelta(hours=12)


class BadKeys(ValueError):
    """What a browser gave as its keys are none."""


def sealed(
    message: bytes,
    *,
    p256dh: str,
    auth: str,
    salt: bytes | None = None,
    ours: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """`message` as only the browser with these keys can read it, in the encoding aes128gcm.

    p256dh, auth: the keys of the subscription, base64 for addresses. salt and ours are made anew unless given.
    Raises BadKeys if they are no keys, ValueError if the message is longer than MOST bytes.
    """
    if len(message) > MOST:
        raise ValueError(f"A push message has room for {MOST} bytes, this one has {len(message)}.")
    theirs, secret = keys_from(p256dh, auth)
    salt, ours = salt or secrets.token_bytes(SALT), ours or ec.generate_private_key(CURVE)
    shared, mine = ours.exchange(ec.ECDH(), theirs), point(ours.public_key())
    key = _derived(shared, salt=secret, info=b"WebPush: info\0" + point(theirs) + mine, length=32)
    content_key = _derived(key, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _derived(key, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    header = salt + RECORD.to_bytes(4, "big") + bytes([len(mine)]) + mine
    return header + AESGCM(content_key).encrypt(nonce, message + b"\x02", None)


def keys_from(p256dh: str, auth: str) -> tuple[ec.EllipticCurvePublicKey, bytes]:
    """A browser's public key and its secret. Raises BadKeys."""
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unpacked(p256dh))
        secret = unpacked(auth)
    except ValueError as error:
        raise BadKeys("These are no keys of a browser.") from error
    if len(secret) != AUTH:
        raise BadKeys("These are no keys of a browser.")
    return theirs, secret


def authorization(endpoint: str, *, private: ec.EllipticCurvePrivateKey, contact: str, now: datetime) -> str:
    """The header by which the push service at `endpoint` knows who sends. contact: `mailto:` or `https:`."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": round((now + TOKEN_LASTS).timestamp()),
        "sub": contact,
    }
    head = packed(json.dumps({"typ": "JWT", "alg": "ES256"}).encode())
    signed = f"{head}.{packed(json.dumps(claims).encode())}"
    r, s = decode_dss_signature(private.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    token = f"{signed}.{packed(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
    return f"vapid t={token}, k={packed(point(private.public_key()))}"


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as the 65 bytes browsers use."""
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def packed(raw: bytes) -> str:
    """Base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unpacked(text: str) -> bytes:
    """Raises ValueError for what is no base64 for addresses."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _derived(key: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(key)
