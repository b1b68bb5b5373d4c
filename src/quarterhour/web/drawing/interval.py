"""What we know about quality, and how sure we are, as a band and a sentence."""

from __future__ import annotations

from dataclasses import dataclass

ENOUGH = 5  # below this many answers we say that it is too early


@dataclass(frozen=True, slots=True)
class Interval:
    """low, mid, high: percentages along the track; without a mid nobody has answered, and nothing is drawn.
    count and rest: the sentence in two parts, the first of them bold. label: the same for ears.
    """

    low: str
    mid: str
    high: str
    count: str
    rest: str
    label: str


def interval(helped: int, of: int, low: float, high: float, *, on: str = "") -> Interval:
    """A band from `low` to `high` with the share seen so far.

    helped, of: how many of how many said it helped.
    low, high: shares from 0.0 to 1.0, the ends of the interval; 0.0 and 1.0 when nothing is known.
    on: what it is about, "this topic".
    Raises ValueError if the numbers cannot be true.

    >>> told = interval(14, 16, 0.64, 0.97, on="this topic")
    >>> told.count + told.rest
    'Mentees say it helped 14 times of 16 on this topic. Allowing for luck, at least 6 in 10.'
    """
    if not 0 <= helped <= of or not 0 <= low <= high <= 1:
        raise ValueError(f"{helped} of {of}, between {low} and {high}, cannot be.")
    ends = f"Allowing for luck, {low * 100:.0f} to {high * 100:.0f} times of 100."
    if of == 0:
        return Interval(
            _percent(low),
            "",
            _percent(high),
            "Nobody has said yet",
            " whether it helped.",
            "Nobody has said yet.",
        )
    tenths = int(low * 10 + 1e-9)
    sure = f"Allowing for luck, at least {tenths} in 10." if of >= ENOUGH and tenths else "Too early to be sure."
    count = f"Mentees say it helped {helped} time{'' if helped == 1 else 's'} of {of}"
    rest = f" on {on}. {sure}" if on else f". {sure}"
    return Interval(_percent(low), _percent(helped / of), _percent(high), count, rest, f"{count}. {ends}")


def _percent(share: float) -> str:
    return f"{share * 100:.0f}%"
