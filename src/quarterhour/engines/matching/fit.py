"""Who fits a question, and why: words, meaning and topics together."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence

from quarterhour.engines.matching.family import Family
from quarterhour.engines.matching.model import Asked, Fit, Level, Mentor, Parts, Piece, Topic, Weights
from quarterhour.engines.matching.terms import WordScores, rarity, terms_of

__all__ = ["heart_of", "is_confident", "rank", "unmet"]

# Who has lived something is asked before who knows it well.
LEVELS: Mapping[Level, float] = {"lived": 1.0, "expert": 0.9, "strong": 0.85}
NOTHING = {"", "none", "-", "n/a", "nothing"}
# Two who share no language cannot talk, whatever else fits.
NONE_SHARED = -10.0
# From here on a topic meets a skill.
MET = 0.5
# The heart of a question are the skills at least this near to its surest one.
HEART = 0.7
# Confidence: set on the town, see docs/algorithms/matching.md.
ASSURED, ASSURED_BY_WORDS, UNMET, NEAR_THE_TOP = 0.5, 0.12, 0.4, 20


def rank(
    asked: Asked,
    mentors: Iterable[Mentor],
    pieces: Iterable[Piece],
    *,
    family: Family,
    frequency: Mapping[str, int] | None = None,
    total: int | None = None,
    weights: Weights = Weights(),  # noqa: B008 - frozen
) -> list[Fit]:
    """The mentors in the order in which they fit, the best first.

    pieces: what is known of these mentors; others' pieces are left aside. Works without any similarity.
    family: the taxonomy's relations. frequency, total: in how many pieces of the whole collection a term
        stands, and how many pieces there are; counted over `pieces` where not given.
    Equal scores stand in the order of `mentors`.
    """
    offered = list(mentors)
    known = {mentor.id for mentor in offered}
    held = [piece for piece in pieces if piece.mentor_id in known]
    terms = terms_of(asked.text, asked.language)
    scores = WordScores(
        [terms_of(piece.read, piece.language or "en") for piece in held], frequency=frequency, total=total
    )
    worth = scores.scores(terms)
    meaning = _similarities(held)
    of_mentor: dict[Hashable, list[int]] = defaultdict(list)
    for number, piece in enumerate(held):
        of_mentor[piece.mentor_id].append(number)
    asked_terms = {term: rarity(scores.frequency.get(term, 0), scores.total) for term in set(terms)}
    fits = []
    for mentor in offered:
        own = of_mentor[mentor.id]
        topics, met, coverage = _topics(asked, mentor, family, weights)
        parts = Parts(
            words=_best([worth[number] for number in own], weights),
            meaning=_best([meaning[number] for number in own], weights),
            topics=topics,
            kind=float(not mentor.helps_with or asked.kind in mentor.helps_with),
            language=_language(asked, mentor),
            not_for=_not_for(asked, asked_terms, mentor, family),
            coverage=coverage,
        )
        telling = sorted(own, key=lambda number: -(weights.words * worth[number] + weights.meaning * meaning[number]))
        fits.append(Fit(mentor, _score(parts, weights), parts, tuple(held[number] for number in telling), met))
    return sorted(fits, key=lambda fit: -fit.score)


def heart_of(asked: Asked) -> dict[str, float]:
    """The skills a question is about most of all, with their weights."""
    most = max(asked.skills.values(), default=0.0)
    return {skill_id: weight for skill_id, weight in asked.skills.items() if weight >= HEART * most > 0}


def is_confident(asked: Asked, ranked: Sequence[Fit], *, family: Family) -> bool:
    """Whether somebody in the ranking can be shown as fitting; otherwise nobody fits yet.

    The best score is held against what nobody near the top knows: words may be shared with a question whose
    subject nobody has met. How often this is right: docs/algorithms/matching.md.
    """
    if not ranked or ranked[0].parts.language < 0:
        return False
    read = any(fit.parts.meaning > 0 for fit in ranked[:NEAR_THE_TOP])
    sure = ranked[0].score - UNMET * unmet(asked, ranked, family=family)
    return sure >= (ASSURED if read else ASSURED_BY_WORDS)


def unmet(asked: Asked, ranked: Sequence[Fit], *, family: Family) -> float:
    """Share of the heart of a question that no topic of those near the top meets, 0 to 1."""
    heart = heart_of(asked)
    known = {topic.skill_id for fit in ranked[:NEAR_THE_TOP] for topic in fit.mentor.topics if topic.skill_id}
    lacking = (
        weight
        for skill_id, weight in heart.items()
        if not any(family.nearness(skill_id, other) > MET for other in known)
    )
    return sum(lacking) / sum(heart.values()) if heart else 0.0


def _score(parts: Parts, weights: Weights) -> float:
    return (
        weights.words * parts.words
        + weights.meaning * parts.meaning
        + weights.topics * parts.topics
        + weights.kind * parts.kind
        + weights.language * parts.language
        + weights.not_for * parts.not_for
    )


def _best(values: Iterable[float], weights: Weights) -> float:
    """The best piece, and each further one for less: one good story counts more than five faint hints."""
    counted = sorted(values, reverse=True)[: weights.pieces]
    shares = [weights.diminish**place for place in range(weights.pieces)]
    return sum(value * share for value, share in zip(counted, shares, strict=False)) / sum(shares)


def _similarities(pieces: Sequence[Piece]) -> list[float]:
    """The similarity of each piece; one the model has not read counts as the least similar of the others."""
    known = [piece.similarity for piece in pieces if piece.similarity is not None]
    least = min(known, default=0.0)
    return [max(0.0, least if piece.similarity is None else piece.similarity) for piece in pieces]


def _topics(asked: Asked, mentor: Mentor, family: Family, weights: Weights) -> tuple[float, dict[str, Topic], float]:
    """How far the mentor's topics meet the asked skills, which meets which, and the share that is met."""
    values: list[float] = []
    best: dict[str, tuple[float, Topic]] = {}
    for topic in mentor.topics:
        if topic.skill_id is None:
            continue
        value = 0.0
        for skill_id, weight in asked.skills.items():
            nearness = family.nearness(skill_id, topic.skill_id)
            if nearness:
                value = max(value, weight * nearness * LEVELS[topic.level])
                if nearness > best.get(skill_id, (0.0, topic))[0]:
                    best[skill_id] = (nearness, topic)
        values.append(value)
    values = sorted(values, reverse=True)[: weights.topics_counted]
    total = sum(value * weights.diminish_topics**place for place, value in enumerate(values))
    met = {skill_id: topic for skill_id, (nearness, topic) in best.items() if nearness >= MET}
    whole = sum(asked.skills.values())
    coverage = sum(asked.skills[skill_id] * nearness for skill_id, (nearness, _) in best.items())
    return total, met, coverage / whole if whole else 0.0


def _language(asked: Asked, mentor: Mentor) -> float:
    """1 if they speak the language somebody wrote in when it is not English, -10 if they share no language."""
    if asked.languages and mentor.languages and not asked.languages & mentor.languages:
        return NONE_SHARED
    return float(asked.language not in ("en", None) and asked.language in mentor.languages)


def _not_for(asked: Asked, terms: Mapping[str, float], mentor: Mentor, family: Family) -> float:
    """-1 to 0: how much of the question lies in what the mentor does not want to be asked."""
    if mentor.not_for.strip().rstrip(".").lower() in NOTHING:
        return 0.0
    heard = max(
        (
            weight * family.nearness(skill_id, refused)
            for skill_id, weight in heart_of(asked).items()
            for refused in mentor.not_for_skills
        ),
        default=0.0,
    )
    shared = set(terms) & set(terms_of(mentor.not_for))
    strongest = sum(sorted(terms.values(), reverse=True)[:4])
    said = sum(terms[term] for term in shared) / strongest if strongest else 0.0
    return -min(1.0, max(heard, said))
