"""Near copies among pieces: a story told twice, or told by somebody else before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from quarterhour.engines.matching.model import Piece
from quarterhour.engines.matching.terms import terms_of

__all__ = ["TOLD", "copies"]

# So many telling words in a row make a shingle; a piece with fewer shingles than the second is too short to tell.
ROW, FEWEST, TWO = 3, 3, 2
# A piece that shares this much of its shingles with an earlier one is a copy.
SHARED = 0.5
TOLD = frozenset({"story", "about", "answer"})
_LATE, _LATE_DAY = datetime.max.replace(tzinfo=UTC), date.max


def copies(pieces: Sequence[Piece]) -> frozenset[int]:
    """The places of pieces that repeat an earlier one, whoever told it; headlines and topics may be alike.

    Earlier is what was kept here first, then what was said first, then the smaller id.
    Source: shingles, A. Broder, On the Resemblance and Containment of Documents, SEQUENCES 1997, 21-29.
    """
    told = [place for place, piece in enumerate(pieces) if piece.kind in TOLD]
    told.sort(key=lambda place: _age(pieces[place]))
    rows = {place: _shingles(pieces[place].text, pieces[place].language or "en") for place in told}
    long = {place: mine for place, mine in rows.items() if len(mine) >= FEWEST}
    if len(long) < TWO:
        return frozenset()
    return frozenset(place for (place, _), most in _said_before(long).items() if most >= SHARED * len(long[place]))


def _said_before(rows: Mapping[int, NDArray[np.int64]]) -> dict[tuple[int, int], int]:
    """How many shingles of a piece each other one said first, by the places of both; pairs with none are left out.

    rows: from the earliest piece to the latest.
    """
    whose = np.repeat(np.fromiter(rows, np.int64, len(rows)), [len(mine) for mine in rows.values()])
    _, first, same = np.unique(np.concatenate(list(rows.values())), return_index=True, return_inverse=True)
    earliest = whose[first][same]
    late = earliest != whose
    return Counter(zip(whose[late].tolist(), earliest[late].tolist(), strict=True))


def _age(piece: Piece) -> tuple[datetime, date, str]:
    return piece.since or _LATE, piece.said_on or _LATE_DAY, str(piece.id)


@lru_cache(maxsize=8192)
def _shingles(text: str, language: str) -> NDArray[np.int64]:
    """Each once."""
    terms = terms_of(text, language)
    each = {crc32(" ".join(terms[at : at + ROW]).encode("utf-8", "replace")) for at in range(len(terms) - ROW + 1)}
    return np.fromiter(each, np.int64, len(each))
