"""Vectors of texts that were read a moment ago: a board is drawn again after each press, and says the same."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from quarterhour.matching.embedding import embed_together

__all__ = ["embed_once"]

MOST = 2_000  # vectors, 3 MB of a process
_kept: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()
_at_it = Lock()


def embed_once(texts: Sequence[str]) -> NDArray[np.float32] | None:
    """As `embed_together`; a text that this process read lately is not read again. What is kept names no text."""
    keys = [hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts]
    with _at_it:
        found = {key: _kept[key] for key in keys if key in _kept}
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
    vectors = embed_together(list(new.values()))
    if vectors is None or not keys:
        return vectors
    found |= dict(zip(new, vectors, strict=True))
    with _at_it:
        for key in keys:
            _kept[key] = found[key]
            _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return np.array([found[key] for key in keys], dtype=np.float32)
