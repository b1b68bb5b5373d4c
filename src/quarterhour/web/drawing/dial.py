"""The dial: an hour, with the minutes in question at their real place."""

from __future__ import annotations

from quarterhour.web.drawing.svg import element, number, on_face, picture

CENTRE = 12.0
FACE = 11.0
HAND = 9.5
HOUR = 60
HALF = 30


def wedge(start: float, minutes: float) -> str:
    """The path of the minutes from `start` on, in a square of 24 units.

    start: minutes after the full hour; 75 lies where 15 lies.
    minutes: more than 0, less than 60.
    Raises ValueError for a length that is no wedge.

    A quarter past ten for 25 minutes begins at three o'clock:

    >>> wedge(15, 25)
    'M12 12L21.5 12A9.5 9.5 0 0 1 3.77 16.75Z'
    """
    if not 0 < minutes < HOUR:
        raise ValueError(f"{minutes} minutes are no wedge of an hour. Give more than 0 and less than 60.")
    ends = [on_face(minute, centre=(CENTRE, CENTRE), radius=HAND) for minute in (start, start + minutes)]
    (x0, y0), (x1, y1) = ends
    far = int(minutes > HALF)
    return f"M12 12L{number(x0)} {number(y0)}A9.5 9.5 0 {far} 1 {number(x1)} {number(y1)}Z"


def dial(start: float, minutes: float, *, past: float = 0, kind: str = "", label: str = "") -> str:
    """A clock face with the minutes from `start` on.

    start: minutes after the full hour.
    minutes: 0 draws an empty face, 60 and more a whole one.
    past: how many of the minutes are over, 0 to `minutes`.
    kind: further classes: "time" when running or next, "agree", "big", "huge-dial".
    label: its name where it stands alone; empty where words stand beside it.
    Raises ValueError for a negative length, or a past longer than the whole.
    """
    if minutes < 0 or not 0 <= past <= minutes:
        raise ValueError(f"A dial of {minutes} minutes with {past} past cannot be.")
    gone, left = min(past, HOUR), min(minutes, HOUR) - min(past, HOUR)
    shapes = [element("circle", class_="dial-face", cx=CENTRE, cy=CENTRE, r=FACE)]
    if gone:
        shapes.append(_span("dial-past", start, gone))
    if left:
        shapes.append(_span("dial-span", start + gone, left))
    return picture(f"dial {kind}".strip(), "0 0 24 24", *shapes, label=label)


def _span(kind: str, start: float, minutes: float) -> str:
    if minutes >= HOUR:
        return element("circle", class_=kind, cx=CENTRE, cy=CENTRE, r=HAND)
    return element("path", class_=kind, d=wedge(start, minutes))
