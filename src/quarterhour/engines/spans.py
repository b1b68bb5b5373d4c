"""Stretches of time and what one does with them: join, take away, share.

Everything is half-open, `[start, end)`: what ends at ten and what starts at ten do not meet. The three verbs
exist twice: `merged`, `without` and `shared` for pairs of whatever can be compared (the engines count in
seconds), `union`, `subtract` and `intersect` for spans of aware datetimes.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypeAlias, TypeVar

Edge = TypeVar("Edge", int, datetime)
Pair: TypeAlias = tuple[int, int]


class Span(NamedTuple):
    """From `start` up to, but not including, `end`; both aware, UTC throughout the engines."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def holds(self, instant: datetime) -> bool:
        """Whether `instant` lies in this span; its end does not."""
        return self.start <= instant < self.end

    def meets(self, other: tuple[datetime, datetime]) -> bool:
        """Whether the two have any time in common; touching is not meeting, an empty span meets nothing."""
        return max(self.start, other[0]) < min(self.end, other[1])


def merged(pairs: Iterable[tuple[Edge, Edge]]) -> list[tuple[Edge, Edge]]:
    """The same time in as few pairs as possible, in order; what touches is joined.

    Empty and inverted pairs are dropped. Takes n log n steps for n pairs.

    >>> merged([(9, 10), (13, 15), (10, 12), (14, 14), (14, 16)])
    [(9, 12), (13, 16)]
    """
    result: list[tuple[Edge, Edge]] = []
    for start, end in sorted(pairs):
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            if end > result[-1][1]:
                result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result


def without(pairs: Sequence[tuple[Edge, Edge]], holes: Sequence[tuple[Edge, Edge]]) -> list[tuple[Edge, Edge]]:
    """What is left of `pairs` when `holes` are taken away; both as `merged` returns them.

    >>> without([(9, 12), (13, 16)], [(8, 10), (11, 14)])
    [(10, 11), (14, 16)]
    """
    result: list[tuple[Edge, Edge]] = []
    at, count = 0, len(holes)
    for start, end in pairs:
        while at < count and holes[at][1] <= start:
            at += 1
        left, hole = start, at
        while hole < count and holes[hole][0] < end:
            if left < holes[hole][0]:
                result.append((left, holes[hole][0]))
            left = holes[hole][1]
            hole += 1
        if left < end:
            result.append((left, end))
    return result


def shared(one: Sequence[tuple[Edge, Edge]], other: Sequence[tuple[Edge, Edge]]) -> list[tuple[Edge, Edge]]:
    """The time that is in both; both as `merged` returns them.

    >>> shared([(9, 12), (13, 16)], [(11, 14), (15, 20)])
    [(11, 12), (13, 14), (15, 16)]
    """
    return list(_shared(one, other))


def _shared(one: Sequence[tuple[Edge, Edge]], other: Sequence[tuple[Edge, Edge]]) -> Iterator[tuple[Edge, Edge]]:
    left = right = 0
    while left < len(one) and right < len(other):
        start = max(one[left][0], other[right][0])
        end = min(one[left][1], other[right][1])
        if start < end:
            yield start, end
        if one[left][1] < other[right][1]:
            left += 1
        else:
            right += 1


def union(*families: Iterable[tuple[datetime, datetime]]) -> list[Span]:
    """All time that is in any of the families, joined and in order. Aware datetimes in one zone, best UTC."""
    return [Span(*pair) for pair in merged(pair for family in families for pair in family)]


def subtract(spans: Iterable[tuple[datetime, datetime]], holes: Iterable[tuple[datetime, datetime]]) -> list[Span]:
    """The time of `spans` that is in none of `holes`, joined and in order. Any order, overlaps welcome."""
    return [Span(*pair) for pair in without(merged(spans), merged(holes))]


def intersect(one: Iterable[tuple[datetime, datetime]], other: Iterable[tuple[datetime, datetime]]) -> list[Span]:
    """The time that is in both, joined and in order. Any order, overlaps welcome."""
    return [Span(*pair) for pair in _shared(merged(one), merged(other))]
