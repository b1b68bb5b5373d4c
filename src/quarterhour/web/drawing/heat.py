"""A small heat map as a picture, for the margin of a page; a large one is a real table."""

from __future__ import annotations

from collections.abc import Sequence

from quarterhour.web.drawing.svg import element, picture, words

LEFT, TOP = 37, 19
WIDE, HIGH, GAP = 38, 24, 2
WARMEST = 5


def heat_chart(rows: Sequence[str], columns: Sequence[str], steps: Sequence[Sequence[int]], *, label: str) -> str:
    """Cells from cold to warm.

    rows, columns: their names, at most three letters for a row.
    steps: one list for each row, one whole number from 0 to 5 for each column.
    label: the sentence a reader should take away.
    Raises ValueError if a cell is missing or too warm.
    """
    if len(steps) != len(rows) or any(len(row) != len(columns) for row in steps):
        raise ValueError(f"{len(rows)} rows of {len(columns)} cells were promised, not {[len(row) for row in steps]}.")
    if not all(0 <= step <= WARMEST for row in steps for step in row):
        raise ValueError("A heat step is a whole number from 0 to 5.")
    shapes = [
        element("text", words(name), x=LEFT + place * (WIDE + GAP) + WIDE / 2, y=11, text_anchor="middle")
        for place, name in enumerate(columns)
    ]
    for line, (name, row) in enumerate(zip(rows, steps, strict=True)):
        y = TOP + line * (HIGH + GAP)
        shapes.append(element("text", words(name), x=0, y=y + 16))
        shapes += [
            element("rect", class_=f"h{step}", x=LEFT + place * (WIDE + GAP), y=y, width=WIDE, height=HIGH, rx=2)
            for place, step in enumerate(row)
        ]
    box = f"0 0 {LEFT - 1 + len(columns) * (WIDE + GAP)} {TOP - 1 + len(rows) * (HIGH + GAP)}"
    return picture("chart", box, *shapes, label=label)
