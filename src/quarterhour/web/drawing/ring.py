"""A wait as a ring: what is left of the whole."""

from __future__ import annotations

from quarterhour.web.drawing.svg import element, number, on_face

CENTRE = (60.0, 60.0)
RADIUS, OUTER, LONG, SHORT = 56, 49, 44, 46.5
PARTS = 60


def ring(left: float, whole: float, *, ticks: bool = True) -> str:
    """The SVG inside the component `ring`; its words stand beside it.

    left, whole: in the same unit, whatever it is. `left` beyond the whole counts as the whole.
    ticks: twelve marks, for the large ring only.
    Raises ValueError for a whole that is not positive, or a negative rest.
    """
    if whole <= 0 or left < 0:
        raise ValueError(f"{left} left of {whole} cannot be.")
    rest = round(PARTS * min(left / whole, 1))
    circle = {"cx": CENTRE[0], "cy": CENTRE[1], "r": RADIUS}
    track = element("circle", class_="ring-track", **circle)
    drawn = element("circle", class_="ring-left", **circle, pathLength=PARTS, stroke_dasharray=f"{rest} {PARTS - rest}")
    marks = [_tick(hour) for hour in range(12)] if ticks else []
    return f'<svg viewBox="0 0 120 120" aria-hidden="true">{track}{"".join(marks)}{drawn}</svg>'


def _tick(hour: int) -> str:
    # The component turns the whole ring by a quarter, so that it begins at the top.
    minute = hour * 5 + 15
    inner = LONG if hour % 3 == 0 else SHORT
    (x1, y1), (x2, y2) = (on_face(minute, centre=CENTRE, radius=radius) for radius in (OUTER, inner))
    return element("line", class_="ring-tick", x1=number(x1), y1=number(y1), x2=number(x2), y2=number(y2))
