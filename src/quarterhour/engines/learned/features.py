"""What the learned ranker looks at: the numbers of a kept ranking, a column each, and what the default made of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.market.place import ORDINARY, Offer, Policy
from quarterhour.engines.matching.features import FEATURES as OF_THE_FIT
from quarterhour.engines.matching.features import Feature

__all__ = ["FEATURES", "GROWING", "HEADS", "VERSION", "Numbers", "bases_of", "numbers_of", "rows_of"]

Floats = NDArray[np.float64]

# Of what the features mean: raised when one of them changes. A ranker of another version is not used.
VERSION = "learned-1"

FEATURES: tuple[Feature, ...] = (
    *OF_THE_FIT,
    Feature("suits", "chance", 0.0, 1.0, "What the default ranker believes, past questions alike included."),
    Feature("beside_best", "share of the best in this ranking", 0.0, 1.0, "People compare whom they see."),
    Feature("mentee_accepts", "chance", 0.0, 1.0, "The asker must want it, too."),
    Feature("mentor_accepts", "chance", 0.0, 1.0, "So must the mentor: at once, by hand, or another kind of help."),
    Feature("quality", "expected share of sessions that help", 0.0, 1.0, "What mentees said of them so far."),
    Feature("doubt", "standard deviation of that share", 0.0, 0.5, "Three answers say less than ninety-five."),
    Feature("load", "share of this week's minutes", 0.0, 1.0, "Who has given much this week says no more often."),
)
# More of these never counts against anybody, whatever a few weeks seem to say.
GROWING = frozenset({"suits", "quality", "not_for", "language", "kind", "mentee_accepts", "mentor_accepts"})
# The three chances a score is made of, in this order.
HEADS = ("pick", "accept", "help")
LEAST = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """The people of one ranking as the default ranker saw them: parts (n, 7) as kept, offers in the same order."""

    parts: NDArray[np.float32]
    offers: tuple[Offer, ...]


def numbers_of(parts: NDArray[np.float32], offers: tuple[Offer, ...]) -> Numbers:
    """Raises ValueError where parts are of another version of the default ranker, or not as many as offers."""
    if parts.shape != (len(offers), len(OF_THE_FIT)):
        raise ValueError(f"{len(offers)} offers need parts of shape ({len(offers)}, {len(OF_THE_FIT)}).")
    return Numbers(np.asarray(parts, dtype=np.float32), offers)


def rows_of(numbers: Numbers, policy: Policy = ORDINARY) -> NDArray[np.float32]:
    """One row for each person, in the order of FEATURES; shape (n, len(FEATURES))."""
    told = _columns(numbers, policy)
    return np.column_stack([numbers.parts, *told.values()]).astype(np.float32)


def bases_of(numbers: Numbers, policy: Policy = ORDINARY) -> Floats:
    """What the default ranker would say to the three chances, shape (n, 3), strictly between 0 and 1.

    Learning begins here: without a word from the site, or with too few, the order stays the default's.
    """
    told = _columns(numbers, policy)
    bases = [told["mentee_accepts"] * told["suits"], told["mentor_accepts"], told["suits"] * told["quality"]]
    return np.clip(np.column_stack(bases), LEAST, 1 - LEAST)


def _columns(numbers: Numbers, policy: Policy) -> dict[str, Floats]:
    def each(name: str) -> Floats:
        return np.array([getattr(offer, name) for offer in numbers.offers], dtype=np.float64)

    suits, rated, helped, budget = each("fit"), each("rated"), each("helped"), each("budget")
    good, bad = policy.prior_helped + helped, policy.prior_failed + rated - helped
    both = good + bad
    return {
        "suits": suits,
        "beside_best": suits / max(suits.max(initial=0.0), LEAST),
        "mentee_accepts": each("mentee_accepts"),
        "mentor_accepts": each("mentor_accepts"),
        "quality": good / both,
        "doubt": np.sqrt(good * bad / (both**2 * (both + 1))),
        "load": np.divide(each("given"), budget, out=np.ones_like(budget), where=budget > 0),
    }
