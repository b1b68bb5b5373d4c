"""Figures with what they likely are, one below the other on a common scale: which of them surely differ."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from quarterhour.web.drawing.svg import element, picture, words

LEFT, WIDE, ROW, TOP = 104, 240, 30, 4
AIR = 0.06  # of the scale is left free at both ends


def whiskers(rows: Sequence[tuple[str, float, float, float]], *, label: str, shares: bool = False) -> str:
    """A dot for each figure, a line from where to where it likely lies, and an upright line at nought.

    rows: (name of at most fifteen letters, figure, low, high). label: the sentence a reader should take away.
    shares: figures are shares of a whole, told as they are; otherwise they are more or less than nought.
    Raises ValueError without rows, or where a figure does not lie within its ends.
    """
    if not rows or not all(isfinite(low + high) and low <= figure <= high for _name, figure, low, high in rows):
        raise ValueError("Each figure has to lie between its two ends.")
    least, most = min(0.0, *(row[2] for row in rows)), max(0.0, *(row[3] for row in rows))
    wide = (most - least) or 1.0

    def across(value: float) -> float:
        return LEFT + WIDE * (AIR + (1 - 2 * AIR) * (value - least) / wide)

    high = TOP + ROW * len(rows)
    shapes = [element("line", class_="axis", x1=across(0), x2=across(0), y1=TOP, y2=high)]
    for number, (name, figure, low, top) in enumerate(rows):
        y = TOP + ROW * number + ROW / 2
        shapes += [
            element("text", words(name), x=0, y=y + 4),
            element("line", class_="line", x1=across(low), x2=across(top), y1=y, y2=y),
            element("circle", class_="bar-ink", cx=across(figure), cy=y, r=4),
            element(
                "text",
                words(f"{figure:.2f}" if shares else f"{figure:+.1f}"),
                class_="value",
                x=LEFT + WIDE + 8,
                y=y + 4,
            ),
        ]
    return picture("chart", f"0 0 {LEFT + WIDE + 56} {high + TOP}", *shapes, label=label)
