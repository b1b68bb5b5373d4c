"""How much one browser may send."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

NOTES_BYTES = 256 * 1024
SIGNAL_BYTES = 64 * 1024
SOUND_BYTES = 200 * 1000
TEXT_BYTES = 96 * 1024
CHAT_CHARACTERS = 10_000
DOCUMENT_BYTES = 2 * 1024 * 1024
CHAT_LINES = 1_000
SPOKEN_CHARACTERS = 2_000
SPOKEN_LINES = 3_000
TABS = 6
PEOPLE = 4
GUESTS = 2_000
STRANGERS = 500
QUEUE = 512


@dataclass
class Bucket:
    """Tokens that come back with time: `burst` at once, `rate` a second in the long run."""

    rate: float
    burst: float
    tokens: float = field(init=False)
    filled_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = self.burst
        self.filled_at = time.monotonic()

    def spend(self, amount: float = 1.0) -> bool:
        """Take tokens. False if there are not enough; then nothing is taken."""
        now = time.monotonic()
        self.tokens = min(self.burst, self.tokens + (now - self.filled_at) * self.rate)
        self.filled_at = now
        if self.tokens < amount:
            return False
        self.tokens -= amount
        return True
