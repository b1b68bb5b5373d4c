"""A cohort as arrays, and its pairing."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Cohort", "Ints", "Pairing", "Scores", "Unclear", "cohort_of"]

Ints = NDArray[np.int64]
Scores = NDArray[np.float64]
MOST_PLACES = 1_000


class Unclear(ValueError):
    """The cohort contradicts itself; the message says where, and what to do."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Who may meet whom. Edge e joins mentees[mentee[e]] to mentors[mentor[e]] at score[e]; places[m] is how many
    mentees mentors[m] takes. Scores are finite; each pair stands once.
    """

    mentees: tuple[Hashable, ...]
    mentors: tuple[Hashable, ...]
    places: Ints
    mentee: Ints
    mentor: Ints
    score: Scores


@dataclass(frozen=True)
class Pairing:
    """chosen: numbers of the cohort's edges. worst_tenth: the mean score of the tenth of pairs that fit least.

    given_up: what fairness cost, as a share of the highest total.
    """

    cohort: Cohort
    chosen: Ints
    total: float
    worst_tenth: float
    given_up: float = 0.0

    @cached_property
    def pairs(self) -> list[tuple[Hashable, Hashable]]:
        """(mentee, mentor), in the order of the mentees."""
        cohort = self.cohort
        ordered = self.chosen[np.argsort(cohort.mentee[self.chosen], kind="stable")]
        return [
            (cohort.mentees[a], cohort.mentors[b])
            for a, b in zip(cohort.mentee[ordered].tolist(), cohort.mentor[ordered].tolist(), strict=True)
        ]

    @cached_property
    def mentor_of(self) -> dict[Hashable, Hashable]:
        """Who meets whom, by mentee."""
        return dict(self.pairs)


def cohort_of(mentees: Sequence[Hashable], places: Mapping[Any, int], edges: Iterable[Sequence[Any]]) -> Cohort:
    """A cohort out of names. edges: (mentee, mentor, score).

    Raises Unclear for a name that stands twice or nowhere, a score that is no number, places below 0, or one
    pair with two different scores.
    """
    rows = list(edges)
    number_of = {name: number for number, name in enumerate(mentees)}
    if len(number_of) < len(mentees):
        twice = next(name for number, name in enumerate(mentees) if number_of[name] != number)
        raise Unclear(f"Mentee {twice!r} stands twice. Name everybody once.")
    mentor_number = {name: number for number, name in enumerate(places)}
    capacity = [_places(name, given) for name, given in places.items()]
    try:
        mentee = np.fromiter((number_of[row[0]] for row in rows), np.int64, len(rows))
        mentor = np.fromiter((mentor_number[row[1]] for row in rows), np.int64, len(rows))
    except KeyError as error:
        raise Unclear(f"An edge names {error.args[0]!r}, who is neither a mentee nor a mentor here.") from error
    except (IndexError, TypeError) as error:
        raise Unclear("An edge is a list of mentee, mentor and score.") from error
    return checked(tuple(mentees), tuple(places), capacity, mentee=mentee, mentor=mentor, score=_scores(rows))


def checked(
    mentees: tuple[Hashable, ...],
    mentors: tuple[Hashable, ...],
    places: Sequence[int] | Ints,
    *,
    mentee: Ints,
    mentor: Ints,
    score: Scores,
) -> Cohort:
    """A cohort out of arrays, pairs that stand twice merged. Raises Unclear."""
    if score.size and not np.isfinite(score).all():
        bad = int(np.flatnonzero(~np.isfinite(score))[0])
        who = f"{mentees[int(mentee[bad])]!r} and {mentors[int(mentor[bad])]!r}"
        raise Unclear(f"The score of {who} is {score[bad]}. Give a finite number, or leave the pair out.")
    keys = mentee * max(1, len(mentors)) + mentor
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    if len(first) < len(keys):
        other = np.flatnonzero(score != score[first[which]])
        if other.size:
            who = f"{mentees[int(mentee[other[0]])]!r} and {mentors[int(mentor[other[0]])]!r}"
            raise Unclear(f"{who} stand twice with different scores. Keep one of them.")
        first = np.sort(first)
        mentee, mentor, score = mentee[first], mentor[first], score[first]
    return Cohort(mentees, mentors, np.asarray(places, dtype=np.int64), mentee, mentor, score)


def _places(name: Hashable, given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= MOST_PLACES:
        raise Unclear(f"Mentor {name!r} has {given!r} places. Give a whole number from 0 to {MOST_PLACES}.")
    return given


def _scores(rows: list[Sequence[Any]]) -> Scores:
    try:
        return np.fromiter((float("nan") if row[2] is None else row[2] for row in rows), np.float64, len(rows))
    except (IndexError, TypeError, ValueError) as error:
        raise Unclear("Each edge has a mentee, a mentor and a score that is a number.") from error
