"""How often a piece of advice helped, told only where no single answer can be read out of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from quarterhour.engines.quality import Helped, likely_range

LEAST = 3  # people in a sum
HELPED = 3  # quarters of an hour from which a session counts as one that helped
SURE_WITHIN = 0.5  # a range wider than this says little; one that begins here speaks for it


@dataclass(frozen=True, slots=True)
class Told:
    """`helped` of `of` people it was tried by; nobody is counted (of 0) while there are fewer than three."""

    helped: int
    of: int
    range: Helped | None

    @property
    def early(self) -> bool:
        """Whether it is too early to say more than the count."""
        return self.range is None or self.range.high - self.range.low > SURE_WITHIN

    @property
    def good(self) -> bool:
        """Whether it likely helps more people than not."""
        return self.range is not None and self.range.low >= SURE_WITHIN

    @property
    def low(self) -> int:
        """How many times of 100 it likely helps at least."""
        return round(100 * self.range.low) if self.range else 0

    @property
    def high(self) -> int:
        """The same, at most."""
        return round(100 * self.range.high) if self.range else 100

    def reasons(self, given: Sequence[str]) -> list[str]:
        """For whom it did not: one line each, and none while fewer than three people wrote one. In no order of time."""
        said = [line for line in given if line]
        return sorted(set(said)) if self.of and len(said) >= LEAST else []


def told_of(readers: Sequence[bool], *, in_session: int | None) -> Told:
    """The sum of what readers said and of what the session's own mentee answered.

    in_session: their answer, 0 to 4 quarters, None where there is none. It is never told but within a sum.

    >>> told_of([True, False], in_session=None).of, told_of([True, False], in_session=4).helped
    (0, 2)
    """
    answers = [*readers, *([] if in_session is None else [in_session >= HELPED])]
    if len(answers) < LEAST:
        return Told(0, 0, None)
    return Told(sum(answers), len(answers), likely_range(sum(answers), len(answers)))
