"""Three chances, each a curve of what the default said and trees on top of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.learned.curve import Curve, logistic
from quarterhour.engines.learned.features import HEADS, Numbers, bases_of, rows_of
from quarterhour.engines.market.place import ORDINARY, Policy

__all__ = ["Head", "Heads"]

Floats = NDArray[np.float64]
AS_IT_IS = Curve()
Trees = Callable[[NDArray[np.float32]], Floats]


@dataclass(frozen=True, slots=True)
class Head:
    """trees: rows of FEATURES to logits that are added; None where there was nothing to learn beyond the curve."""

    curve: Curve = AS_IT_IS
    trees: Trees | None = None

    def chance(self, rows: NDArray[np.float32], base: Floats) -> Floats:
        """base: the default's chance. Without rows, none."""
        value = self.curve.of(base)
        return logistic(value if self.trees is None or not len(rows) else value + self.trees(rows))


@dataclass(frozen=True, slots=True)
class Heads:
    """of: a Head for each of HEADS; a missing one leaves the default's chance as it is.

    welcome: how many times the others newcomers count, so that learning takes no looks from them; 1 or more.
    """

    of: Mapping[str, Head] = field(default_factory=dict)
    welcome: float = 1.0

    def chances(self, numbers: Numbers, policy: Policy = ORDINARY) -> Floats:
        """That each is picked once looked at, says yes, and then helps; shape (n, 3)."""
        rows, bases = rows_of(numbers, policy), bases_of(numbers, policy)
        plain = Head()
        found = [self.of.get(name, plain).chance(rows, bases[:, at]) for at, name in enumerate(HEADS)]
        return np.column_stack(found)
