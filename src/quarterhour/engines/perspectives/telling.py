"""Saying in words what the detector saw."""

from quarterhour.engines.perspectives.features import Taken
from quarterhour.engines.perspectives.shapes import Label

__all__ = ["because", "leading_words"]

MOST_WORDS = 4
TAKES_A_SIDE = 0.0
LEANS = 0.4
# The most telling lists first; "how" is told of pieces that take no side.
TELLING = (
    "nope",
    "yes",
    "avoid",
    "stop",
    "keep",
    "hide",
    "tell",
    "later",
    "now",
    "go",
    "first_other",
    "less",
    "more",
    "bad",
    "good",
    "alone",
    "others",
    "get",
)


def leading_words(taken: Taken) -> tuple[str, ...]:
    """The words of a piece that made it lean, at most four."""
    lists = ("how", *TELLING) if taken.side < TAKES_A_SIDE else TELLING
    found = [word for name in lists for word in taken.read.words.get(name, ())]
    kept: list[str] = []
    for word in found:
        if not any(word in other or other in word for other in kept):
            kept.append(word)
    return tuple(kept[:MOST_WORDS])


def because(
    label: Label, one: Taken, other: Taken, words: tuple[tuple[str, ...], tuple[str, ...]], *, sure: bool
) -> str:
    """One sentence. It never says who is right."""
    told = {
        "conflict": _conflict(one, other),
        "agree": "Both seem to recommend the same.",
        "compatible": _compatible(one, other),
        "unrelated": "One of them seems to be about something else.",
    }[label]
    quoted = " and ".join(f"“{', '.join(part)}”" for part in words if part)
    if quoted and label in ("conflict", "agree"):
        told = f"{told[:-1]}: {quoted}."
    return told if sure else f"{told} This is a guess: read both."


def _conflict(one: Taken, other: Taken) -> str:
    if one.lean * other.lean < 0 and min(abs(one.lean), abs(other.lean)) > LEANS:
        return "One seems to speak for it, the other against it."
    return "These two may not be possible together."


def _compatible(one: Taken, other: Taken) -> str:
    if min(one.side, other.side) < TAKES_A_SIDE:
        return "At least one of them says how to go about it, whichever way is chosen."
    return "They say different things, and both can probably be followed."
