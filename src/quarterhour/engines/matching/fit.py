"""Who fits a question, and why: words, meaning and topics together."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cache
from math import isfinite
from typing import NamedTuple

from quarterhour.engines.matching.copies import TOLD, copies
from quarterhour.engines.matching.family import Family
from quarterhour.engines.matching.model import Asked, Fit, Mentor, Parts, Piece, Topic, Weights
from quarterhour.engines.matching.signs import TopicMeeting, heart_of, language_shared, refusal
from quarterhour.engines.matching.terms import WordScores, brief, prose, rarity, terms_of

__all__ = ["Judging", "rank", "score_of"]


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
    return Judging(asked, family=family, weights=weights)(mentors, pieces, frequency=frequency, total=total)


class _Said(NamedTuple):
    """What one piece says, whoever it stands beside. terms: as read. told: see `plainly_told`."""

    terms: tuple[str, ...]
    told: float


class _Counted(NamedTuple):
    """One piece beside the others. worth: of its words. meaning: how near it is. Both as far as it is told."""

    worth: float
    meaning: float
    piece: Piece


class Judging:
    """Ranks people for one question, one set of them after another: what a piece says, and how somebody's topics meet
    the question, is found once. Within one judging an id stands for the same person, and for the same piece.
    """

    def __init__(self, asked: Asked, *, family: Family, weights: Weights = Weights()) -> None:  # noqa: B008 - frozen
        self.asked, self.family, self.weights = asked, family, weights
        self._terms = terms_of(asked.text, asked.language)
        self._heart = heart_of(asked)
        self._meeting = TopicMeeting(asked, family, weights)
        self._met: dict[Hashable, tuple[float, dict[str, Topic], float]] = {}
        self._said: dict[Hashable, _Said] = {}

    def __call__(
        self,
        mentors: Iterable[Mentor],
        pieces: Iterable[Piece],
        *,
        frequency: Mapping[str, int] | None = None,
        total: int | None = None,
    ) -> list[Fit]:
        """See `rank`."""
        offered = list(mentors)
        own: dict[Hashable, list[_Counted]] = {mentor.id: [] for mentor in offered}
        held = [piece for piece in pieces if piece.mentor_id in own]
        said = [self._read(piece) for piece in held]
        scores = WordScores([one.terms for one in said], frequency=frequency, total=total)
        frequencies = scores.frequency_of(self._terms)
        worth = [
            value * one.told
            for value, one in zip(scores.of_terms(frequencies, asked=len(set(self._terms))), said, strict=True)
        ]
        meaning = [value * one.told for value, one in zip(_similarities(held), said, strict=True)]
        copied = copies(held)
        for number, counted in enumerate(map(_Counted, worth, meaning, held)):
            if number not in copied:
                own[counted.piece.mentor_id].append(counted)
        asked_terms = {term: rarity(frequencies.get(term, 0), scores.total) for term in set(self._terms)}
        fits = [self._fit(mentor, own[mentor.id], asked_terms) for mentor in offered]
        return sorted(fits, key=lambda fit: -fit.score)

    def _fit(self, mentor: Mentor, own: Sequence[_Counted], asked_terms: Mapping[str, float]) -> Fit:
        asked, weights = self.asked, self.weights
        if mentor.id not in self._met:
            self._met[mentor.id] = self._meeting.of(mentor)
        topics, met, coverage = self._met[mentor.id]
        parts = Parts(
            words=_best([one.worth for one in own], weights),
            meaning=_best([one.meaning for one in own], weights),
            topics=topics,
            kind=float(not mentor.helps_with or asked.kind in mentor.helps_with),
            language=language_shared(asked, mentor),
            not_for=refusal(self._heart, asked_terms, mentor, self.family),
            coverage=coverage,
        )
        telling = sorted(own, key=lambda one: -(weights.words * one.worth + weights.meaning * one.meaning))
        return Fit(mentor, score_of(parts, weights), parts, tuple(one.piece for one in telling), met)

    def _read(self, piece: Piece) -> _Said:
        if (said := self._said.get(piece.id)) is None:
            terms = tuple(terms_of(piece.read, piece.language or "en"))
            said = self._said[piece.id] = _Said(terms, plainly_told(piece))
        return said


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
    shares = _shares(weights.diminish, weights.pieces)
    counted = sorted(values, reverse=True)[: weights.pieces]
    return sum([value * share for value, share in zip(counted, shares, strict=False)]) / sum(shares)


@cache
def _shares(diminish: float, pieces: int) -> list[float]:
    return [diminish**place for place in range(pieces)]


def _similarities(pieces: Sequence[Piece]) -> list[float]:
    """The similarity of each piece; one the model has not read counts as the least similar of the others."""
    read = [None if one.similarity is None or not isfinite(one.similarity) else one.similarity for one in pieces]
    least = min((value for value in read if value is not None), default=0.0)
    return [max(0.0, least if value is None else value) for value in read]
