"""How well the pairs of a cohort fit, drawn: so many pairs for each tenth from 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence

from quarterhour.web.drawing.svg import element, picture, words

BINS, WIDE, GAP, HIGH, TOP = 10, 26, 2, 84, 18
FITS = ((0.6, "very well"), (0.45, "well"), (0.3, "fairly well"), (0.15, "loosely"), (0.0, "barely"))


def fit_words(score: float) -> str:
    """How well two fit, in words.

    >>> fit_words(0.7), fit_words(0.5), fit_words(0.2)
    ('very well', 'well', 'loosely')
    """
    return next((told for least, told in FITS if score >= least), "barely")


def counted(scores: Sequence[float]) -> str:
    """How many pairs fit how well: "2 fit very well, 1 loosely"."""
    told = [(sum(fit_words(score) == name for score in scores), name) for _, name in FITS]
    rows = [f"{count} {name}" for count, name in told if count]
    return ", ".join(rows).replace(" ", " fit ", 1) if rows else "nobody is paired"


def spread(scores: Sequence[float]) -> str:
    """Bars for how many pairs fit how well, their counts above them.

    scores: 0 to 1, one for each pair; empty draws the frame alone.
    """
    counts = [0] * BINS
    for score in scores:
        counts[min(BINS - 1, max(0, int(score * BINS)))] += 1
    most = max([*counts, 1])
    shapes, ground = [], TOP + HIGH
    for place, count in enumerate(counts):
        x, high = place * (WIDE + GAP), HIGH * count / most
        if count:
            top, middle = ground - high, x + WIDE / 2
            shapes.append(element("rect", class_="bar-ink", x=x, y=top, width=WIDE, height=high))
            shapes.append(element("text", words(str(count)), class_="value", x=middle, y=top - 5, text_anchor="middle"))
    right = BINS * (WIDE + GAP) - GAP
    shapes.append(element("line", class_="axis", x1=0, y1=ground, x2=right, y2=ground))
    shapes.append(element("text", words("fits barely"), x=0, y=ground + 17))
    shapes.append(element("text", words("very well"), x=right, y=ground + 17, text_anchor="end"))
    whole = f"{len(scores)} pair{'' if len(scores) == 1 else 's'}: {counted(scores)}."
    return picture("chart", f"0 0 {right} {ground + 22}", *shapes, label=whole)
