"""How good rankings of labelled needs are: figures with bootstrap intervals, and a table of methods side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import log2
from typing import NamedTuple

import numpy as np

from quarterhour.config.cli.labelled_needs import LabelledNeed
from quarterhour.engines.matching import SURE

CARDS = 3
LIVED = 3
RESAMPLED, SEED = 2000, 7
FIGURES = {
    "ndcg_3": "nDCG@3",
    "ndcg_10": "nDCG@10",
    "success_3": "a 3 in three",
    "traps": "traps in three",
    "traps_answerable": "... answerable",
    "traps_unanswerable": "... not",
    "perspectives": "perspectives",
    "kept": "cards kept",
    "wrongly_sure": "wrongly sure",
}


class Placed(NamedTuple):
    """A person in a ranking. score: the chance that they can clearly help, 0 to 1."""

    person: str
    score: float


class Figure(NamedTuple):
    """A share, its 95 % interval from resampled needs, and over how many it was taken."""

    share: float
    low: float
    high: float
    of: int


def figures_of(
    needs: Sequence[LabelledNeed], ranked: Mapping[str, Sequence[Placed]]
) -> dict[str, dict[str, Figure | None]]:
    """The figures of all needs and of those not in English. None where there is nothing to judge."""
    parts = {"all": list(needs), "not English": [need for need in needs if need.language != "en"]}
    return {name: _figures(part, ranked) for name, part in parts.items() if part}


def _figures(needs: Sequence[LabelledNeed], ranked: Mapping[str, Sequence[Placed]]) -> dict[str, Figure | None]:
    answerable = [need for need in needs if need.answerable]
    graded = [need for need in needs if need.relevant or need.trap]
    without = [need for need in graded if not need.answerable]
    trapped = [need for need in needs if need.trap]
    viewed = [need for need in needs if need.perspectives]

    def people(need: LabelledNeed, depth: int) -> list[str]:
        return [one.person for one in ranked[need.id][:depth]]

    def sure(need: LabelledNeed) -> float:
        first = ranked[need.id][:1]
        return float(bool(first) and first[0].score >= SURE)

    def trap(need: LabelledNeed) -> float:
        return float(bool(need.trap & set(people(need, CARDS))))

    def share(over: Sequence[LabelledNeed], measure: Callable[[LabelledNeed], float]) -> Figure | None:
        return _interval([measure(need) for need in over]) if over else None

    return {
        "ndcg_3": share(answerable, lambda need: ndcg(people(need, 3), need.relevant, 3)),
        "ndcg_10": share(answerable, lambda need: ndcg(people(need, 10), need.relevant, 10)),
        "success_3": share(
            answerable, lambda need: float(any(need.relevant.get(one) == LIVED for one in people(need, CARDS)))
        ),
        "traps": share(trapped, trap),
        "traps_answerable": share([need for need in trapped if need.answerable], trap),
        "traps_unanswerable": share([need for need in trapped if not need.answerable], trap),
        "perspectives": share(
            viewed, lambda need: len(need.perspectives & set(people(need, CARDS))) / len(need.perspectives)
        ),
        "kept": share(answerable, sure),
        "wrongly_sure": share(without, sure),
    }


def ndcg(order: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Normalised discounted cumulative gain at `depth`, gain 2^grade - 1; 0 where no grade is above 0.

    Source: K. Järvelin, J. Kekäläinen, ACM Transactions on Information Systems 20 (2002), 422-446.
    """

    def gain(counted: Sequence[int]) -> float:
        return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(counted))

    ideal = gain(sorted(grades.values(), reverse=True)[:depth])
    return gain([grades.get(mentor, 0) for mentor in order[:depth]]) / ideal if ideal else 0.0


def _interval(values: Sequence[float]) -> Figure:
    """Source: B. Efron, R. Tibshirani, An Introduction to the Bootstrap (1993), percentile intervals."""
    measured = np.asarray(values, dtype=np.float64)
    if measured.min() == measured.max() and measured[0] in (0.0, 1.0):
        # All alike, resamples would be too: the exact binomial bound (C. Clopper, E. Pearson, Biometrika 26, 1934).
        bound = 1 - 0.025 ** (1 / len(measured))
        low, high = (0.0, bound) if measured[0] == 0 else (1 - bound, 1.0)
        return Figure(float(measured[0]), round(low, 4), round(high, 4), len(measured))
    drawn = np.random.default_rng(SEED).integers(0, len(measured), size=(RESAMPLED, len(measured)))
    low, high = np.percentile(measured[drawn].mean(axis=1), [2.5, 97.5])
    return Figure(round(float(measured.mean()), 4), round(float(low), 4), round(float(high), 4), len(measured))


def table(figures: Mapping[str, Mapping[str, Mapping[str, Figure | None]]]) -> str:
    """Methods below each other, one figure a column: the share and its interval."""
    parts = dict.fromkeys(part for of_method in figures.values() for part in of_method)
    lines = []
    for part in parts:
        first = next(iter(figures.values()))[part]
        lines.append(f"\n{part:26}" + "".join(f"{title:>17}" for title in FIGURES.values()))
        lines.append(f"{'over':26}" + "".join(f"{one.of if (one := first[key]) else 0:>17}" for key in FIGURES))
        for method, of_method in figures.items():
            lines.append(f"{method:26}" + "".join(f"{_cell(of_method[part][key]):>17}" for key in FIGURES))
    return "\n".join(lines)


def _cell(figure: Figure | None) -> str:
    return f"{figure.share:.3f} {figure.low:.2f}-{figure.high:.2f}" if figure else "-"
