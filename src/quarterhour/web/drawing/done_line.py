"""A line that rises with what was done."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

from quarterhour.web.drawing.svg import element, picture, words

WIDE, HIGH, FOOT, TOP, POINTS = 280.0, 90.0, 74.0, 14.0, 9


def done_line(days: Sequence[date], *, today: date) -> str:
    """How much was done by when, from the first day to today, as a small chart. Nothing for no days.

    days: when each was done, the earliest first; none after today.
    """
    if not days:
        return ""
    first, count = min(days[0], today - timedelta(days=7)), len(days)
    whole = (today - first).days
    at = [first + timedelta(days=round(whole * n / (POINTS - 1))) for n in range(POINTS)]
    known = [bisect_right(days, day) for day in at]
    steps = [4 + (WIDE - 20) * n / (POINTS - 1) for n in range(POINTS)]
    rises = [FOOT - (FOOT - TOP) * done / count * 0.92 - 3 for done in known]
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(steps, rises, strict=True))
    since = f"{first:%B}" if first.year == today.year else f"{first:%B %Y}"
    return picture(
        "chart",
        "0 0 320 90",
        element("line", class_="axis", x1=0, x2=WIDE, y1=FOOT, y2=FOOT),
        element("path", class_="line", d=line),
        element("circle", class_="bar-ink", cx=steps[-1], cy=rises[-1], r=4),
        element("text", words(str(count)), class_="value", x=steps[-1] + 10, y=rises[-1] + 4),
        element("text", words(since), x=0, y=HIGH - 2),
        element("text", words("now"), x=WIDE, y=HIGH - 2, text_anchor="end"),
        label=f"{count} action{'s' * (count != 1)} done since {since}",
    )
