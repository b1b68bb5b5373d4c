"""Near copies among pieces: a story told twice, or told by somebody else before."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from zlib import crc32

from quarterhour.engines.matching.model import Piece
from quarterhour.engines.matching.terms import terms_of

__all__ = ["TOLD", "copies"]

# So many telling words in a row make a shingle; a piece with fewer shingles than the second is too short to tell.
ROW, FEWEST = 3, 3
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
    first: dict[int, int] = {}
    for place in reversed(long):  # the latest first: whoever said it earlier takes its place
        first.update(dict.fromkeys(long[place], place))
    return frozenset(place for place, mine in long.items() if _repeats(place, mine, first))


def _repeats(place: int, mine: frozenset[int], first: dict[int, int]) -> bool:
    """Whether one earlier piece said this much of it first."""
    said = Counter(map(first.__getitem__, mine))
    del said[place]
    return bool(said) and max(said.values()) >= SHARED * len(mine)


def _age(piece: Piece) -> tuple[datetime, date, str]:
    return piece.since or _LATE, piece.said_on or _LATE_DAY, str(piece.id)


@lru_cache(maxsize=8192)
def _shingles(text: str, language: str) -> frozenset[int]:
    terms = terms_of(text, language)
    return frozenset(
        crc32(" ".join(terms[at : at + ROW]).encode("utf-8", "replace")) for at in range(len(terms) - ROW + 1)
    )
