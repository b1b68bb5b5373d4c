"""What openness to newcomers costs and brings: the whole curve of policies, as a table and as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from quarterhour.engines.experts import Judged, Policy

NEWCOMER = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
TURN = (0.0, 0.01, 0.02, 0.035, 0.05)
WIDTH, HEIGHT, EDGE = 360, 300, 48
SHADES = ("#9db4c0", "#6f97ad", "#447a9c", "#1f5c85", "#0b3c5d")
SIDES = (("coverage@10", "share of the people ever shown in a first ten"), ("cold R@10", "newcomers who helped, found"))


class Point(NamedTuple):
    """One policy and its figures."""

    policy: Policy
    judged: Judged


def policies(places: int) -> list[Policy]:
    """The policies of the curve, from closed to wide open, with so many open places."""
    return [Policy(newcomer, turn, places) for turn in TURN for newcomer in NEWCOMER]


def table_of(points: Sequence[Point]) -> str:
    """The curve as lines of text."""
    names = ("R@10", "MRR", "nDCG@10", "cold R@10", "coverage@10", "Gini")
    lines = [f"{'newcomer':>9}{'turn':>7}" + "".join(f"{name:>13}" for name in names)]
    for policy, judged in points:
        figures = "".join(f"{judged.figures[name].value:13.4f}" for name in names)
        lines.append(f"{policy.newcomer:9g}{policy.turn:7g}{figures}")
    return "\n".join(lines)


def picture_of(points: Sequence[Point]) -> str:
    """Recall against coverage and against newcomers found, as SVG: one line for each `turn`, darker for more."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {HEIGHT + 24}" role="img">',
        "<title>What openness costs: recall of the ten people shown, against coverage and newcomers found</title>",
        f'<rect width="{2 * WIDTH}" height="{HEIGHT + 24}" fill="#ffffff"/>',
        '<g font-family="sans-serif" font-size="11">',
    ]
    for side, (name, explains) in enumerate(SIDES):
        parts += _panel(points, name, explains, side * WIDTH)
    for place, (turn, shade) in enumerate(zip(TURN, SHADES, strict=True)):
        at = EDGE + place * 90
        parts.append(f'<circle cx="{at}" cy="{HEIGHT + 10}" r="4" fill="{shade}"/>')
        parts.append(f'<text x="{at + 8}" y="{HEIGHT + 14}" fill="#333333">turn {turn:g}</text>')
    return "\n".join([*parts, "</g></svg>", ""])


def _panel(points: Sequence[Point], name: str, explains: str, left: int) -> list[str]:
    across = [point.judged.figures[name].value for point in points]
    up = [point.judged.figures["R@10"].value for point in points]
    low_x, high_x, low_y, high_y = min(across), max(across), min(up), max(up)

    def x(value: float) -> float:
        return left + EDGE + (value - low_x) / ((high_x - low_x) or 1) * (WIDTH - EDGE - 16)

    def y(value: float) -> float:
        return HEIGHT - EDGE - (value - low_y) / ((high_y - low_y) or 1) * (HEIGHT - EDGE - 32)

    parts = [
        f'<text x="{left + EDGE}" y="16" fill="#333333">R@10 against {name}: {explains}</text>',
        f'<path d="M{left + EDGE},24V{HEIGHT - EDGE}H{left + WIDTH - 12}" fill="none" stroke="#999999"/>',
    ]
    parts += [
        f'<text x="{x(value):.1f}" y="{HEIGHT - EDGE + 16}" text-anchor="middle" fill="#333333">{value:.2f}</text>'
        for value in (low_x, (low_x + high_x) / 2, high_x)
    ]
    parts += [
        f'<text x="{left + EDGE - 6}" y="{y(value) + 4:.1f}" text-anchor="end" fill="#333333">{value:.3f}</text>'
        for value in (low_y, (low_y + high_y) / 2, high_y)
    ]
    for turn, shade in zip(TURN, SHADES, strict=True):
        line = [(x(a), y(b)) for point, a, b in zip(points, across, up, strict=True) if point.policy.turn == turn]
        path = "L".join(f"{a:.1f},{b:.1f}" for a, b in line)
        parts.append(f'<path d="M{path}" fill="none" stroke="{shade}" stroke-width="1.5"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{shade}"/>' for a, b in line]
    return parts
