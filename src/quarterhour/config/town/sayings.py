"""Questions people ask, with what they heard and what they went home to do; and how one of them is said.

The files are made to be written by hand: a heading for each key, blocks between empty lines, and one letter
in front of each line.

    # leading
    ?practise First one-to-one with somebody who {wanted my job|trained me}. What do I say?
    = the insight        > the advice        : when it applies        ! an action, any number of them

`{this|that}` is a choice. `@pt` after the kind means that all of it is in Portuguese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

_CHOICE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Saying:
    """One question and what came of it. `key`: the area it belongs to, or the mentor who was asked."""

    key: str
    kind: str
    question: str
    language: str = "en"
    insight: str = ""
    advice: str = ""
    applies_when: str = ""
    actions: tuple[str, ...] = field(default_factory=tuple)


def sayings(text: str) -> list[Saying]:
    """Every block of a file, in order. Raises ValueError, naming the block, if it cannot be read."""
    return [_saying(key, block) for key, block in _blocks(text)]


def spoken(text: str, rng: Random) -> str:
    """One way to say it.

    >>> spoken("{Two|Two} of us", Random(1))
    'Two of us'
    """
    return _CHOICE.sub(lambda found: rng.choice(found.group(1).split("|")), text)


def ways(text: str) -> int:
    """In how many ways it can be said.

    >>> ways("{Two|Three} of {us|you|them}")
    6
    """
    count = 1
    for found in _CHOICE.finditer(text):
        count *= len(found.group(1).split("|"))
    return count


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    key, block = "", []
    for line in [*text.splitlines(), ""]:
        if line.strip() and not line.startswith("# "):
            block.append(line)
            continue
        if block:
            yield key, block
            block = []
        if line.startswith("# "):
            key = line[2:].strip()


def _saying(key: str, block: list[str]) -> Saying:
    parts: dict[str, list[str]] = {mark: [] for mark in "?=>:!"}
    for line in block:
        if line[0] not in parts:
            raise ValueError(f'"{line}" under "{key}" begins with none of ? = > : !')
        parts[line[0]].append(line[1:].strip())
    if len(parts["?"]) != 1 or not parts[">"]:
        raise ValueError(f'A block under "{key}" needs one question and its advice: {block[0]}')
    kind, _, question = parts["?"][0].partition(" ")
    language = "en"
    if question.startswith("@"):
        language, _, question = question[1:].partition(" ")
    return Saying(
        key=key,
        kind=kind,
        question=question,
        language=language,
        insight=" ".join(parts["="]),
        advice=" ".join(parts[">"]),
        applies_when=" ".join(parts[":"]),
        actions=tuple(parts["!"]),
    )
