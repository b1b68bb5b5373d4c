"""Who could help, why, and what is missing: pure functions over what the database found.

    ranked = rank(asked, mentors, pieces, family=family_of(skills()), frequency=counts, total=pieces_in_all)
    if is_confident(asked, ranked, family=family): ...
    for fit in three_views(ranked, kind=asked.kind):
        why_line(asked, fit, family=family), quotes(asked, fit.pieces), what_is_missing(asked, fit, ...)
        what_mattered(asked, fit, ranked)
    counterfactual(asked, everybody, standing_in_the_way, chips, family=family)
    replay(table_of(ranked), weights)

The weights, where they come from and how well they do: docs/algorithms/matching.md.
"""

from quarterhour.engines.matching.confidence import SURE, chances, is_confident, keeps_all_back, unmet
from quarterhour.engines.matching.counterfactual import Relaxed, counterfactual
from quarterhour.engines.matching.evidence import Quote, quotes
from quarterhour.engines.matching.explain import Why, what_is_missing, why_line
from quarterhour.engines.matching.family import Family, family_of
from quarterhour.engines.matching.features import FEATURES, VERSION, Feature, features_of, replay, table_of
from quarterhour.engines.matching.fit import Judging, rank
from quarterhour.engines.matching.model import Asked, Fit, Level, Mentor, Parts, Piece, PieceKind, Topic, Weights
from quarterhour.engines.matching.reasons import Reason, said_of, what_mattered
from quarterhour.engines.matching.refusals import refused_skills
from quarterhour.engines.matching.signs import heart_of, meant_skills
from quarterhour.engines.matching.terms import WordScores, rarity, telling_terms, terms_of
from quarterhour.engines.matching.views import likeness, three_views

__all__ = [
    "FEATURES",
    "SURE",
    "VERSION",
    "Asked",
    "Family",
    "Feature",
    "Fit",
    "Judging",
    "Level",
    "Mentor",
    "Parts",
    "Piece",
    "PieceKind",
    "Quote",
    "Reason",
    "Relaxed",
    "Topic",
    "Weights",
    "Why",
    "WordScores",
    "chances",
    "counterfactual",
    "family_of",
    "features_of",
    "heart_of",
    "is_confident",
    "keeps_all_back",
    "likeness",
    "meant_skills",
    "quotes",
    "rank",
    "rarity",
    "refused_skills",
    "replay",
    "said_of",
    "table_of",
    "telling_terms",
    "terms_of",
    "three_views",
    "unmet",
    "what_is_missing",
    "what_mattered",
    "why_line",
]
