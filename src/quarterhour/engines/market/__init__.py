"""A market of two sides: what a match is worth to both, who may be new, and who has given enough this week.

    placed = place(offers, seed=seed_of(need.pk), policy=Policy())     the offers, best expected help first
    report = play(town, weeks=26, seed=1, policy=Policy())             what a policy does over half a year

The guarantees and the figures: docs/algorithms/market.md.
"""

from quarterhour.engines.market.place import SHIPPED, Offer, Placed, Policy, place
from quarterhour.engines.market.play import Report, Town, play

__all__ = ["SHIPPED", "Offer", "Placed", "Policy", "Report", "Town", "place", "play"]
