"""Three people first, and not three times the same view."""

from collections.abc import Sequence
from functools import lru_cache
from math import isfinite

from quarterhour.engines.matching.model import Fit, Piece
from quarterhour.engines.matching.terms import terms_of

__all__ = ["likeness", "three_views"]

# How far a lower place may be preferred for saying something else; a choice profits most from other views.
SPREAD, SPREAD_FOR_A_CHOICE = 0.15, 0.25
# Nobody is shown who fits much worse than the first, however different.
FLOOR = 0.6
CONSIDERED = 12
TELLING = 2
# What likeness is made of: what they tell, the topics they share, and where they come from.
BY_WORDS, BY_TOPICS, BY_ROAD = 0.65, 0.25, 0.10


def three_views(ranked: Sequence[Fit], *, kind: str = "unblock", count: int = 3) -> list[Fit]:
    """The first of a ranking, and after it those who fit well and say something else.

    kind: of help; for "decide" and "explore" other views weigh more. Near copies of somebody already chosen
    give way to the next best. Returns at most `count`, the best first; ties stay in the ranking's order.
    Source: maximal marginal relevance, J. Carbonell, J. Goldstein, SIGIR 1998, 335-336.
    """
    if not ranked or count < 1:
        return []
    first = ranked[0]
    spread = SPREAD_FOR_A_CHOICE if kind in ("decide", "explore") else SPREAD
    pool = [fit for fit in ranked[1:CONSIDERED] if fit.score >= FLOOR * first.score]
    chosen = [first]
    while pool and len(chosen) < count:
        best = max(pool, key=lambda fit: fit.score - spread * first.score * max(likeness(fit, one) for one in chosen))
        pool.remove(best)
        chosen.append(best)
    rest = [fit for fit in ranked if fit not in chosen]
    return chosen + rest[: count - len(chosen)]


def likeness(one: Fit, other: Fit) -> float:
    """How alike two mentors would answer, 0 to 1: by what they tell that bears on the question.

    The best pieces are compared by their vectors where they have some, otherwise by their words, the topics by
    their skills, and the roads (region, industry, kind of employer) by what they have in common.
    """
    said = max(
        (_alike(first, second) for first in one.pieces[:TELLING] for second in other.pieces[:TELLING]), default=0.0
    )
    mine, theirs = (
        {topic.skill_id for topic in fit.mentor.topics if topic.skill_id is not None} for fit in (one, other)
    )
    shared = len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0
    roads = one.mentor.road & other.mentor.road
    road = len(roads) / min(len(one.mentor.road), len(other.mentor.road)) if roads else 0.0
    return max(0.0, min(1.0, BY_WORDS * said + BY_TOPICS * shared + BY_ROAD * road))


def _alike(first: Piece, second: Piece) -> float:
    if first.embedding is not None and second.embedding is not None:
        cosine = float(first.embedding @ second.embedding)
        return cosine if isfinite(cosine) else 0.0
    mine, theirs = _words(first.read), _words(second.read)
    return len(mine & theirs) / min(len(mine), len(theirs)) if mine and theirs else 0.0


@lru_cache(maxsize=2048)
def _words(text: str) -> frozenset[str]:
    return frozenset(terms_of(text))
