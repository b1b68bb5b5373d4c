"""Time boxes: how a session's minutes are shared between understanding, digging, choosing and promising."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

SHARES = (("context", 8), ("dig", 36), ("options", 32), ("commit", 24))
CUE_MINUTES = 3


@dataclass(frozen=True)
class Box:
    """One stretch of a session. `starts` and `minutes` are whole minutes, from the session's start."""

    name: str
    starts: int
    minutes: int

    @property
    def ends(self) -> int:
        return self.starts + self.minutes


def time_boxes(minutes: int) -> tuple[Box, ...]:
    """The four boxes of a session: context, dig, options, commit, back to back.

    minutes: the session's length, 4 to 480 (each box keeps at least one minute).
    Returns boxes whose minutes are whole and add up to `minutes`.
    Raises ValueError for a length that cannot hold four boxes, or is no session any more.
    Source: the shares 8 : 36 : 32 : 24 are those of the 25-minute session our design was drawn for (2, 9, 8
    and 6 minutes); other lengths are rounded by largest remainders (Hamilton's method, as described in
    M. Balinski and H. P. Young, Fair Representation, 1982), equal remainders to the earlier box.

    >>> [(box.name, box.minutes) for box in time_boxes(25)]
    [('context', 2), ('dig', 9), ('options', 8), ('commit', 6)]
    >>> [box.minutes for box in time_boxes(15)], [box.minutes for box in time_boxes(60)]
    ([1, 5, 5, 4], [5, 22, 19, 14])
    """
    if not len(SHARES) <= minutes <= 480:  # noqa: PLR2004 - a working day
        raise ValueError(f"{minutes} minutes cannot be shared. Give 4 to 480.")
    whole = sum(share for _, share in SHARES)
    exact = [Fraction(minutes * share, whole) for _, share in SHARES]
    given = [max(1, int(part)) for part in exact]
    by_remainder = sorted(range(len(SHARES)), key=lambda i: (given[i] - exact[i], i))
    for short in by_remainder[: max(0, minutes - sum(given))]:
        given[short] += 1
    for _ in range(sum(given) - minutes):  # under 13 minutes the least minute of "context" is taken elsewhere
        given[given.index(max(given))] -= 1
    boxes, start = [], 0
    for (name, _), length in zip(SHARES, given, strict=True):
        boxes.append(Box(name=name, starts=start, minutes=length))
        start += length
    return tuple(boxes)


def box_at(boxes: tuple[Box, ...], seconds: float) -> Box | None:
    """The box that is running `seconds` after the start, or None before the first and after the last.

    >>> box_at(time_boxes(25), 11 * 60).name
    'options'
    """
    for box in boxes:
        if box.starts * 60 <= seconds < box.ends * 60:
            return box
    return None


def cue_at(minutes: int) -> int:
    """When to say "3 minutes: time to commit", in seconds after the start; 0 for a session that short.

    >>> cue_at(25)
    1320
    """
    return max(0, minutes - CUE_MINUTES) * 60
