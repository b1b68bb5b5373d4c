"""The ranking that needs no training: three readings of the past, multiplied.

    score = log(half expectation + quarter votes by meaning + quarter votes by words + 0.01) + answers

The first part is a share of asks like this one that the person answers; the second is what the question's words say
about the person's own answers. The numbers are round on purpose; docs/algorithms/experts.md says what each is worth.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

__all__ = ["plain_chance", "plain_score"]

Floats = NDArray[np.float64]
HELPERS_EACH = 2.0
"""About how many people help with one ask: turns shares of votes into probabilities."""
DOUBT = 0.01


def plain_score(found: Mapping[str, Floats]) -> Floats:
    """One score for each person, comparable within one question. found: features by name, see `table.TABLE`."""
    expected = (found["likely_thread_60"] + found["likely_question_60"]) / 2
    voted = (_shares(found["votes_meaning"]) + _shares(found["votes_thread_hour"])) / 2
    likely = (np.maximum(expected, 0) + HELPERS_EACH * voted) / 2
    score: Floats = np.log(likely + DOUBT) + found["answers"]
    return score


def plain_chance(scores: Floats) -> Floats:
    """About how likely each person is to help, 0 to 1: two helpers shared out by score. scores: of `plain_score`."""
    if not len(scores):
        return scores
    shares = np.exp(scores - scores.max())
    chances: Floats = np.minimum(HELPERS_EACH * shares / shares.sum(), 1.0)
    return chances


def _shares(logs: Floats) -> Floats:
    votes = np.exp(logs)
    shares: Floats = votes / votes.sum()
    return shares
