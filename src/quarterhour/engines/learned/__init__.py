"""A ranker that learns from what a site has seen: who was picked where, who said yes, and what helped.

    looks = looks_of(earlier)                                 how often people look at each place
    chances = heads.chances(numbers)                          picked once seen, accepted, helped: (n, 3)
    offers = offered(numbers, chances)                        placed by `engines.market` like any others
    judged = judge(later, heads, looks, policy=..., seed=1)   what it would have been worth on weeks it has not seen
    gate = decide(judged, counts_of(earlier), counts_of(later))

What the numbers are, and when a learned ranker is taken: docs/algorithms/learned.md.
"""

from quarterhour.engines.learned.curve import Curve, curve_of, logistic, logit
from quarterhour.engines.learned.features import (
    FEATURES,
    GROWING,
    HEADS,
    VERSION,
    Numbers,
    bases_of,
    numbers_of,
    rows_of,
)
from quarterhour.engines.learned.gate import LEAST, Counts, Gate, counts_of, decide, missing
from quarterhour.engines.learned.heads import Head, Heads
from quarterhour.engines.learned.judge import Estimate, Judged, judge, plain_heads
from quarterhour.engines.learned.looks import Looks, looks_of
from quarterhour.engines.learned.offers import expected, offered
from quarterhour.engines.learned.shown import PLACES, Shown, place_of, share_helped, value_of
from quarterhour.engines.learned.welcome import MOST_WELCOME, welcomed

__all__ = [
    "FEATURES",
    "GROWING",
    "HEADS",
    "LEAST",
    "MOST_WELCOME",
    "PLACES",
    "VERSION",
    "Counts",
    "Curve",
    "Estimate",
    "Gate",
    "Head",
    "Heads",
    "Judged",
    "Looks",
    "Numbers",
    "Shown",
    "bases_of",
    "counts_of",
    "curve_of",
    "decide",
    "expected",
    "judge",
    "logistic",
    "logit",
    "looks_of",
    "missing",
    "numbers_of",
    "offered",
    "place_of",
    "plain_heads",
    "rows_of",
    "share_helped",
    "value_of",
    "welcomed",
]
