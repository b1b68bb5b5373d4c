"""BM25 over many texts at once: each word knows the texts that hold it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.matching.terms import rarity

__all__ = ["WordIndex"]


class _Posting(NamedTuple):
    texts: NDArray[np.int32]
    weights: NDArray[np.float32]


class WordIndex:
    """Texts by the words they hold.

    Source: S. Robertson, H. Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, Foundations and Trends
    in Information Retrieval 3 (2009), 333-389. A word counts once in the question.
    """

    def __init__(self, texts: Iterable[Sequence[str]], *, k1: float = 1.2, b: float = 0.75) -> None:
        """texts: the terms of each text (see `matching.terms_of`); a text may be empty."""
        holders: dict[str, list[int]] = {}
        times: dict[str, list[int]] = {}
        lengths = []
        for place, terms in enumerate(texts):
            lengths.append(len(terms))
            for term, many in Counter(terms).items():
                holders.setdefault(term, []).append(place)
                times.setdefault(term, []).append(many)
        self.size = len(lengths)
        length = np.asarray(lengths, dtype=np.float64)
        mean = float(length.mean()) if self.size and length.any() else 1.0
        saturation = k1 * (1 - b + b * length / mean)
        self.rarity = {term: rarity(len(held), self.size) for term, held in holders.items()}
        self._postings = {}
        for term, held in holders.items():
            texts_, many_ = np.asarray(held, dtype=np.int32), np.asarray(times[term], dtype=np.float64)
            weights = self.rarity[term] * many_ * (k1 + 1) / (many_ + saturation[texts_])
            self._postings[term] = _Posting(texts_, weights.astype(np.float32))

    def likeness(self, terms: Iterable[str]) -> NDArray[np.float32]:
        """For each text, how much of the question it holds: BM25 as a share of the question's rarity, 0 to k1 + 1.

        Words that stand in no text are left out of both; a question without known words is like nothing: zeros.

        >>> WordIndex([["salary", "talk"], ["goat", "cheese"]]).likeness(["salary", "moon"]).tolist()
        [1.0, 0.0]
        """
        found = np.zeros(self.size, dtype=np.float32)
        possible = 0.0
        for term in dict.fromkeys(terms):
            posting = self._postings.get(term)
            if posting is not None:
                found[posting.texts] += posting.weights
                possible += self.rarity[term]
        return found / np.float32(possible) if possible else found
