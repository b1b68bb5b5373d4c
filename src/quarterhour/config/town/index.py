"""The words and vectors of what the mentors say. Two threads read meaning, one writes rows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import numpy as np

from quarterhour.core.models import Organisation
from quarterhour.matching import indexing, past_needs
from quarterhour.matching.capacity import BATCH, count_capacity
from quarterhour.matching.embedding import available, embed
from quarterhour.matching.indexing import Words
from quarterhour.people.models import Profile

PIECES_A_TURN = 40


def pieces_in(org: Organisation) -> list[Words]:
    """Everything the mentors of an organisation say of themselves, and what they may be quoted with."""
    profiles = list(Profile.objects.within(org).mentors().prefetch_related("topics", "stories"))
    pieces = [piece for profile in profiles for piece in indexing.pieces_of(profile)]
    return pieces + indexing.answers_of(org, [profile.person_id for profile in profiles])


def index(
    found: Iterable[tuple[Organisation, list[Words], list[past_needs.Words]]], told: Callable[[str, int], None]
) -> int:
    """Keep the pieces and the past needs of each organisation, with vectors where the model is installed.

    Returns how many pieces. The model reads texts one by one, which leaves a core idle: as many threads as cores
    read side by side.
    """
    kept = 0
    known: dict[str, np.ndarray] = {}
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        for org, pieces, met in found:
            for what, words, insert in (
                ("What mentors say, word for word", pieces, indexing.insert),
                ("What they helped with", met, past_needs.insert),
            ):
                turns = [words[at : at + PIECES_A_TURN] for at in range(0, len(words), PIECES_A_TURN)]
                read = pool.map(lambda turn: _read(turn, known), turns) if available() else [None] * len(turns)
                for turn, vectors in zip(turns, read, strict=True):
                    insert(org.pk, turn, vectors)
                    told(what, len(turn))
            kept += len(pieces)
            indexing.count_words(org.pk)
    return kept


def count(mentors: Iterable[tuple[Organisation, list[UUID]]], told: Callable[[str, int], None], *, now) -> None:
    """What every mentor has left to give."""
    for org, ids in mentors:
        for at in range(0, len(ids), BATCH):
            turn = ids[at : at + BATCH]
            count_capacity(org_id=org.pk, mentor_ids=turn, now=now)
            told("Time they have left", len(turn))


def _read(turn: list[Words] | list[past_needs.Words], known: dict[str, np.ndarray]) -> np.ndarray:
    """The vectors of a turn. A text that was read before, by whoever said it, is not read again."""
    for text in {piece.read for piece in turn} - known.keys():
        known[text] = embed([text])[0]
    return np.stack([known[piece.read] for piece in turn])
