"""Reading what is decided: a question with two ways, or a claim that one is for or against."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["Asked", "asked", "plain_options", "ways"]

TWO = 2
MOST = 600  # characters of a question that are read
SHOULD = re.compile(
    r"^(?:(?:so|and|but|well|hi|hello)[, ]+)*"
    r"(?:should|shall|can|could|must|may|do|does|would|will|ought|is it (?:worth|right|wise|time)|do you think)\b"
    r"(?: (?:i|we|he|she|they|you|one|it|my \w+|our \w+(?: \w+)?|the \w+))?(?: (?:should|really|now|to|for me))* ",
    re.IGNORECASE,
)
ASKS = re.compile(
    r"^(?:should|shall|can|could|must|may|do|does|is|are|would|will|how|what|when|where|which|who|why|whether)\b",
    re.IGNORECASE,
)
QUESTION = re.compile(r"[^.!?]+\?")
EITHER = re.compile(r",? or (?:rather |should i |should we |to |just )?", re.IGNORECASE)
NO_WAY = ("not", "no", "wait")
LETTER = re.compile(r"^([A-F1-6])[.):]?\s+(?=\S)")
OURS = ((r"\bmy\b", "your"), (r"\bour\b", "your"), (r"\bI\b", "you"), (r"\bme\b", "you"), (r"\bmyself\b", "yourself"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision, read.

    kind: "yes" (do it or not), "either" (one of two), "claim" (a sentence one is for or against).
    first, second: the two ways in words; second of "yes" is "Do not ...", of "claim" empty.
    """

    text: str
    kind: Literal["yes", "either", "claim"]
    first: str
    second: str


def asked(decision: str, options: Sequence[str] = ()) -> Asked:
    """Read a decision. options: as listed; of two, the first is what leaning forward means.

    >>> asked("Should I sell my boat?")
    Asked(text='Should I sell my boat?', kind='yes', first='Sell your boat.', second='Do not sell your boat.')
    >>> asked("Should we build it or buy one?").second
    'Buy one'
    >>> asked("I am 41, with two children. Should I sell my boat? It leaks.").first
    'Sell your boat.'
    >>> asked("Trade is better than aid").kind
    'claim'
    """
    text = " ".join(decision[:MOST].split())
    listed = plain_options(options)
    if len(listed) == TWO:
        return Asked(text, "either" if EITHER.search(text) else "yes", listed[0], listed[1])
    found, deed = _deed(text)
    if not (found or QUESTION.search(text) or listed or ASKS.match(text)):
        return Asked(text, "claim", text, "")
    for mine, yours in OURS:
        deed = re.sub(mine, yours, deed)
    parts = EITHER.split(deed)
    if found and _are_two(parts):
        return Asked(text, "either", _capital(parts[0]), _capital(parts[1]))
    deed = parts[0] if found else deed
    return Asked(text, "yes", _capital(deed) + ".", f"Do not {deed[:1].lower()}{deed[1:]}.")


def ways(decision: str) -> tuple[str, ...]:
    """The two ways a question names, in the words of whoever asks; none where it does not name two.

    >>> ways("I cook in my cousin's place. Should I open my own restaurant, or buy a part of it?")
    ('Open my own restaurant', 'Buy a part of it')
    >>> ways("Should I sell my boat?"), ways("Should I sign or not?")
    ((), ())
    """
    found, deed = _deed(" ".join(decision[:MOST].split()))
    parts = EITHER.split(deed)
    return (_capital(parts[0]), _capital(parts[1])) if found and _are_two(parts) else ()


def _deed(text: str) -> tuple[bool, str]:
    """Whether it is asked if something should be done, and what: the first such question, or the whole text."""
    questions = [sentence.strip() for sentence in QUESTION.findall(text)]
    asks = next((question for question in questions if SHOULD.match(question)), text)
    found = SHOULD.match(asks)
    return found is not None, (asks[found.end() :] if found else asks).rstrip("?!. ")


def _are_two(parts: Sequence[str]) -> bool:
    return len(parts) == TWO and all(part.strip() for part in parts) and parts[1].lower() not in NO_WAY


def plain_options(options: Sequence[str]) -> list[str]:
    """Options without the letters or numbers they are listed by.

    >>> plain_options(["A Buy it", "B Rent"]), plain_options(["A boat", "A bike"])
    (['Buy it', 'Rent'], ['A boat', 'A bike'])
    """
    listed = [" ".join(option[:MOST].split()) for option in options]
    marks = [LETTER.match(option) for option in listed]
    if len(listed) > 1 and "".join(mark.group(1) if mark else " " for mark in marks) in (
        "ABCDEF"[: len(listed)],
        "123456"[: len(listed)],
    ):
        return [LETTER.sub("", option) for option in listed]
    return listed


def _capital(words: str) -> str:
    words = words.strip()
    return words[:1].upper() + words[1:]
