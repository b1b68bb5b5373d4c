"""What newcomers would lose by learning is given back: how many times they have to count to keep their looks."""

from collections.abc import Sequence
from dataclasses import replace

from quarterhour.engines.learned.heads import Heads
from quarterhour.engines.learned.judge import fairness_of, orders_of
from quarterhour.engines.learned.looks import Looks
from quarterhour.engines.learned.shown import Shown
from quarterhour.engines.market.place import ORDINARY, Policy

__all__ = ["MOST_WELCOME", "welcomed"]

MOST_WELCOME, STEP = 2.0, 1.08
MARGIN = 0.02  # two points more than before, so that other weeks do not tip it over
MOST = 300  # rankings looked at


def welcomed(heads: Heads, rankings: Sequence[Shown], looks: Looks, policy: Policy = ORDINARY) -> Heads:
    """The same heads with the smallest `welcome` by which newcomers have as many looks at cards as with the default.

    rankings: earlier weeks; the last three hundred are looked at. Never above MOST_WELCOME: the gate says where that
    was not enough. Past histories say little of newcomers, so that what is learned would leave them behind for ever.
    """
    last = rankings[-MOST:]
    welcome = 1.0
    while True:
        found = replace(heads, welcome=welcome)
        orders = [orders_of(each, found, policy) for each in last]
        default, learned = (
            fairness_of(last, [both[at] for both in orders], looks, policy).newcomers for at in range(2)
        )
        if learned >= min(1.0, default + MARGIN) or welcome >= MOST_WELCOME:
            return found
        welcome = min(MOST_WELCOME, welcome * STEP)
