"""The learned ranker of experts: gradient boosted trees, grown from a site's own past at the moment they are needed.

Two families of trees put people in order and one tells chances. Nothing learned is kept: a site's outcomes never leave
it, and none ship with Quarterhour. Needs the `rank` extra.
Sources: C. Burges, From RankNet to LambdaRank to LambdaMART, MSR-TR-2010-82; S. Bruch, An Alternative Cross Entropy
Loss for Learning-to-Rank, WWW 2021; G. Ke and others, LightGBM, NeurIPS 2017.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quarterhour.core.errors import QuarterhourError
from quarterhour.matching.expert_lessons import Lesson

__all__ = ["Booster", "BoosterMissing", "grown"]

SHARED = {
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_data_in_leaf": 80,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "verbose": -1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
}
ORDERING = (
    {"objective": "lambdarank", "lambdarank_truncation_level": 15},
    {"objective": "rank_xendcg"},
)
TURNS = 2
TREES = 300
Tell = Callable[[str, int, int], None]


class BoosterMissing(QuarterhourError):
    """The learned ranker is asked for, but its library is not there."""

    status = 503


@dataclass(frozen=True, slots=True)
class Booster:
    """order: the models that put people in order. chances: the model that tells how likely help is."""

    order: Sequence[Any]
    chances: Any

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """One score for each person considered for a question: the mean of the models, in standard deviations."""
        found = np.stack([model.predict(rows, raw_score=True) for model in self.order])
        wide = found.std(axis=1, keepdims=True)
        spread: NDArray[np.float64] = (found - found.mean(axis=1, keepdims=True)) / np.where(wide > 0, wide, 1.0)
        return np.asarray(spread.mean(axis=0))

    def chance(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """How likely each person is to help within three days, 0 to 1."""
        return np.asarray(self.chances.predict(rows))


def grown(lessons: Sequence[Lesson], names: Sequence[str], *, seed: int, tell: Tell) -> Booster:
    """Grow the trees from `lessons`. Same lessons and seed: same trees. Raises BoosterMissing."""
    lightgbm = library()
    rows, helped = np.concatenate([each.rows for each in lessons]), np.concatenate([each.helped for each in lessons])
    sizes = np.concatenate([each.sizes for each in lessons])
    ordering = [{**SHARED, **kind, "seed": seed * 1000 + turn} for turn in range(TURNS) for kind in ORDERING]
    steps = len(ordering) + 1

    def grow(number: int, how: dict[str, Any], group: NDArray[np.int64] | None) -> Any:
        tell("Growing trees", number, steps)
        data = lightgbm.Dataset(rows, helped, group=group, feature_name=list(names), free_raw_data=False)
        return lightgbm.train(how, data, TREES)

    order = [grow(number, how, sizes) for number, how in enumerate(ordering)]
    chances = grow(len(ordering), {**SHARED, "objective": "binary", "seed": seed * 1000}, None)
    tell("Growing trees", steps, steps)
    return Booster(order, chances)


def library() -> Any:
    """LightGBM, or a sentence that says how to get it."""
    try:
        import lightgbm
    except ImportError as error:
        raise BoosterMissing(
            "The learned ranker needs LightGBM, which is not installed. Install the extra, pip install"
            " 'quarterhour[rank]', or in a checkout requirements/rank.lock; or take --mode default."
        ) from error
    except OSError as error:
        raise BoosterMissing(
            f"LightGBM is installed but cannot start ({error}). It needs the OpenMP library: on Debian and Ubuntu"
            " apt-get install libgomp1. Or take --mode default."
        ) from error
    return lightgbm
