"""UUID version 7: keys that sort by the time they were made, and tell nobody how many there are."""

from __future__ import annotations

import secrets
import threading
import time
import uuid
from datetime import UTC, datetime

_lock = threading.Lock()
_last = 0
SET_BACK = 10_000 * 4096  # ten seconds, in the 4096ths of a millisecond that a key counts


def uuid7() -> uuid.UUID:
    """A new UUIDv7, larger than every one this process made before.

    Layout of RFC 9562, section 5.7: 48 bits of milliseconds, then (method 3 of section 6.2)
    12 bits of the millisecond's fraction, then 62 random bits. If the clock was set back by more than
    ten seconds, the order begins anew from there: keys tell a true time rather than a wrong future.
    """
    global _last  # noqa: PLW0603 - one counter a process is what makes the keys monotonic
    with _lock:
        stamp = time.time_ns() * 4096 // 1_000_000
        if _last - stamp < SET_BACK:
            stamp = max(stamp, _last + 1)
        _last = stamp
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | secrets.randbits(62)
    return uuid.UUID(int=value)


def made_at(key: uuid.UUID) -> datetime | None:
    """When a UUIDv7 was made, to the millisecond, in UTC; None for a key of another kind."""
    return datetime.fromtimestamp((key.int >> 80) / 1000, UTC) if key.version == 7 else None  # noqa: PLR2004
