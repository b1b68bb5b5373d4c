"""Who is named in notes as speaking: "Amara: ...", "[Leila] ...", "- Tomasz (mentor): ..."."""

import re

from quarterhour.engines.knowledge import lists

MOST_LINES, MOST_NAMES = 4_000, 40
_LABEL = re.compile(
    r"^[\s\-*•>\[(]*(?P<name>[^\W\d_][\w'’.\-]*(?:\s[^\W\d_][\w'’.\-]*){0,3})\s*(?:\([^)\n]{0,30}\)\s*)?[\])]?\s*[:–—]\s"
)
_NO_NAMES = lists.NO_SPEAKERS


def speakers(notes: str) -> list[str]:
    r"""The names before a colon or a dash at the beginning of a line, each once, in reading order.

    >>> speakers("Amara: wait\n- Tomasz Wilk: by Friday\nTODO: ask\nso it goes")
    ['Amara', 'Tomasz Wilk']
    """
    found: dict[str, None] = {}
    for line in notes.splitlines()[:MOST_LINES]:
        match = _LABEL.match(line[:120] + " ")
        if match and match["name"][0].isupper() and match["name"].split()[0].strip(".").lower() not in _NO_NAMES:
            found.setdefault(match["name"].strip())
    return list(found)[:MOST_NAMES]
