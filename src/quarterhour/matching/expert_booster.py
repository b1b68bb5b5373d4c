"""The learned ranker of experts: gradient boosted trees, grown from a site's own past at the moment they are needed.

Several families of trees put people in order together; one of them tells chances as well. Nothing learned is kept:
a site's outcomes never leave it, and none ship with Quarterhour. Needs the `rank` extra.
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
from quarterhour.matching.expert_lessons import Lesson, together

__all__ = ["Booster", "BoosterMissing", "grown"]

SHARED = {
    "learning_rate": 0.1,
    "num_leaves": 31,
    "min_data_in_leaf": 80,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "verbose": -1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
}
KINDS = (
    {"objective": "binary"},
    {"objective": "lambdarank", "lambdarank_truncation_level": 15},
    {"objective": "rank_xendcg"},
)
TREES = 200
Tell = Callable[[str, int, int], None]


class BoosterMissing(QuarterhourError):
    """The learned ranker is asked for, but its library is not there."""

    status = 503


@dataclass(frozen=True, slots=True)
class Booster:
    """models: all of them put people in order; the first also tells how likely help is."""

    models: Sequence[Any]

    def read(self, rows: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Scores and chances of the people considered for one question.

        A score is the mean of the models, in standard deviations within the question. A chance, 0 to 1, is to help
        within three days.
        """
        found = np.stack([np.asarray(model.predict(rows, raw_score=True)) for model in self.models])
        wide = found.std(axis=1, keepdims=True)
        spread = (found - found.mean(axis=1, keepdims=True)) / np.where(wide > 0, wide, 1.0)
        return spread.mean(axis=0), 1 / (1 + np.exp(-found[0]))


def grown(lessons: Sequence[Lesson], names: Sequence[str], *, seed: int, tell: Tell) -> Booster:
    """Grow the trees from `lessons`. Same lessons and seed: same trees. Raises BoosterMissing."""
    lightgbm = library()
    rows, helped, sizes = together(lessons)
    table = lightgbm.Dataset(rows, helped, group=sizes, feature_name=list(names), params=SHARED).construct()
    models = []
    for number, kind in enumerate(KINDS):

        def progress(env: Any, before: int = number * TREES) -> None:
            tell("Growing trees", before + env.iteration + 1, len(KINDS) * TREES)

        how = {**SHARED, **kind, "seed": seed * 1000 + number}
        models.append(lightgbm.train(how, table, TREES, callbacks=[progress]))
    return Booster(models)


def library(instead: str = "take --mode default") -> Any:
    """LightGBM, or a sentence that says how to get it, or what to do instead."""
    try:
        import lightgbm
    except ImportError as error:
        raise BoosterMissing(
            "The learned ranker needs LightGBM, which is not installed. Install the extra, pip install"
            f" 'quarterhour[rank]', or in a checkout requirements/rank.lock; or {instead}."
        ) from error
    except OSError as error:
        raise BoosterMissing(
            f"LightGBM is installed but cannot start ({error}). It needs the OpenMP library: on Debian and Ubuntu"
            f" apt-get install libgomp1. Or {instead}."
        ) from error
    return lightgbm
