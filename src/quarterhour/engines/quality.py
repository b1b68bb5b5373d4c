"""How helpful somebody is, and how sure we may be."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple


class Helped(NamedTuple):
    """`helped` of `of` rated sessions helped; the true share likely lies from `low` to `high` (0.0 to 1.0)."""

    helped: int
    of: int
    low: float
    high: float


def likely_range(helpful: int, sessions: int, *, z: float = 1.96) -> Helped:
    """How helpful a mentor likely is, given how few sessions we have seen.

    helpful: number of sessions the mentee called helpful, 0 to `sessions`.
    sessions: number of rated sessions; 0 gives the range 0.0 to 1.0, "nothing known yet".
    z: how cautious to be, in standard deviations of a normal curve; 1.96 covers 95 of 100 cases.
    Returns shares from 0.0 to 1.0, with low <= helpful / sessions <= high.
    Raises ValueError if the counts cannot be true.
    Source: the Wilson score interval, E. B. Wilson, JASA 22 (1927), 209-212.

    Three happy mentees out of three say less than ninety-five out of a hundred:

    >>> round(likely_range(3, 3).low, 2), round(likely_range(95, 100).low, 2)
    (0.44, 0.89)
    """
    if not 0 <= helpful <= sessions:
        raise ValueError(f"{helpful} helpful out of {sessions} sessions cannot be.")
    if sessions == 0:
        return Helped(0, 0, 0.0, 1.0)
    share, weight = helpful / sessions, z * z / sessions
    spread = z * sqrt(share * (1 - share) / sessions + weight / (4 * sessions))
    middle, whole = share + weight / 2, 1 + weight
    # Rounding may carry an end a hair past the share or the edge of what a share can be.
    low = min(max((middle - spread) / whole, 0.0), share)
    high = max(min((middle + spread) / whole, 1.0), share)
    return Helped(helpful, sessions, low, high)
