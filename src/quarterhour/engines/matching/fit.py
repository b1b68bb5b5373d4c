"""Who fits a question, and why: words, meaning and topics together."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import isfinite

from quarterhour.engines.matching.copies import TOLD, copies
from quarterhour.engines.matching.family import Family
from quarterhour.engines.matching.model import Asked, Fit, Mentor, Parts, Piece, Weights
from quarterhour.engines.matching.signs import TopicMeeting, heart_of, language_shared, refusal
from quarterhour.engines.matching.terms import WordScores, brief, prose, rarity, terms_of

__all__ = ["rank", "score_of"]


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

    pieces: what is known of these mentors; others' pieces are left aside, and so are near copies of what was said
        earlier, by whomever. Works without any similarity.
    family: the taxonomy's relations. frequency, total: in how many pieces of the whole collection a term
        stands, and how many pieces there are; counted over `pieces` where not given.
    Equal scores stand in the order of `mentors`.
    """
    offered = list(mentors)
    known = {mentor.id for mentor in offered}
    held = [piece for piece in pieces if piece.mentor_id in known]
    copied = copies(held)
    terms = terms_of(asked.text, asked.language)
    scores = WordScores(
        [terms_of(piece.read, piece.language or "en") for piece in held], frequency=frequency, total=total
    )
    told = [plainly_told(piece) for piece in held]
    worth = [value * share for value, share in zip(scores.scores(terms), told, strict=True)]
    meaning = [value * share for value, share in zip(_similarities(held), told, strict=True)]
    of_mentor: dict[Hashable, list[int]] = defaultdict(list)
    for number, piece in enumerate(held):
        if number not in copied:
            of_mentor[piece.mentor_id].append(number)
    frequencies = scores.frequency_of(terms)
    asked_terms = {term: rarity(frequencies.get(term, 0), scores.total) for term in set(terms)}
    meeting, heart = TopicMeeting(asked, family, weights), heart_of(asked)
    fits = []
    for mentor in offered:
        own = of_mentor[mentor.id]
        topics, met, coverage = meeting.of(mentor)
        parts = Parts(
            words=_best([worth[number] for number in own], weights),
            meaning=_best([meaning[number] for number in own], weights),
            topics=topics,
            kind=float(not mentor.helps_with or asked.kind in mentor.helps_with),
            language=language_shared(asked, mentor),
            not_for=refusal(heart, asked_terms, mentor, family),
            coverage=coverage,
        )
        telling = sorted(own, key=lambda number: -(weights.words * worth[number] + weights.meaning * meaning[number]))
        fits.append(Fit(mentor, score_of(parts, weights), parts, tuple(held[number] for number in telling), met))
    return sorted(fits, key=lambda fit: -fit.score)


def score_of(parts: Parts, weights: Weights) -> float:
    """What the parts are worth together."""
    return (
        weights.words * parts.words
        + weights.meaning * parts.meaning
        + weights.topics * parts.topics
        + weights.kind * parts.kind
        + weights.language * parts.language
        - weights.not_for * parts.not_for**2
    )


def plainly_told(piece: Piece) -> float:
    """0 to 1: how much of a piece counts. A list of keywords where a story should be says nothing."""
    judged = prose if piece.kind in TOLD else brief
    return judged(piece.text, piece.language or "en")


def _best(values: Iterable[float], weights: Weights) -> float:
    """The best piece, and each further one for less: one good story counts more than five faint hints."""
    counted = sorted(values, reverse=True)[: weights.pieces]
    shares = [weights.diminish**place for place in range(weights.pieces)]
    return sum(value * share for value, share in zip(counted, shares, strict=False)) / sum(shares)


def _similarities(pieces: Sequence[Piece]) -> list[float]:
    """The similarity of each piece; one the model has not read counts as the least similar of the others."""
    read = [None if one.similarity is None or not isfinite(one.similarity) else one.similarity for one in pieces]
    least = min((value for value in read if value is not None), default=0.0)
    return [max(0.0, least if value is None else value) for value in read]
