"""Trees on top of what the default says: grown from lessons, kept as LightGBM's own text, read back with care.

Trees are grown for the likelihood of what was seen, P(pick) = look(place) x logistic(value), with the looks given;
the two later chances are seen whenever they happen, so their look is 1. How many trees there are is decided by the last
quarter of the earlier weeks; where none makes these weeks likelier, none is kept. Needs the `rank` extra.
Sources: J. Friedman, Greedy Function Approximation, Annals of Statistics 29 (2001); G. Ke et al., LightGBM, NeurIPS
2017.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quarterhour.core.errors import QuarterhourError
from quarterhour.engines.learned import FEATURES, GROWING, HEADS, MOST_WELCOME, Curve, Head, Heads, curve_of
from quarterhour.matching.expert_booster import library as _library

__all__ = ["Lessons", "UnreadableTrees", "grown", "heads_of", "kept_form", "library", "what_counts"]

Floats = NDArray[np.float64]
Rows = NDArray[np.float32]
Tell = Callable[[str, int, int], None]
MOST = 160  # trees; a step is small, so one more or less hardly matters
EVERY = 10
MOST_TEXT = 1_000_000  # characters of one head's trees
LEAST_OF_EACH = 20  # with fewer yes, or fewer no, a chance stays a curve
LEAST_FOR_CURVE = 5  # and with fewer than these it stays the default's
SHARED = {
    "learning_rate": 0.06,
    "num_leaves": 6,
    "min_data_in_leaf": 20,
    "min_sum_hessian_in_leaf": 4.0,
    "feature_fraction": 0.8,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 6.0,
    "max_bin": 63,
    "verbose": -1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "monotone_constraints": [int(feature.name in GROWING) for feature in FEATURES],
}


class UnreadableTrees(QuarterhourError):
    """The text of trees is not what LightGBM wrote for us."""

    status = 503


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """What one chance is learned from, earlier first: rows (n, FEATURES), the default's chance of each, how often
    somebody looked there, whether it happened, and in which week.
    """

    rows: Rows
    base: Floats
    look: Floats
    happened: Floats
    week: NDArray[np.int64]

    def of(self, which: NDArray[np.bool_]) -> Lessons:
        return Lessons(self.rows[which], self.base[which], self.look[which], self.happened[which], self.week[which])

    @property
    def rarer(self) -> int:
        """How often the rarer of the two happened."""
        return int(min(self.happened.sum(), len(self.happened) - self.happened.sum()))


def library() -> Any:
    """LightGBM. Raises BoosterMissing with what to install."""
    return _library("let the default ranker place people, as it does until then")


def grown(lessons: Mapping[str, Lessons], *, seed: int, tell: Tell) -> dict[str, Any]:
    """The heads for which there is enough, to be kept; same lessons and seed, same trees. Raises BoosterMissing."""
    lightgbm = library()
    kept = {}
    for number, name in enumerate(HEADS):
        one = lessons[name]
        if one.rarer < LEAST_FOR_CURVE:
            continue
        tell(f"Growing trees: {name}", number, len(HEADS))
        curve = curve_of(one.base, one.happened, one.look)
        text = ""
        if one.rarer >= LEAST_OF_EACH:
            many = _how_many(lightgbm, one, seed=seed * 10 + number)
            text = _boosted(lightgbm, one, curve, many, seed=seed * 10 + number).model_to_string() if many else ""
        kept[name] = kept_form(curve, text)
    tell("Growing trees", len(HEADS), len(HEADS))
    return kept


def kept_form(curve: Curve, trees: str) -> dict[str, Any]:
    return {"at_zero": curve.at_zero, "by_base": curve.by_base, "trees": trees}


def heads_of(kept: Mapping[str, Any]) -> Heads:
    """Read heads back. Raises UnreadableTrees, or BoosterMissing where there are trees and no LightGBM."""
    if not set(kept) <= {*HEADS, "welcome"}:
        raise UnreadableTrees("The learned ranker has chances this release does not know. Train again.")
    of = {name: Head(_curve(kept[name]), _trees(kept[name].get("trees", ""))) for name in HEADS if name in kept}
    welcome = kept.get("welcome", 1.0)
    if not isinstance(welcome, int | float) or not 1 <= welcome <= MOST_WELCOME:
        raise UnreadableTrees("The learned ranker's welcome to newcomers is no number from 1 to 2. Train again.")
    return Heads(of, welcome=float(welcome))


def _curve(kept: Mapping[str, Any]) -> Curve:
    numbers = kept.get("at_zero"), kept.get("by_base")
    if not all(isinstance(one, int | float) and np.isfinite(one) for one in numbers):
        raise UnreadableTrees("The learned ranker's curve is no number. Train again.")
    return Curve(*numbers)


def _trees(text: str) -> Callable[[Rows], Floats] | None:
    """What adds to the curve, from LightGBM's own text; it is never anything that could run."""
    if not text:
        return None
    names = " ".join(feature.name for feature in FEATURES)
    head = text[:4_000].splitlines()
    if (
        len(text) > MOST_TEXT
        or head[:1] != ["tree"]
        or f"feature_names={names}" not in head
        or f"max_feature_idx={len(FEATURES) - 1}" not in head
        or "num_class=1" not in head
    ):
        raise UnreadableTrees("The learned ranker's trees cannot be read. Train again.")
    lightgbm = library()
    try:
        booster = lightgbm.Booster(model_str=text)
    except lightgbm.basic.LightGBMError as error:
        raise UnreadableTrees(f"The learned ranker's trees cannot be read ({error}). Train again.") from error

    def added(rows: Rows) -> Floats:
        return np.asarray(booster.predict(rows, raw_score=True, num_threads=1), dtype=np.float64)

    return added


def _how_many(lightgbm: Any, lessons: Lessons, *, seed: int) -> int:
    """How many trees make the last quarter of the weeks likeliest, when grown from the weeks before it."""
    weeks = np.unique(lessons.week)
    last = weeks[-max(1, len(weeks) // 4) :]
    later = np.isin(lessons.week, last)
    before, after = lessons.of(~later), lessons.of(later)
    if min(before.rarer, after.rarer) < LEAST_FOR_CURVE:
        return 0
    curve = curve_of(before.base, before.happened, before.look)
    booster = _boosted(lightgbm, before, curve, MOST, seed=seed)
    start = curve.of(after.base)
    tried = range(0, MOST + 1, EVERY)
    told = [_unlikely(after, start + (_raw(booster, after.rows, many) if many else 0.0)) for many in tried]
    return tried[int(np.argmin(told))]


def _boosted(lightgbm: Any, lessons: Lessons, curve: Curve, many: int, *, seed: int) -> Any:
    look, happened = lessons.look, lessons.happened

    def slopes(value: Floats, _table: Any) -> tuple[Floats, Floats]:
        good = 1 / (1 + np.exp(-np.clip(value, -50, 50)))
        missed = (1 - happened) * look * good * (1 - good) / (1 - look * good + 1e-12)
        certain = look * good * (1 - good) ** 2 / (1 - look * good + 1e-12)  # Fisher's, so it is never negative
        return missed - happened * (1 - good), np.maximum(certain, 1e-9)

    names = [feature.name for feature in FEATURES]
    how = {**SHARED, "seed": seed, "objective": slopes}
    table = lightgbm.Dataset(
        lessons.rows, happened, init_score=curve.of(lessons.base), feature_name=names, params=SHARED
    )
    return lightgbm.train(how, table, many)


def _raw(booster: Any, rows: Rows, many: int) -> Floats:
    return np.asarray(booster.predict(rows, raw_score=True, num_iteration=many, num_threads=1), dtype=np.float64)


def _unlikely(lessons: Lessons, value: Floats) -> float:
    """The negative log likelihood of what happened."""
    chance = np.clip(lessons.look / (1 + np.exp(-np.clip(value, -50, 50))), 1e-12, 1 - 1e-9)
    return float(-(lessons.happened * np.log(chance) + (1 - lessons.happened) * np.log1p(-chance)).sum())


def what_counts(kept: Mapping[str, Any]) -> dict[str, list[tuple[str, float]]]:
    """For each head the features its trees split by, with their share of what was gained, largest first."""
    lightgbm = library()
    found: dict[str, list[tuple[str, float]]] = {}
    for name in HEADS:
        one = kept.get(name, {"trees": ""})
        if not one["trees"]:
            continue
        booster = lightgbm.Booster(model_str=one["trees"])
        gains: Sequence[float] = booster.feature_importance(importance_type="gain")
        whole = float(sum(gains)) or 1.0
        pairs = [(feature.name, float(gain) / whole) for feature, gain in zip(FEATURES, gains, strict=True) if gain > 0]
        found[name] = sorted(pairs, key=lambda pair: -pair[1])[:8]
    return found
