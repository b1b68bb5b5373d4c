"""What the detector learned: two sets of weights, one for when a sentence model reads along and one for words alone.

`weights.json` is part of the program, as a module is. How it was made, and from what: docs/algorithms/perspectives.md.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["HEADS", "Weights", "weights"]

Floats = NDArray[np.float64]

# side, takes_a_side, claim_side: of one piece. The rest of two: in a decision, then what it is where it is no conflict.
HEADS = (
    "side",
    "takes_a_side",
    "claim_side",
    "conflict",
    "agree",
    "compatible",
    "unrelated",
    "claim_conflict",
)


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """heads: head -> a weight for each feature and, last, what it is with none of them."""

    heads: Mapping[str, Floats]

    def odds(self, head: str, features: Floats) -> float:
        """Log-odds of that head."""
        learned = self.heads[head]
        return float(features @ learned[:-1] + learned[-1])

    def chance(self, head: str, features: Floats) -> float:
        """The same from 0 to 1."""
        return float(1 / (1 + np.exp(-max(-30.0, min(30.0, self.odds(head, features))))))


@lru_cache(maxsize=2)
def weights(*, meaning: bool) -> Weights:
    """The weights in force. meaning: whether vectors are at hand."""
    kept: Mapping[str, Mapping[str, Sequence[Any]]] = json.loads(
        files(__package__).joinpath("weights.json").read_text(encoding="utf-8")
    )
    heads = kept["meaning" if meaning else "words"]
    return Weights({head: np.array(heads[head], dtype=np.float64) for head in HEADS})
