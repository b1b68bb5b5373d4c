"""How often the detector is right: figures, and whether a chance of 0.7 is right seven times in ten."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.perspectives.detector import CONFLICT_FROM

LABELS = ("conflict", "agree", "compatible", "unrelated")
SIZE, EDGE, DOTS = 320, 44, 10
LEAST = 8  # pairs behind a dot
FIRST, WIDE = 28, 21


@dataclass(frozen=True, eq=False)
class Judged:
    """Pairs with their label and what was thought of them: chances in the order of LABELS."""

    sources: list[str]
    labels: list[str]
    chances: NDArray[np.float64]

    def and_(self, other: "Judged") -> "Judged":
        return Judged(
            self.sources + other.sources, self.labels + other.labels, np.vstack([self.chances, other.chances])
        )


def auc(yes: Sequence[bool], scores: Sequence[float]) -> float | None:
    """How often a pair with a conflict is put above one without; ties count half. None where one kind is missing.

    >>> auc([True, False, False], [0.9, 0.9, 0.1])
    0.75
    """
    truth, given = np.asarray(yes, dtype=bool), np.asarray(scores, dtype=np.float64)
    many, few = int(truth.sum()), int((~truth).sum())
    if not many or not few:
        return None
    _values, places, sizes = np.unique(given, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[places]
    return float((ranks[truth].sum() - many * (many + 1) / 2) / (many * few))


def figures(labels: Sequence[str], conflict: Sequence[float], told: Sequence[str]) -> dict[str, float | int | None]:
    """What the command prints. labels: as given, "other" where only "no conflict" was said. told: our label."""
    truth = [label == "conflict" for label in labels]
    said = [label == "conflict" for label in told]
    right = sum(a and b for a, b in zip(truth, said, strict=True))
    found: dict[str, float | int | None] = {
        "pairs": len(labels),
        "conflicts": sum(truth),
        "precision": _share(right, sum(said)),
        "recall": _share(right, sum(truth)),
        "f1": _share(2 * right, sum(said) + sum(truth)),
        "auc": auc(truth, conflict),
    }
    for label in ("compatible", "agree", "unrelated"):
        alarms = [alarm for alarm, is_ in zip(said, labels, strict=True) if is_ == label]
        found[f"false alarms on {label}"] = _share(sum(alarms), len(alarms))
    if set(labels) - {"conflict", "other"}:
        found["label right"] = _share(sum(a == b for a, b in zip(labels, told, strict=True)), len(labels))
    return found


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def table_of(judged: Judged) -> str:
    """Figures for each source, as lines of text."""
    columns: dict[str, dict[str, float | int | None]] = {}
    for source in dict.fromkeys(judged.sources):
        in_ = [number for number, each in enumerate(judged.sources) if each == source]
        chances = judged.chances[in_]
        told = [told_label(row) for row in chances]
        columns[source] = figures([judged.labels[number] for number in in_], list(chances[:, 0]), told)
    return lines_of(columns)


def lines_of(columns: dict[str, dict[str, float | int | None]]) -> str:
    """A table with a column for each set of figures.

    >>> print(lines_of({"all": {"pairs": 2, "f1": None, "auc": 0.5}}))
                                                  all
    pairs                                           2
    f1                                              -
    auc                                         0.500
    """
    names = dict.fromkeys(name for column in columns.values() for name in column)
    lines = [" " * FIRST + "".join(f"{name:>{WIDE}}" for name in columns)]
    for name in names:
        values = [_told(column.get(name)) for column in columns.values()]
        lines.append(f"{name:{FIRST}}" + "".join(f"{value:>{WIDE}}" for value in values))
    return "\n".join(lines)


def _told(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def told_label(chances: NDArray[np.float64]) -> str:
    """The label that the detector would tell."""
    if chances[0] >= CONFLICT_FROM:
        return "conflict"
    return LABELS[1 + int(np.argmax(chances[1:]))]


def picture_of(own: Judged, claims: Judged) -> str:
    """The calibration as SVG: of pairs that were given a chance, how many really conflict."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * SIZE} {SIZE + 20}" role="img">',
        "<title>Calibration of the conflict detector, on decisions and claims it had not seen</title>",
        f'<rect width="{2 * SIZE}" height="{SIZE + 20}" fill="#ffffff"/>',
        '<g font-family="sans-serif" font-size="11" fill="#333333">',
    ]
    for left, name, judged in ((0, "Our sayings and the town", own), (SIZE, "PERSPECTRUM", claims)):
        parts += _panel(left, name, judged)
    return "\n".join([*parts, "</g></svg>", ""])


def _panel(left: int, name: str, judged: Judged) -> list[str]:
    def x(value: float) -> float:
        return left + EDGE + value * (SIZE - EDGE - 16)

    def y(value: float) -> float:
        return SIZE - EDGE - value * (SIZE - EDGE - 32)

    parts = [
        f'<text x="{x(0)}" y="16">{name}: share really in conflict</text>',
        f'<text x="{x(0.5)}" y="{SIZE - 6}" text-anchor="middle">chance that was given; beside the dots, pairs</text>',
        f'<path d="M{x(0)},{y(1)}V{y(0)}H{x(1)}" fill="none" stroke="#999999"/>',
        f'<path d="M{x(0)},{y(0)}L{x(1)},{y(1)}" stroke="#cccccc" stroke-dasharray="4 3"/>',
    ]
    for value in (0.0, 0.5, 1.0):
        parts.append(f'<text x="{x(value)}" y="{y(0) + 16}" text-anchor="middle">{value:g}</text>')
        parts.append(f'<text x="{x(0) - 6}" y="{y(value) + 4}" text-anchor="end">{value:g}</text>')
    dots = bins(judged)
    line = " ".join(f"{x(chance):.1f},{y(share):.1f}" for chance, share, _number in dots)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#1f5c85" stroke-width="2"/>')
    for chance, share, number in dots:
        parts.append(f'<circle cx="{x(chance):.1f}" cy="{y(share):.1f}" r="4" fill="#1f5c85"/>')
        parts.append(f'<text x="{x(chance) + 6:.1f}" y="{y(share) + 12:.1f}" fill="#666666">{number}</text>')
    return parts


def bins(judged: Judged) -> list[tuple[float, float, int]]:
    """Mean chance, share of conflicts and number of pairs, in ten steps; steps with hardly any pairs are left out."""
    conflict, truth = judged.chances[:, 0], np.array([label == "conflict" for label in judged.labels])
    steps = np.minimum((conflict * DOTS).astype(int), DOTS - 1)
    found = []
    for step in range(DOTS):
        in_ = steps == step
        if in_.sum() >= LEAST:
            found.append((float(conflict[in_].mean()), float(truth[in_].mean()), int(in_.sum())))
    return found
