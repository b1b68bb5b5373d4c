"""Meaning learned from a site's own texts, without any model: words that keep the same company lie close.

A community has words that no ready-made model has read. Latent semantic analysis finds the directions along which
its conversations differ; a question and a conversation without one common word may still point the same way.
Source: S. Deerwester, S. Dumais, G. Furnas, T. Landauer, R. Harshman, Indexing by Latent Semantic Analysis, JASIS 41
(1990), 391-407; by random projection, N. Halko, P. Martinsson, J. Tropp, SIAM Review 53 (2011), 217-288.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.matching.terms import rarity

__all__ = ["Meaning"]

DIMENSIONS = 160
SPARE = 20
PASSES = 3
FEWEST_TEXTS = 3
K1 = 1.2
CHUNK = 200_000

Floats = NDArray[np.float32]


class Meaning:
    """Directions of meaning of a collection of texts. `of` places a text among them."""

    def __init__(self, texts: Sequence[Sequence[str]], *, dimensions: int = DIMENSIONS, seed: int = 0) -> None:
        """texts: the terms of each. Words of fewer than three texts are left out. The seed decides the result."""
        spread = Counter(term for terms in texts for term in set(terms))
        kept = sorted(term for term, many in spread.items() if many >= FEWEST_TEXTS)
        self._place = {term: place for place, term in enumerate(kept)}
        self._rarity = np.array([rarity(spread[term], len(texts)) for term in kept], dtype=np.float32)
        table = _Sparse([self._weighed(terms) for terms in texts], len(kept))
        self._directions = _directions(table, min(dimensions, len(kept), len(texts)), seed)

    @property
    def dimensions(self) -> int:
        return int(self._directions.shape[1])

    def of(self, texts: Sequence[Sequence[str]]) -> Floats:
        """A vector of unit length for each text, shape (len(texts), dimensions); zeros where no word is known."""
        found = _Sparse([self._weighed(terms) for terms in texts], len(self._place)).times(self._directions)
        length = np.linalg.norm(found, axis=1, keepdims=True)
        unit: Floats = np.divide(found, length, out=np.zeros_like(found), where=length > 0)
        return unit

    def _weighed(self, terms: Iterable[str]) -> tuple[NDArray[np.int64], Floats]:
        """The known words of a text and their weights, together of unit length."""
        counts = Counter(term for term in terms if term in self._place)
        places = np.array([self._place[term] for term in counts], dtype=np.int64)
        many = np.array(list(counts.values()), dtype=np.float32)
        weights = many * (K1 + 1) / (many + K1) * self._rarity[places]
        length = np.linalg.norm(weights)
        return places, (weights / length if length > 0 else weights)


class _Sparse:
    """Rows with few entries, times something dense."""

    def __init__(self, rows: Sequence[tuple[NDArray[np.int64], Floats]], width: int) -> None:
        self.shape = (len(rows), width)
        sizes = np.array([len(places) for places, _ in rows], dtype=np.int64)
        self.row = np.repeat(np.arange(len(rows)), sizes)
        self.column = np.concatenate([places for places, _ in rows]) if rows else np.zeros(0, np.int64)
        self.value = np.concatenate([weights for _, weights in rows]) if rows else np.zeros(0, np.float32)
        order = np.argsort(self.column, kind="stable")
        self.turned = (self.column[order], self.row[order], self.value[order])

    def times(self, dense: Floats) -> Floats:
        return _product(self.row, self.column, self.value, dense, self.shape[0])

    def turned_times(self, dense: Floats) -> Floats:
        return _product(*self.turned, dense, self.shape[1])


def _product(row: NDArray[np.int64], column: NDArray[np.int64], value: Floats, dense: Floats, rows: int) -> Floats:
    """Sum of value * dense[column] for each row; `row` ascends. In chunks, so that memory stays small."""
    found = np.zeros((rows, dense.shape[1]), dtype=np.float32)
    for start in range(0, len(row), CHUNK):
        part = slice(start, start + CHUNK)
        begins = np.flatnonzero(np.diff(row[part], prepend=-1))
        found[row[part][begins]] += np.add.reduceat(value[part, None] * dense[column[part]], begins, axis=0)
    return found


def _directions(table: _Sparse, dimensions: int, seed: int) -> Floats:
    """The leading right singular vectors, shape (width, dimensions)."""
    if dimensions == 0:
        return np.zeros((table.shape[1], 0), dtype=np.float32)
    random = np.random.default_rng(seed)
    width = min(dimensions + SPARE, *table.shape)
    sketch = table.times(random.standard_normal((table.shape[1], width), dtype=np.float32))
    for _ in range(PASSES):
        sketch, _upper = np.linalg.qr(sketch)
        sketch = table.times(table.turned_times(sketch))
    basis, _upper = np.linalg.qr(sketch)
    small = table.turned_times(basis)  # the transpose of basis' * table
    left, _strengths, _right = np.linalg.svd(small, full_matrices=False)
    directions: Floats = np.ascontiguousarray(left[:, :dimensions], dtype=np.float32)
    return directions
