"""The first quarter of an hour, every step at its real minute."""

from __future__ import annotations

from collections.abc import Sequence

from quarterhour.web.drawing.svg import element, number, on_face, picture, words

PIN = (34.0, 372.0)
FACE, TICKS, SHORT, LONG, LABELS, HAND = 300, 308, 314, 320, 330, 330
QUARTER, FIVE = 15, 5
STEPS = ((0, "ask"), (3, "look"), (5, "book"), (QUARTER, "talk"))
SECTORS = ("q-ask", "q-look", "q-wait")


def quarter_clock(hour: int = 9, steps: Sequence[tuple[int, str]] = STEPS) -> str:
    """A quarter of a clock face with four moments on it, the last at a quarter past.

    hour: the hour on the labels, 0 to 23.
    steps: (minute, word) four times, from 0 to 15, rising. The sectors between them are filled.
    Raises ValueError for steps that do not fill the quarter.
    """
    minutes = [minute for minute, _ in steps]
    if len(minutes) != len(SECTORS) + 1 or minutes != sorted(minutes) or (minutes[0], minutes[-1]) != (0, QUARTER):
        raise ValueError(f"{minutes} do not fill a quarter of an hour in three parts.")
    sectors = [_sector(kind, *ends) for kind, *ends in zip(SECTORS, minutes, minutes[1:], strict=False)]
    hand = element("path", class_="q-hand", d=f"M34 372H{number(PIN[0] + HAND)}")
    pin = element("circle", class_="q-pin", cx=PIN[0], cy=PIN[1], r=9)
    labels = [_label(hour, minute, word) for minute, word in steps[:-1]]
    end, last = _clock(hour, QUARTER), steps[-1][1]
    labels.append(element("text", element("tspan", end, class_="value"), x=372, y=370))
    labels.append(element("text", words(last), x=372, y=388))
    told = ", ".join(f"{word} at {_clock(hour, minute)}" for minute, word in steps)
    heard = f"The first quarter of a clock face: {told}."
    return picture(
        "quarter-clock",
        "0 0 452 404",
        *sectors,
        *map(_tick, range(QUARTER + 1)),
        hand,
        pin,
        *labels,
        label=heard,
    )


def _point(minute: float, radius: float) -> str:
    x, y = on_face(minute, centre=PIN, radius=radius)
    return f"{number(x, 1)} {number(y, 1)}"


def _sector(kind: str, start: int, end: int) -> str:
    arc = f"M34 372L{_point(start, FACE)}A{FACE} {FACE} 0 0 1 {_point(end, FACE)}Z"
    return element("path", class_=kind, d=arc)


def _tick(minute: int) -> str:
    outer = LONG if minute % FIVE == 0 else SHORT
    return element("path", class_="q-tick", d=f"M{_point(minute, TICKS)}L{_point(minute, outer)}")


def _label(hour: int, minute: int, word: str) -> str:
    x, y = on_face(minute, centre=PIN, radius=LABELS)
    clock = element("tspan", _clock(hour, minute), class_="value")
    return element("text", f"{clock} {words(word)}", x=number(x, 1), y=number(y, 1))


def _clock(hour: int, minute: int) -> str:
    return f"{hour:02}:{minute:02}"
