"""Who rings now, and for whom: the best fit first, without taking away the only one somebody else has."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from quarterhour.engines.dispatch.line import OnCall, Place, in_line

__all__ = ["ORDINARY", "Policy", "Ring", "next_rings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How the line is served.

    seconds: how long one wave rings. widest: mentors rung at once for one person from the third wave on, where nobody
    else waits for them. scarce: how much of another's loss counts when somebody takes a mentor, 0 to 1; at 0 each
    takes their own best. again: how often a mentor who did not answer is tried for the same person.
    """

    seconds: float = 45.0
    widest: int = 3
    scarce: float = 0.5
    again: int = 2


ORDINARY = Policy()


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring `mentor` for `place`."""

    place: Hashable
    mentor: Hashable


def next_rings(places: Iterable[Place], mentors: Iterable[OnCall], *, policy: Policy = ORDINARY) -> list[Ring]:
    """The rings to begin at this moment, in the order of the line.

    Guarantees: a mentor is rung for one person at a time; nobody who passed is asked again for the same person, nobody
    who missed is before all others were tried; whoever stands further in front is served first, and is never left
    without a ring while a free mentor fits them. The price for taking somebody's only mentor changes who is rung, never
    whether. A place that is being rung waits for its wave to end.

    Source: the price is the regret of W. Vogel's approximation for transport problems (Reinfeld and Vogel,
    "Mathematical Programming", 1958): what the one hit hardest loses if they have to take their second best.
    """
    known = {mentor.id: mentor for mentor in mentors}
    free = {mentor.id for mentor in known.values() if mentor.free}
    line = [place for place in in_line(places) if not place.ringing]
    market = _Market({place.id: _worth(place, known, free, policy) for place in line})
    rings: list[Ring] = []
    for width in range(1, policy.widest + 1):
        # Everybody's first ring comes before anybody's second.
        for place in line:
            if width > min(place.wave + 1, policy.widest):
                continue  # whoever waited longer needs a surer wave
            best = market.choice(place.id, scarce=policy.scarce, only_spare=width > 1)
            if best is not None:
                rings.append(Ring(place.id, best))
                market.take(best)
            market.serve(place.id)
    return rings


def _worth(place: Place, known: dict[Hashable, OnCall], free: set[Hashable], policy: Policy) -> dict[Hashable, float]:
    """What each free mentor is worth for this person: how likely they answer, times how likely that helps."""
    willing = [
        mentor
        for mentor, fit in place.fits.items()
        if mentor in free and mentor not in place.passed and 0 < fit <= 1 and place.missed.get(mentor, 0) < policy.again
    ]
    least = min((place.missed.get(mentor, 0) for mentor in willing), default=0)
    return {m: known[m].answers * place.fits[m] for m in willing if place.missed.get(m, 0) == least}


class _Market:
    """Who could still be rung for whom, and what each mentor's going would cost those who wait for a first ring."""

    def __init__(self, worth: dict[Hashable, dict[Hashable, float]]) -> None:
        self._worth = worth
        self._wanted_by: dict[Hashable, set[Hashable]] = {}
        self._loss: dict[Hashable, dict[Hashable, float]] = {}  # by mentor: what whoever wants them most would lose
        self._first: dict[Hashable, Hashable] = {}
        for place, mine in worth.items():
            for mentor in mine:
                self._wanted_by.setdefault(mentor, set()).add(place)
            self._reckon(place)

    def choice(self, place: Hashable, *, scarce: float, only_spare: bool) -> Hashable | None:
        """The mentor to ring for `place`; with `only_spare` one whom nobody who still waits would miss."""
        mine = self._worth[place]
        losses = {m: max((v for p, v in self._loss.get(m, {}).items() if p != place), default=0.0) for m in mine}
        able = [m for m in mine if not (only_spare and losses[m] > 0)]
        return max(able, key=lambda m: (mine[m] - scarce * losses[m], str(m)), default=None)

    def take(self, mentor: Hashable) -> None:
        """Nobody else can have this mentor."""
        for place in self._wanted_by.pop(mentor, ()):
            self._worth[place].pop(mentor, None)
            if self._first.get(place) is not None:
                self._reckon(place)

    def serve(self, place: Hashable) -> None:
        """Whoever has had their turn loses nothing any more."""
        first = self._first.pop(place, None)
        if first is not None:
            self._loss.get(first, {}).pop(place, None)

    def _reckon(self, place: Hashable) -> None:
        before = self._first.pop(place, None)
        if before is not None:
            self._loss.get(before, {}).pop(place, None)
        best = sorted(self._worth[place].items(), key=lambda each: -each[1])[:2]
        if best:
            first, value = best[0]
            self._first[place] = first
            self._loss.setdefault(first, {})[place] = value - (best[1][1] if len(best) > 1 else 0.0)
