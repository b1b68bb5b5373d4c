"""Two pictures of a day, one file: how soon people were answered, and how long the wait was at each hour."""

from __future__ import annotations

from quarterhour.engines.dispatch.day import Report

WIDE, HIGH, LEFT, TOP, GAP = 420.0, 240.0, 44.0, 40.0, 60.0
LONGEST = 10  # minutes that are drawn
AIMS = {3: 50, 10: 90}  # minutes: of a hundred, who should be answered by then


def draw(report: Report) -> str:
    """An SVG: left the share answered within so many minutes, with the aims; right p50 and p90 by hour, UTC."""
    style = (
        "text{font:13px sans-serif;fill:#333}.title{font-weight:600}.line{fill:none;stroke:#e65a00;stroke-width:2.5}"
        ".grid{stroke:#ddd}.mid{fill:#e65a00}.high{fill:#e8c9b4}.aim{fill:none;stroke:#333;stroke-width:1.5}"
    )
    size = f"{2 * (WIDE + GAP):.0f} {TOP + HIGH + 40:.0f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" '
        f'aria-label="How soon people were answered, and the wait at each hour"><style>{style}</style>'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join([*_answered(report), *_hours(report)])}</svg>\n'
    )


def _answered(report: Report) -> list[str]:
    waits, total = sorted(report.waits), max(report.covered, 1)
    parts = ['<text x="0" y="18" class="title">Answered within so many minutes, of 100</text>']
    for share in (0, 25, 50, 75, 100):
        y = TOP + HIGH * (1 - share / 100)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDE}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{share}</text>')
    across = (WIDE - LEFT) / LONGEST
    points, at = [], 0
    for step in range(LONGEST * 6 + 1):
        while at < len(waits) and waits[at] <= step * 10:
            at += 1
        points.append(f"{LEFT + across * step / 6:.1f},{TOP + HIGH * (1 - at / total):.1f}")
    parts.append(f'<polyline class="line" points="{" ".join(points)}"/>')
    for minutes, share in AIMS.items():
        x, y = LEFT + across * minutes, TOP + HIGH * (1 - share / 100)
        parts.append(f'<circle class="aim" cx="{x:.1f}" cy="{y:.1f}" r="5"/>')
        parts.append(f'<text x="{x - 8:.1f}" y="{y + 20:.1f}" text-anchor="end">aim {share} in {minutes} min</text>')
    parts += [
        f'<text x="{LEFT + across * m:.1f}" y="{TOP + HIGH + 20}" text-anchor="middle">{m}</text>'
        for m in range(0, LONGEST + 1, 2)
    ]
    return parts


def _hours(report: Report) -> list[str]:
    left = WIDE + GAP
    by_hour = {hour: sorted(waits) for hour, waits in sorted(report.by_hour.items()) if waits}
    most = max((waits[int(0.9 * len(waits))] for waits in by_hour.values()), default=1.0) or 1.0
    parts = [f'<text x="{left}" y="18" class="title">Seconds to a yes by hour, UTC: half (dark), nine of ten</text>']
    bar = (WIDE - LEFT) / 24
    for hour, waits in by_hour.items():
        for share, kind in ((0.9, "high"), (0.5, "mid")):
            height = HIGH * waits[min(int(share * len(waits)), len(waits) - 1)] / most
            x = left + LEFT + bar * hour
            parts.append(
                f'<rect class="{kind}" x="{x:.1f}" y="{TOP + HIGH - height:.1f}" width="{bar - 3:.1f}" '
                f'height="{height:.1f}" rx="2"/>'
            )
    parts += [
        f'<text x="{left + LEFT + bar * (hour + 0.5):.1f}" y="{TOP + HIGH + 20}" text-anchor="middle">{hour}</text>'
        for hour in range(0, 24, 4)
    ]
    parts.append(f'<text x="{left + LEFT - 8}" y="{TOP + 12}" text-anchor="end">{most:.0f}</text>')
    return parts
