"""How likely it is that somebody can clearly help, and whether to say so."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import exp, isfinite

from quarterhour.engines.matching.family import Family
from quarterhour.engines.matching.model import Asked, Fit

__all__ = ["SURE", "chances", "is_confident", "keeps_all_back", "unmet"]

# From this chance on somebody is shown as a match: the cut of `chances`.
SURE = 0.5
# The chance as a logistic curve of the score and of what nobody knows; docs/algorithms/matching.md says how it was set.
AT_ZERO, BY_SCORE, BY_UNMET = -4.6, 6.7, -7.2
AT_ZERO_BY_WORDS, BY_SCORE_BY_WORDS, BY_UNMET_BY_WORDS = -1.6, 5.4, -11.0
NEAR_THE_TOP, SHOWN = 20, 3
# A skill whose vector is nearer to the question than the second is meant; one further than the first only shares words.
DISTANT, CLOSE, UNREAD = 0.30, 0.45, 0.5
# Words alone tell of no subject: so much of them counts where neither a topic is met nor the meaning is near; all of
# them from TOPICS_MET, or from NEAR, on. docs/algorithms/matching.md says what that spares.
WORDS_ALONE, WORDS_ALONE_UNREAD, TOPICS_MET, FAR, NEAR = 0.2, 0.1, 0.3, 0.25, 0.40
# Who refuses the question this clearly does not count as knowing it.
REFUSED = -0.4


def chances(asked: Asked, ranked: Sequence[Fit], *, family: Family) -> list[float]:
    """How likely each of the ranking can clearly help, 0 to 1, in the same order; falling, as the scores do, but for
    those who only share words with the question.

    The best score is held against what nobody near the top knows: words may be shared with a question whose
    subject nobody has met. How often this is right: docs/algorithms/matching.md.
    """
    missed = unmet(asked, ranked, family=family)
    read = any(fit.parts.meaning > 0 for fit in ranked[:NEAR_THE_TOP])
    at_zero, by_score, by_unmet = (
        (AT_ZERO, BY_SCORE, BY_UNMET) if read else (AT_ZERO_BY_WORDS, BY_SCORE_BY_WORDS, BY_UNMET_BY_WORDS)
    )
    much = WORDS_ALONE if read else WORDS_ALONE_UNREAD
    worth = [fit.score - _words_alone(fit, much) for fit in ranked]
    return [_logistic(at_zero + by_score * value + by_unmet * missed) for value in worth]


def _words_alone(fit: Fit, much: float) -> float:
    """How much of a score is words that happen to be shared: with a question about Saturn, the rings on a finger."""
    parts = fit.parts
    met = max(parts.topics / TOPICS_MET, (parts.meaning - FAR) / (NEAR - FAR))
    return max(0.0, parts.words - much) * (1 - min(1.0, max(0.0, met)))


def is_confident(asked: Asked, ranked: Sequence[Fit], *, family: Family) -> bool:
    """Whether somebody in the ranking can be shown as fitting; otherwise nobody fits yet."""
    if not ranked or ranked[0].parts.language < 0:
        return False
    return max(chances(asked, ranked[:NEAR_THE_TOP], family=family)) >= SURE


def keeps_all_back(asked: Asked, ranked: Sequence[Fit], *, family: Family) -> str | None:
    """The one skill but for which somebody here could be shown as fitting; None where that is not the reason.

    Whoever was found has to know something else the question is about: without any subject nobody comes near.
    """
    if not ranked or ranked[0].parts.language < 0:
        return None
    for skill_id in sorted(asked.skills, key=lambda one: -asked.skills[one]):
        others = {one: weight for one, weight in asked.skills.items() if one != skill_id}
        without = replace(asked, skills=others)
        met = any(not others.keys().isdisjoint(fit.met) for fit in ranked[:SHOWN])
        if met and max(chances(without, ranked, family=family)) >= SURE:
            return skill_id
    return None


def unmet(asked: Asked, ranked: Sequence[Fit], *, family: Family) -> float:
    """How much the question is about a skill that nobody near the top knows: the weightiest such skill, 0 to 1.

    A skill counts by its weight and by how clearly it is meant, not only worded; somebody who knows what is near
    takes away as much of it.
    """
    known = {
        topic.skill_id
        for fit in ranked[:NEAR_THE_TOP]
        if fit.parts.not_for > REFUSED
        for topic in fit.mentor.topics
        if topic.skill_id
    }
    return max(
        (
            weight * clear * (1 - _nearest(family.helpers_of(skill_id), known))
            for skill_id, weight in asked.skills.items()
            if isfinite(weight) and (clear := _clearly_meant(skill_id, asked.meant)) > 0
        ),
        default=0.0,
    )


def _nearest(helpers: Mapping[str, float], known: set[str]) -> float:
    return max((helpers[one] for one in known & helpers.keys()), default=0.0)


def _clearly_meant(skill_id: str, meant: Mapping[str, float]) -> float:
    if not meant:
        return UNREAD
    return min(1.0, max(0.0, (meant.get(skill_id, 0.0) - DISTANT) / (CLOSE - DISTANT)))


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-max(-50.0, min(50.0, value))))
