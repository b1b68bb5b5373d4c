"""Who may meet whom, and how well it would suit both: hard rules as masks, wishes as scores, block by block."""

from collections.abc import Hashable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.cohort.model import Cohort, Ints, Scores, checked

__all__ = ["Edges", "Rules", "Side", "possible"]

Matrix = NDArray[np.float32]
BLOCK = 1024
# Of what one side wishes: how much the topics, the meaning of the words, and the shared hours matter.
TOPICS, MEANING, HOURS = 0.6, 0.3, 0.1
LOT = 1e-3


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a cohort, a row for each person.

    wants, offers: (n, skills), 0 to 1: what they look for in the other one, and what they bring. meaning: (n, d)
    unit vectors of their own words, or None. languages: (n, languages), booleans. hours: (n, 168), which hours of
    a week in UTC suit them. group: (n,), their line or team as a number, -1 for none. places: (n,), how many they
    meet (of mentees always 1).
    """

    ids: tuple[Hashable, ...]
    wants: Matrix
    offers: Matrix
    languages: NDArray[np.bool_]
    hours: NDArray[np.bool_]
    group: Ints
    places: Ints
    meaning: Matrix | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What no score can outweigh. shared_hours: least hours of a week that suit both. apart: (mentee, mentor) numbers
    that must not meet: blocked, or met before.
    """

    share_a_language: bool = True
    other_group: bool = True
    shared_hours: int = 1
    least: float = 0.05
    apart: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Edges:
    """The cohort, and for each mentee without an edge how many mentors which rule took away."""

    cohort: Cohort
    ruled_out: dict[Hashable, dict[str, int]] = field(default_factory=dict)


def possible(mentees: Side, mentors: Side, rules: Rules = Rules(), *, most: int = 120) -> Edges:
    """The edges of a cohort. most: kept for each mentee, and each mentor's best beside them.

    The score is the harmonic mean of what each side wishes of the other, 0 to 1: a pair suits when it suits both.
    Source: reciprocal recommendation, L. Pizzato et al., RecSys 2010.
    """
    found: list[tuple[Ints, Ints, Scores]] = []
    ruled_out: dict[Hashable, dict[str, int]] = {}
    apart = np.array(sorted(rules.apart), dtype=np.int64).reshape(-1, 2)
    for begin in range(0, len(mentees.ids), BLOCK):
        rows = slice(begin, min(begin + BLOCK, len(mentees.ids)))
        masks = _masks(mentees, mentors, rows, rules, apart)
        score = _both(mentees, mentors, rows)
        allowed = np.logical_and.reduce([score >= rules.least, *masks.values()])
        for row in np.flatnonzero(~allowed.any(axis=1)).tolist():
            ruled_out[mentees.ids[begin + row]] = _ruled_out(masks, row)
        found.append(_best(np.where(allowed, score, np.float32(-1)), begin, most, of_all=len(mentees.ids)))
    mentee, mentor, score_of = (
        (np.concatenate(parts) for parts in zip(*found, strict=True)) if found else (np.empty(0, dtype=np.int64),) * 3
    )
    cohort = checked(
        mentees.ids, mentors.ids, mentors.places, mentee=mentee, mentor=mentor, score=score_of.astype(np.float64)
    )
    return Edges(cohort, ruled_out)


def _masks(mentees: Side, mentors: Side, rows: slice, rules: Rules, apart: Ints) -> dict[str, NDArray[np.bool_]]:
    """For each rule, which pairs of this block it allows; named as a person would say it."""
    masks: dict[str, NDArray[np.bool_]] = {}
    if rules.share_a_language:
        masks["no shared language"] = _shared(mentees.languages[rows], mentors.languages) >= 1
    if rules.shared_hours > 0:
        masks["too few shared hours"] = _shared(mentees.hours[rows], mentors.hours) >= rules.shared_hours
    if rules.other_group:
        mine, theirs = mentees.group[rows, None], mentors.group[None, :]
        masks["the same team"] = (mine != theirs) | (mine < 0)
    if apart.size:
        met = np.ones((rows.stop - rows.start, len(mentors.ids)), dtype=bool)
        inside = apart[(apart[:, 0] >= rows.start) & (apart[:, 0] < rows.stop)]
        met[inside[:, 0] - rows.start, inside[:, 1]] = False
        masks["met before, or kept apart"] = met
    places = np.broadcast_to(mentors.places > 0, (rows.stop - rows.start, len(mentors.ids)))
    masks["no place left"] = places
    return masks


def _shared(mine: NDArray[np.bool_], theirs: NDArray[np.bool_]) -> Matrix:
    return np.asarray(mine.astype(np.float32) @ theirs.astype(np.float32).T)


def _both(mentees: Side, mentors: Side, rows: slice) -> Matrix:
    hours = np.minimum(_shared(mentees.hours[rows], mentors.hours) / 10, 1.0)
    meaning = (
        np.zeros_like(hours)
        if mentees.meaning is None or mentors.meaning is None
        else np.clip(mentees.meaning[rows] @ mentors.meaning.T, 0.0, 1.0)
    )
    rest = MEANING * meaning + HOURS * hours
    for_mentee = TOPICS * _met(mentees.wants[rows], mentors.offers) + rest
    for_mentor = TOPICS * _met(mentors.wants, mentees.offers[rows]).T + rest
    return np.asarray(2 * for_mentee * for_mentor / np.maximum(for_mentee + for_mentor, 1e-9), dtype=np.float32)


def _met(wants: Matrix, offers: Matrix) -> Matrix:
    """Which share of what each row wishes for is offered; whoever wishes for nothing is content with everybody."""
    wished = wants.sum(axis=1, keepdims=True)
    return np.asarray(np.where(wished > 0, wants @ offers.T / np.maximum(wished, 1e-9), 1.0), dtype=np.float32)


def _best(score: Matrix, begin: int, most: int, *, of_all: int) -> tuple[Ints, Ints, Scores]:
    """The best edges of each mentee and each mentor's best in this block of `of_all` mentees, those above 0.

    Equals are kept by lot (the same lot for the same place), or everybody would keep the same few mentors.
    """
    drawn = score + np.random.default_rng(begin).random(score.shape, dtype=np.float32) * LOT
    keep = np.zeros(score.shape, dtype=bool)
    for view, kept, count in (
        (drawn, keep, most),
        (np.ascontiguousarray(drawn.T), keep.T, max(1, most // 8 * score.shape[0] // of_all)),
    ):
        if view.shape[1] > count:
            best = np.argpartition(view, -count, axis=1)[:, -count:]
            np.put_along_axis(kept, best, values=True, axis=1)
        else:
            kept[:] = True
    rows, columns = np.nonzero(keep & (score > 0))
    return (rows + begin).astype(np.int64), columns.astype(np.int64), score[rows, columns].astype(np.float64)


def _ruled_out(masks: dict[str, NDArray[np.bool_]], row: int) -> dict[str, int]:
    counts = {rule: int((~mask[row]).sum()) for rule, mask in masks.items()}
    everybody = next(iter(masks.values())).shape[1]
    return {rule: count for rule, count in counts.items() if count} or {"too little in common": everybody}
