"""Who could help, why, and what is missing: pure functions over what the database found.

    ranked = rank(asked, mentors, pieces, family=family_of(skills()), frequency=counts, total=pieces_in_all)
    if is_confident(asked, ranked, family=family): ...
    for fit in three_views(ranked, kind=asked.kind):
        why_line(asked, fit, family=family), quotes(asked, fit.pieces), what_is_missing(asked, fit, ...)

The weights, where they come from and how well they do: docs/algorithms/matching.md.
"""

from quarterhour.engines.matching.evidence import Quote, quotes
from quarterhour.engines.matching.explain import Why, what_is_missing, why_line
from quarterhour.engines.matching.family import Family, family_of
from quarterhour.engines.matching.fit import heart_of, is_confident, rank, unmet
from quarterhour.engines.matching.model import Asked, Fit, Level, Mentor, Parts, Piece, PieceKind, Topic, Weights
from quarterhour.engines.matching.terms import WordScores, rarity, telling_terms, terms_of
from quarterhour.engines.matching.views import likeness, three_views

__all__ = [
    "Asked",
    "Family",
    "Fit",
    "Level",
    "Mentor",
    "Parts",
    "Piece",
    "PieceKind",
    "Quote",
    "Topic",
    "Weights",
    "Why",
    "WordScores",
    "family_of",
    "heart_of",
    "is_confident",
    "likeness",
    "quotes",
    "rank",
    "rarity",
    "telling_terms",
    "terms_of",
    "three_views",
    "unmet",
    "what_is_missing",
    "why_line",
]
