"""Which skills a text is near to, by meaning.

Each skill has one vector, the mean of its names' vectors and a little of its cues'. They are kept beside the
taxonomy, so that no process has to read 4,000 names at start. After a change of names,
`python -m quarterhour.matching.skill_vectors` writes the file anew; a test compares.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quarterhour.matching.embedding import DIMENSIONS, embed
from quarterhour.people.taxonomy import Skill, skills

__all__ = ["fingerprint", "query_vector", "similar_skills", "similarity_of"]

FILE = "vectors.txt"
NEAREST, NEARBY = 15, 60  # for chips, for ranking
LARGEST = 127
CUES = 0.3
TOWARDS = 0.5


def similarity_of(text: str, *, nearest: int = NEAREST) -> dict[str, float]:
    """Skill id -> cosine similarity with `text` for the nearest skills; empty without the model."""
    read = embed([text])
    return {} if read is None else similar_skills(read[0], nearest=nearest)


def similar_skills(vector: NDArray[np.float32], *, nearest: int = NEAREST) -> dict[str, float]:
    """Skill id -> cosine similarity for the skills nearest to `vector`, a vector of unit length, nearest first."""
    ids, vectors = _kept()
    if not ids:
        return {}
    cosines = vectors @ vector
    best = np.argsort(-cosines, kind="stable")[:nearest]
    return {ids[place]: float(cosines[place]) for place in best}


def query_vector(vector: NDArray[np.float32] | None, leanings: Mapping[str, float]) -> NDArray[np.float32] | None:
    """The vector to look for evidence with: what was said, turned a little towards the skills it is about.

    vector: of the question, unit length; None for a language the model does not read, then the skills speak
    alone. leanings: skill id -> weight. Returns unit length; None where there is nothing to look for.
    """
    ids, vectors = _kept()
    places = {skill_id: place for place, skill_id in enumerate(ids)}
    known = {places[skill_id]: weight for skill_id, weight in leanings.items() if skill_id in places}
    turned = np.zeros(DIMENSIONS, dtype=np.float32)
    if known:
        turned = np.asarray(list(known.values()), dtype=np.float32) @ vectors[list(known)]
        turned *= TOWARDS / max(float(np.linalg.norm(turned)), 1e-9)
    if vector is not None:
        turned = turned + vector
    length = float(np.linalg.norm(turned))
    return turned / length if length else None


def fingerprint(entries: tuple[Skill, ...]) -> str:
    """A short sum over all names: it changes when the vectors have to."""
    lines = (f"{skill.id}\t{'|'.join((*skill.names(), *skill.cues))}" for skill in entries)
    return sha256("\n".join(lines).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _kept() -> tuple[tuple[str, ...], NDArray[np.float32]]:
    lines = _folder().joinpath(FILE).read_text(encoding="ascii").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    packed = b"".join(b64decode(code) for _, code in rows)
    vectors = np.frombuffer(packed, dtype=np.int8).reshape(len(rows), DIMENSIONS).astype(np.float32)
    return tuple(skill_id for skill_id, _ in rows), vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _folder() -> Any:
    return files("quarterhour.people.taxonomy")


def write() -> int:
    """Read every name with the model and write the file. Returns how many skills it holds, 0 without the model."""
    lines = [fingerprint(skills())]
    for skill in skills():
        names = embed(list(skill.names()))
        if names is None:
            return 0
        mean = names.mean(axis=0)
        cues = embed(list(skill.cues)) if skill.cues else None
        if cues is not None:
            mean += CUES * cues.mean(axis=0)
        coded = np.rint(mean / np.abs(mean).max() * LARGEST).astype(np.int8)
        lines.append(f"{skill.id}\t{b64encode(coded.tobytes()).decode()}")
    Path(str(_folder())).joinpath(FILE).write_text("\n".join(lines) + "\n", encoding="ascii")
    return len(lines) - 1


if __name__ == "__main__":
    import sys

    sys.stdout.write(f"{write()} skills written.\n")
