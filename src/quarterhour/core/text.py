"""Text as it comes from outside: cleaned once, at the border."""

from __future__ import annotations

import re
import unicodedata

MOST = 10_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean(text: str) -> str:
    """Text a database and a page can hold: no control characters, no lone surrogates, NFC, trimmed.

    Line breaks become newlines; right-to-left marks and joiners stay, they belong to the writing.
    """
    told = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", told).strip()
