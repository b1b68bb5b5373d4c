"""A face when there is no photo: four quarters drawn from a person's id."""

from __future__ import annotations

from hashlib import sha256
from itertools import cycle
from uuid import UUID

from quarterhour.web.drawing.svg import element, picture

TILES = 6
CELL = 20
# Clockwise from the top left: the corner of each of the four cells.
CELLS = ((0, 0), (CELL, 0), (CELL, CELL), (0, CELL))
DOT_ODDS = 3  # two faces of three have one dot


def avatar(seed: UUID | str | int, *, kind: str = "") -> str:
    """The same four quarters for the same seed, everywhere and for ever.

    seed: whatever names the person and never changes; not their name, which does.
    kind: "small", "large" or "huge", or nothing.

    One tile lies below. On it two quarters in ink and two in other tiles, each a quarter of a disc round
    one corner of its cell; in most faces one of them is a dot instead. About 200,000 faces are possible.
    It stays silent for ears: the name always stands beside it.
    """
    chances = cycle(sha256(str(seed).encode()).digest())

    def one_of(many: int) -> int:
        return next(chances) % many

    tiles = [f"--tile-{number}" for number in range(1, TILES + 1)]
    ground = tiles.pop(one_of(len(tiles)))
    first_ink = one_of(len(CELLS))
    second_ink = (first_ink + 1 + one_of(len(CELLS) - 1)) % len(CELLS)
    dotted = one_of(len(CELLS)) if one_of(DOT_ODDS) else None
    shapes = []
    for place, (x, y) in enumerate(CELLS):
        inked = place in (first_ink, second_ink)
        paint = f"fill:var({'--tile-ink' if inked else tiles.pop(one_of(len(tiles)))})"
        if place == dotted:
            shapes.append(element("circle", cx=x + CELL / 2, cy=y + CELL / 2, r=6.5, style=paint))
        else:
            shapes.append(element("path", style=paint, d=_quarter(x, y, corner=one_of(4))))
    whole = element("rect", width=2 * CELL, height=2 * CELL, fill=f"var({ground})")
    return picture(f"avatar {kind}".strip(), "0 0 40 40", whole, *shapes)


def _quarter(x: int, y: int, *, corner: int) -> str:
    """A quarter of a disc that fills the cell at x, y, round one of its corners (clockwise from top left)."""
    ring = [(x, y), (x + CELL, y), (x + CELL, y + CELL), (x, y + CELL)]
    (cx, cy), (ax, ay), (bx, by) = ring[corner], ring[(corner + 1) % 4], ring[(corner + 3) % 4]
    return f"M{cx} {cy}L{ax} {ay}A{CELL} {CELL} 0 0 1 {bx} {by}Z"
