"""The days a text names, as places: where each begins and ends."""

from bisect import bisect_left
from collections.abc import Iterable


class Days:
    """Places of named days, asked for by where they begin."""

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._ends = dict(spans)
        self._starts = sorted(self._ends)

    def end_of(self, start: int) -> int | None:
        """Where the day that begins exactly there ends, if one does."""
        return self._ends.get(start)

    def within(self, start: int, end: int) -> list[tuple[int, int]]:
        """The days that begin between two places, in order."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [(at, self._ends[at]) for at in self._starts[first:last]]

    def any_within(self, start: int, end: int) -> bool:
        """Whether a day begins between two places."""
        at = bisect_left(self._starts, start)
        return at < len(self._starts) and self._starts[at] < end
