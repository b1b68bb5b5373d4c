"""A ranking as numbers in a fixed order: kept compactly, and replayed a year later with the weights of then or now."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.matching.model import Fit, Weights

__all__ = ["FEATURES", "VERSION", "Feature", "features_of", "replay", "table_of"]

# Of what the features mean and how they become a score: raised when either changes. Weights are stored beside it.
VERSION = "parts-2"


@dataclass(frozen=True, slots=True)
class Feature:
    """One number about a mentor and a question. least, most: its range, None for unbounded."""

    name: str
    unit: str
    least: float | None
    most: float | None
    why: str


# The order is the order of every stored array: append only, and raise VERSION with any other change.
FEATURES: tuple[Feature, ...] = (
    Feature("words", "share of the question's telling words, best four pieces", 0.0, 2.2, "They used the same words."),
    Feature("meaning", "cosine, best four pieces", 0.0, 1.0, "They tell of something alike, in whatever words."),
    Feature("topics", "weight of the asked skills met, best three topics", 0.0, 2.2, "They named what is asked about."),
    Feature("kind", "yes or no", 0.0, 1.0, "They offer this kind of help."),
    Feature("language", "1 their own, 0, -10 none shared", -10.0, 1.0, "Two have to understand each other."),
    Feature("not_for", "share of the question", -1.0, 0.0, "They asked not to be asked this."),
    Feature("coverage", "share of the asked skills", 0.0, 1.0, "How much of it they met; not part of the score."),
)


def features_of(fit: Fit) -> NDArray[np.float32]:
    """The features of one mentor in the order of FEATURES, 4 bytes each."""
    return np.array([getattr(fit.parts, feature.name) for feature in FEATURES], dtype=np.float32)


def table_of(ranked: Iterable[Fit]) -> NDArray[np.float32]:
    """One row of features for each mentor, in the order given; shape (n, len(FEATURES)), also for n = 0."""
    rows = [features_of(fit) for fit in ranked]
    return np.stack(rows) if rows else np.empty((0, len(FEATURES)), dtype=np.float32)


def replay(features: NDArray[np.float32], weights: Weights) -> NDArray[np.float32]:
    """The scores of stored rows, as `rank` gave them up to rounding.

    features: shape (n, len(FEATURES)). weights: the stored ones to see what was, others to see what would be.
    Raises ValueError for rows of another length: they belong to another VERSION.
    """
    if features.ndim != 2 or features.shape[1] != len(FEATURES):  # noqa: PLR2004 - rows and columns
        raise ValueError(f"Rows of {features.shape[-1]} features cannot be replayed: {VERSION} has {len(FEATURES)}.")
    words, meaning, topics, kind, language, not_for, _ = features.astype(np.float64).T
    scores = (
        weights.words * words
        + weights.meaning * meaning
        + weights.topics * topics
        + weights.kind * kind
        + weights.language * language
        - weights.not_for * not_for**2
    )
    return np.asarray(scores, dtype=np.float32)
