"""Whom a time that came free is offered to: the best-fitting of those who wait, and nobody stays behind newcomers.

A pair of a waiter and a mentor is worth how likely the mentor's answer helps, plus what was waited: a whole day of
waiting weighs as much as half of all fit. While two people wait, the difference between them never changes, so that
places in the order change only when somebody comes or goes.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["PATIENCE", "Freed", "Waiter", "next_offers", "place_of", "worth"]

PATIENCE = 48 * 3600.0  # seconds of waiting that weigh as much as the whole difference between no fit and all of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiter:
    """Somebody who waits for a time.

    since: seconds on the caller's clock. fits: how likely each mentor's answer helps, 0 to 1; whoever is not named is
    not waited for. starts: by mentor, the free starts that suit this person, in seconds, in order.
    lasts: by mentor, how many seconds a session of the two takes.
    """

    id: Hashable
    since: float
    fits: Mapping[Hashable, float]
    starts: Mapping[Hashable, Sequence[float]] = field(default_factory=dict)
    lasts: Mapping[Hashable, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Freed:
    """A time to offer: to whom, with whom, when it starts."""

    waiter: Hashable
    mentor: Hashable
    start: float


def worth(waiter: Waiter, mentor: Hashable, *, patience: float = PATIENCE) -> float:
    """What this pair is worth, on a scale on which only differences count: fit less the time of joining.

    Somebody who joined `patience` earlier comes before everybody, whatever the fit of either:

    >>> early, late = Waiter(id=1, since=0, fits={"a": 0.3}), Waiter(id=2, since=PATIENCE, fits={"a": 1.0})
    >>> worth(early, "a") > worth(late, "a")
    True
    """
    return waiter.fits[mentor] - waiter.since / patience


def next_offers(waiters: Iterable[Waiter], *, patience: float = PATIENCE) -> list[Freed]:
    """At most one time for each waiter, the earliest with the mentor who is worth most; no mentor twice at a time.

    No time is left over that suits somebody who got none, and nobody would rather have what somebody behind them got.
    The order of `waiters` does not matter. Time: P log P for P pairs that fit.
    """
    by_id = {waiter.id: waiter for waiter in waiters}
    pairs = [
        (-worth(waiter, mentor, patience=patience), waiter.since, str(waiter.id), str(mentor), waiter.id, mentor)
        for waiter in by_id.values()
        for mentor in waiter.fits
        if waiter.starts.get(mentor)
    ]
    given: dict[Hashable, list[tuple[float, float]]] = {}
    offers: dict[Hashable, Freed] = {}
    for *_, key, mentor in sorted(pairs, key=lambda pair: pair[:4]):
        if key in offers:
            continue
        waiter, gone = by_id[key], given.setdefault(mentor, [])
        lasts = waiter.lasts[mentor]
        start = next((s for s in waiter.starts[mentor] if not any(a < s + lasts and s < b for a, b in gone)), None)
        if start is not None:
            gone.append((start, start + lasts))
            offers[key] = Freed(key, mentor, start)
    return list(offers.values())


def place_of(me: Waiter, others: Iterable[Waiter], *, patience: float = PATIENCE) -> tuple[int, int]:
    """My place among those who wait for somebody I wait for, and how many that are, I included.

    Whoever comes before me with any of my mentors stands before me: it may go better than the number says, never worse.

    >>> a, b = Waiter(id="a", since=0, fits={"m": 0.5}), Waiter(id="b", since=60, fits={"m": 0.9, "n": 0.2})
    >>> place_of(a, [b]), place_of(b, [a])
    ((2, 2), (1, 2))
    """
    rivals = [other for other in others if other.id != me.id and not me.fits.keys().isdisjoint(other.fits)]
    before = [other for other in rivals if _comes_before(other, me, patience)]
    return len(before) + 1, len(rivals) + 1


def _comes_before(other: Waiter, me: Waiter, patience: float) -> bool:
    def order(one: Waiter, mentor: Hashable) -> tuple[float, float, str]:
        return (-worth(one, mentor, patience=patience), one.since, str(one.id))

    return any(order(other, mentor) < order(me, mentor) for mentor in me.fits.keys() & other.fits.keys())
