"""Who helped with questions like this one, and who will help with the next?

    history = History(pasts, pool, until=now)            # only what had happened by then
    signals = Signals(history, vectors=None)             # words, meanings, habits: prepared once
    found = signals.of(ask)                              # features by name, see table.TABLE
    plain_score(found)                                   # one score for each person; needs no training
    Weights(rows, helped, sizes, signals.names)          # better ones, solved from the last months of the history
    Turns(new, Policy(newcomer=4, turn=0.05))            # whose turn it is on the open place
    judge(rankings, relevant, pool, earlier_helps=...)   # recall, nDCG, newcomers, coverage, Gini, with intervals

What each part is worth: docs/algorithms/experts.md.
"""

from quarterhour.engines.experts.features import Signals, names_of
from quarterhour.engines.experts.history import History, candidates_of, earlier_helps, helpers
from quarterhour.engines.experts.metrics import Figure, Judged, judge
from quarterhour.engines.experts.model import Ask, Past, Reply
from quarterhour.engines.experts.plain import plain_chance, plain_score
from quarterhour.engines.experts.presence import Presence
from quarterhour.engines.experts.table import TABLE
from quarterhour.engines.experts.turns import Policy, Turns
from quarterhour.engines.experts.weights import Weights

__all__ = [
    "TABLE",
    "Ask",
    "Figure",
    "History",
    "Judged",
    "Past",
    "Policy",
    "Presence",
    "Reply",
    "Signals",
    "Turns",
    "Weights",
    "candidates_of",
    "earlier_helps",
    "helpers",
    "judge",
    "names_of",
    "plain_chance",
    "plain_score",
]
