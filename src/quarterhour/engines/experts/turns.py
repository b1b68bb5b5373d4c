"""Whose turn it is: the last of the first ten places are open to people the past says little about.

A ranking that only repeats the past shows the same few people for ever, and who is never shown never gets to help.
So the first places go by score, and the open ones to whoever is worth most there: the likely helpers the ranking
names, or challengers. A challenger's chance is counted higher while they are new, and they get something on top
while they have hardly been shown. Each showing makes the next one dearer, as a congestion price does.

Guarantees, for every question: the first places are the ranking's own; nobody is left out; nobody is moved but into
an open place, and those who stay keep their order; whoever yields was, by their chance, worth no more than what the
challenger's counted for. A ranking depends on earlier questions only, never on later ones.
Sources: A. Singh, T. Joachims, Fairness of Exposure in Rankings, KDD 2018; the worth of trying what is little known,
P. Auer, N. Cesa-Bianchi, P. Fischer, Machine Learning 47 (2002), 235-256.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["SHOWN", "Policy", "Turns"]

SHOWN = 10
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Policy:
    """How open the last places are.

    newcomer: how many times more help by a newcomer is worth than the same help by others; 1 is no preference.
    turn: what showing somebody who was never shown is worth, in expected helps; 0 shows nobody for its own sake.
    places: how many of the ten are open, 0 to 10.
    """

    newcomer: float = 1.0
    turn: float = 0.0
    places: int = 1

    @property
    def closed(self) -> bool:
        return self.places <= 0 or (self.newcomer <= 1 and self.turn <= 0)


class Turns:
    """Counts who was shown and gives the open places away."""

    def __init__(self, new: NDArray[np.bool_], policy: Policy) -> None:
        """new: for each person of the pool whether they are a newcomer."""
        self._new, self._policy = new, policy
        self.shown = np.zeros(len(new))

    def arranged(self, order: NDArray[np.int64], chance: Floats) -> NDArray[np.int64]:
        """The order in which one question's people are shown. Counts the first ten as shown.

        order: places in the pool, best first, each once. chance: of each of them, to help, 0 to 1.
        """
        arranged = order
        if not self._policy.closed and len(order) > SHOWN:
            kept = SHOWN - min(self._policy.places, SHOWN)
            best = np.argsort(-self._worth(order[kept:], chance[kept:]), kind="stable")[: SHOWN - kept]
            chosen = np.concatenate([np.arange(kept), kept + np.sort(best)])
            arranged = np.concatenate([order[chosen], np.delete(order, chosen)])
        self.shown[arranged[:SHOWN]] += 1
        return arranged

    def _worth(self, places: NDArray[np.int64], chance: Floats) -> Floats:
        likely = chance * np.where(self._new[places], self._policy.newcomer, 1.0)
        worth: Floats = likely + self._policy.turn / (1 + self.shown[places]) ** 2
        return worth
