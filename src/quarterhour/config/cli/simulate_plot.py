"""Four small bar charts, one file: what each policy of `quarterhour simulate` does."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

SHOWN = {
    "helped": "of the needs ended with help",
    "days_90": "days from asking to meeting, p90",
    "gini": "Gini of minutes given, lower is more even",
    "started": "of newcomers had a session within six weeks",
}
WIDE, ROW, LEFT, GAP = 420, 26, 110, 34


def draw(figures: Mapping[str, Mapping[str, float]]) -> str:
    """An SVG of two columns and two rows; the figure stands behind each bar, so colour carries nothing."""
    high = GAP + ROW * len(figures) + GAP
    parts = []
    for number, (key, title) in enumerate(SHOWN.items()):
        across, down = (number % 2) * (WIDE + GAP), (number // 2) * high
        most = max((row[key] for row in figures.values()), default=0) or 1
        parts.append(f'<text x="{across}" y="{down + 18}" class="title">{escape(title)}</text>')
        for place, (name, row) in enumerate(figures.items()):
            top = down + GAP + place * ROW
            width = (WIDE - LEFT - 60) * row[key] / most
            told = f"{row[key]:.0%}" if key in {"helped", "started"} else f"{row[key]:.2f}"
            parts += [
                f'<text x="{across + LEFT - 8}" y="{top + 15}" text-anchor="end">{escape(name)}</text>',
                f'<rect x="{across + LEFT}" y="{top + 3}" width="{width:.1f}" height="{ROW - 10}" rx="3"/>',
                f'<text x="{across + LEFT + width + 6:.1f}" y="{top + 15}">{told}</text>',
            ]
    size = f"{2 * WIDE + GAP} {2 * high}"
    style = "text{font:13px sans-serif;fill:#333}.title{font-weight:600}rect{fill:#4f8a6b}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" '
        f'aria-label="What each policy does"><style>{style}</style>'
        f'<rect width="100%" height="100%" style="fill:#fff"/>{"".join(parts)}</svg>\n'
    )
