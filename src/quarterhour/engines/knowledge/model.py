"""What cleaning a text found, and what stands there now."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "name", "organisation", "place", "team", "product", "link", "mail", "handle", "number", "street", "money", "day",
    "year", "code", "word", "script", "disguise",
]  # fmt: skip

# What a reader finds instead. All of it small, plain and free of figures, so that cleaning again changes nothing.
INSTEAD: dict[Kind, str] = {
    "name": "somebody",
    "organisation": "their company",
    "place": "a place",
    "team": "a team",
    "product": "a product",
    "link": "a link",
    "mail": "an address",
    "handle": "somebody",
    "number": "a number",
    "street": "an address",
    "money": "a sum of money",
    "day": "a certain day",
    "year": "a certain year",
    "code": "something",
    "word": "something",
    "script": "something",
    "disguise": "something",
}


Rules = tuple[tuple[Kind, re.Pattern[str]], ...]


def rules(rows: Iterable[tuple[Kind, str]]) -> Rules:
    """Patterns ready to be looked for, whatever the case."""
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in rows)


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of the text at hand that may not stay. sure: no doubt about it, so nobody may put it back."""

    start: int
    end: int
    kind: Kind
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken out: text[start:end] as it was given, its kind, and the words that stand there now."""

    start: int
    end: int
    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """What may identify somebody, or may not: taken out as well, until the author says that it may stay.

    said: the words in doubt, as they are given to `clean(keep=...)` to let them stay.
    """

    start: int
    end: int
    kind: Kind
    words: str
    said: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The text as it may be shown, and what was taken out of it. Places are those in the text as it was given."""

    text: str
    removed: tuple[Removed, ...] = ()
    doubts: tuple[Doubt, ...] = ()
