"""The words and vectors of what the mentors say. Two threads read meaning, one writes rows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from quarterhour.core.models import Organisation
from quarterhour.matching import indexing
from quarterhour.matching.embedding import available, embed
from quarterhour.matching.indexing import Words
from quarterhour.people.models import Profile

PIECES_A_TURN = 40


def pieces_in(org: Organisation) -> list[Words]:
    """Everything the mentors of an organisation say of themselves, and what they may be quoted with."""
    profiles = list(Profile.objects.within(org).mentors().prefetch_related("topics", "stories"))
    pieces = [piece for profile in profiles for piece in indexing.pieces_of(profile)]
    return pieces + indexing.answers_of(org, [profile.person_id for profile in profiles])


def index(found: Iterable[tuple[Organisation, list[Words]]], told: Callable[[str, int], None]) -> int:
    """Keep the pieces of each organisation, with vectors where the model is installed. Returns how many.

    The model reads texts one by one, which leaves a core idle: as many threads as cores read side by side.
    """
    kept = 0
    known: dict[str, np.ndarray] = {}
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        for org, pieces in found:
            turns = [pieces[at : at + PIECES_A_TURN] for at in range(0, len(pieces), PIECES_A_TURN)]
            read = pool.map(lambda turn: _read(turn, known), turns) if available() else [None] * len(turns)
            for turn, vectors in zip(turns, read, strict=True):
                indexing.insert(org.pk, turn, vectors)
                told("What mentors say, word for word", len(turn))
            kept += len(pieces)
            indexing.count_words(org.pk)
    return kept


def _read(turn: list[Words], known: dict[str, np.ndarray]) -> np.ndarray:
    """The vectors of a turn. A text that was read before, by whoever said it, is not read again."""
    for text in {piece.read for piece in turn} - known.keys():
        known[text] = embed([text])[0]
    return np.stack([known[piece.read] for piece in turn])
