"""Text as it comes from outside: cleaned once, at the border."""

from __future__ import annotations

import re
import unicodedata

MOST = 10_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})  # spaces, joiners, marks of direction
_EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters by name, drawn as nothing


def clean(text: str) -> str:
    """Text a database and a page can hold: no control characters, no lone surrogates, NFC, trimmed.

    Line breaks become newlines; right-to-left marks and joiners stay, they belong to the writing. Where nothing of
    it can be seen, nothing was said: "".
    """
    told = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    told = unicodedata.normalize("NFC", told).strip()
    return told if any(map(_is_seen, told)) else ""


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter) not in _UNSEEN and letter not in _EMPTY
