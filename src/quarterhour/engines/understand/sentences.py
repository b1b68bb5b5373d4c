"""A text as sentences: good enough for titles, quotes and questions, in any script."""

import re
from typing import NamedTuple

__all__ = ["Sentence", "ends", "sentences"]

_END = re.compile(
    r"(?:[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？؟।॥]+[」』）]*|\n+)(?:\s*)",
)
# After these a full stop ends no sentence.
_SHORT = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|etc|vs|dr|mr|mrs|ms|prof|no|nr|st|ca|approx|resp|z\.b|d\.h|bzw|usw|p\.ej|sra?|"
    r"m|mme|ecc|np|tzn|[a-z])\.$",
    re.IGNORECASE,
)


class Sentence(NamedTuple):
    """A sentence and where it stands in its text."""

    text: str
    start: int
    end: int

    @property
    def asks(self) -> bool:
        """Whether it ends as a question does."""
        return self.text.rstrip("\"'”’»)」』） ").endswith(("?", "？", "؟"))


def sentences(text: str) -> list[Sentence]:
    """The sentences of `text` in reading order, without the blanks between them.

    Ends are full stops, question and exclamation marks of any script, and line breaks; "e.g.", "Dr." and
    single initials end nothing, nor does a stop before a small letter unless it asks.

    >>> [one.text for one in sentences("It costs approx. 3.5 million. Too much? e.g. for us")]
    ['It costs approx. 3.5 million.', 'Too much?', 'e.g. for us']
    """
    found = []
    start = 0
    for end in _END.finditer(text):
        mark = end.group().strip()
        if mark.startswith(".") and "…" not in mark:
            upto = text[start : end.start() + 1]
            if _SHORT.search(upto[-12:]):
                continue
        found.append((start, end.end()))
        start = end.end()
    found.append((start, len(text)))
    result = []
    for first, last in found:
        piece = text[first:last]
        bare = piece.strip()
        if bare and any(character.isalnum() for character in bare):
            at = first + len(piece) - len(piece.lstrip())
            result.append(Sentence(bare, at, at + len(bare)))
    return result


def ends(text: str, most: int = 2400) -> str:
    """The beginning and the end of a long text, where people say what they want; all of a shorter one."""
    if len(text) <= most:
        return text
    return f"{text[: most // 2]}\n{text[-(most // 2) :]}"
