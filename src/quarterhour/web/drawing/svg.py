"""The few words of SVG we speak, escaped where they are written."""

from __future__ import annotations

from html import escape
from math import cos, radians, sin


def number(value: float, places: int = 2) -> str:
    """A coordinate as short as it goes.

    >>> number(20.2272), number(2.50), number(12), number(-0.001)
    ('20.23', '2.5', '12', '0')
    """
    short = f"{value:.{places}f}"
    if "." in short:
        short = short.rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def on_face(minute: float, *, centre: tuple[float, float], radius: float) -> tuple[float, float]:
    """Where `minute` lies on a clock face: 0 is up, 15 is right.

    minute: minutes after the full hour; 60 and more go round again.
    Returns x and y in the units of `centre` and `radius`, y growing downwards.
    """
    turn = radians(minute * 6)
    return centre[0] + radius * sin(turn), centre[1] - radius * cos(turn)


def element(name: str, *inside: str, **attributes: str | float | None) -> str:
    """One SVG element as text.

    inside: elements already written; wrap plain words in `words` first.
    attributes: in the order they are to be written. `class_` is class, other underscores are hyphens;
    None leaves an attribute out.

    >>> element("circle", class_="dial-face", cx=12, cy=12, r=11)
    '<circle class="dial-face" cx="12" cy="12" r="11"/>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    content = "".join(inside)
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def words(text: str) -> str:
    """Plain words, safe inside an element."""
    return escape(text, quote=False)


def picture(kind: str, view_box: str, *shapes: str, label: str = "") -> str:
    """A whole `<svg>`. With a label it is an image with a name, without one it is hidden from ears."""
    drawn = "".join(shapes)
    heard = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    named = f'class="{escape(kind)}" ' if kind else ""
    return f'<svg {named}viewBox="{view_box}" {heard}>{drawn}</svg>'


def _value(value: str | float) -> str:
    return number(value) if isinstance(value, int | float) else escape(value)
