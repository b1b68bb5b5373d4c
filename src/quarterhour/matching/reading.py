"""What a question says, before anybody is looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines import matching as engine
from quarterhour.engines.matching.terms import telling
from quarterhour.engines.understand import language_of, leanings
from quarterhour.engines.words import tokens
from quarterhour.matching.embedding import embed
from quarterhour.matching.skill_vectors import NEARBY, query_vector, similar_skills
from quarterhour.people.taxonomy import skills

READ_WELL = "en"  # the language the sentence model knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a question says: its language, the skills it leans towards, how near each of them is in meaning, the vector
    to look with, and the stem of each telling word. Nothing of it depends on who asks, or on the database.
    """

    language: str | None
    leanings: Mapping[str, float]
    meant: Mapping[str, float]
    vector: NDArray[np.float32] | None
    stems: Mapping[str, str]


@lru_cache(maxsize=128)
def reading_of(text: str, chosen: tuple[str, ...] = ()) -> Reading:
    """What a question says.

    Kept for a while: the list behind the cards, narrowing it down and holding a time ask the same once more.
    """
    language = language_of(text)
    said = _meaning_of(text) if language in {READ_WELL, None} else None
    near = {} if said is None else similar_skills(said, nearest=NEARBY)
    leaning = leanings(text, skills(), language=language, similarity=near, chosen=chosen)
    stems = {text[token.start : token.end]: telling(token, language) for token in tokens(text)}
    telling_ones = {word: stem for word, stem in stems.items() if stem}
    return Reading(
        language=language,
        leanings=leaning,
        meant=engine.meant_skills(leaning, near, frozenset(chosen)),
        vector=query_vector(said, leaning),
        stems=telling_ones,
    )


def _meaning_of(text: str) -> NDArray[np.float32] | None:
    vectors = embed([text])
    return None if vectors is None else vectors[0]
