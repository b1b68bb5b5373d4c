"""The days a text names, and the questions an action may put to them."""

import re
from bisect import bisect_left
from datetime import date

from quarterhour.engines.dates import Found, fold
from quarterhour.engines.takeaway.days import Days

ONLY_A_DATE = re.compile(
    r"[\W_]*(?:(?:so|and|due|latest|deadline|too|also|then|please|i\.e|make it|make that|both|all|each|"
    r"everything|let's|say|"
    r"actually|sorry|no|rather|better|until|till|for|on|by|ok|yes|is|moved to|instead|correction|edit|"
    r"update)\b[\W_]*)*"
)
FIRST_PART = 6


class Calendar:
    """The days a text names, and the questions an action may put to them."""

    def __init__(self, text: str, found: list[Found], held_on: date) -> None:
        self.text, self.folded = text, fold(text)
        self.held_on = held_on
        self.found = [each for each in found if each.date >= held_on]
        self._starts = [each.span[0] for each in self.found]
        self._over = Days(each.span for each in found if each.date < held_on)

    def between(self, start: int, end: int) -> list[Found]:
        """The days named there that are not over."""
        at = bisect_left(self._starts, start)
        inside = []
        while at < len(self.found) and self.found[at].span[0] < end:
            inside.append(self.found[at])
            at += 1
        return inside

    def only_a_date(self, start: int, end: int) -> bool:
        """Whether nothing stands there but a day and words like "latest" or "both"."""
        named = self.between(start, end)
        rest = list(self.text[start:end])
        for found in named:
            first, last = max(start, found.span[0]), min(end, found.span[1])
            rest[first - start : last - start] = " " * (last - first)
        return bool(named) and ONLY_A_DATE.fullmatch(fold("".join(rest))) is not None

    def leading(self, start: int, end: int) -> date | None:
        """The day a line opens with, as a title for all of it ("By Friday: T asks, H sends")."""
        named = self.between(start, min(end, start + FIRST_PART))
        if named and re.match(r"[)\]*_ ]{0,3}:", self.text[named[0].span[1] : named[0].span[1] + 6]):
            return named[0].date
        return None

    def over(self, start: int, end: int) -> bool:
        """Whether a day that is over is named there."""
        return self._over.any_within(start, end)

    def before(self, at: int, *, later_than: date | None = None) -> date | None:
        """The last day named ahead of that place."""
        for each in reversed(self.found[max(0, bisect_left(self._starts, at) - 20) : bisect_left(self._starts, at)]):
            if later_than is None or each.date > later_than:
                return each.date
        return None
