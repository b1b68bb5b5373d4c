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
    """One score for each person, comparable within one question. found: features by name, see `table.TABLE`.

    A part whose features are missing is left out.
    """
    expected = [found[name] for name in ("likely_thread_60", "likely_question_60") if name in found]
    voted = [_shares(found[name]) for name in ("votes_meaning", "votes_thread_hour") if name in found]
    parts = [np.maximum(np.mean(expected, axis=0), 0)] if expected else []
    parts += [HELPERS_EACH * np.mean(voted, axis=0)] if voted else []
    score: Floats = np.log((np.mean(parts, axis=0) if parts else 0.0) + DOUBT) + found.get("answers", 0.0)
    return score + np.zeros(len(next(iter(found.values()))))


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
