"""How long somebody will wait, as a range that comes true, from who is in front and who answers how often."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from quarterhour.engines.dispatch.line import OnCall, Place, in_line
from quarterhour.engines.dispatch.waves import ORDINARY, Policy

__all__ = ["Wait", "likely_wait"]

REACTS = 12.0  # seconds until somebody who says yes has said it, in the mean
LONGEST = 3600.0
FRONT = 12  # people in front who are looked at; a longer line is scaled
PATHS = 120


@dataclass(frozen=True, slots=True)
class Wait:
    """place: 1 for whoever is next. low, middle, high: seconds until 10, 50 and 90 of 100 such waits are over.

    answered: the share of such waits that end within an hour.
    """

    place: int
    low: float
    middle: float
    high: float
    answered: float


def likely_wait(
    place: Place,
    others: Iterable[Place],
    mentors: Sequence[OnCall],
    *,
    now: float,
    talks: float = 20 * 60.0,
    policy: Policy = ORDINARY,
    seed: int = 0,
) -> Wait:
    """How long `place` will wait from `now` on.

    others: everybody else in the line; those in front who want the same mentors are played along. talks: seconds of a
    conversation in the mean. Shapes: `PATHS` courses of the line are played with the same lots for the same seed.
    """
    line = in_line([*others, place])
    front = line[: next(at for at, each in enumerate(line) if each.id == place.id)]
    mine = {m.id: m for m in mentors if m.id in place.fits and m.id not in place.passed}
    rivals = [each for each in front if not mine.keys().isdisjoint(each.fits)]
    stretch = max(1.0, len(rivals) / FRONT)
    lots = np.random.default_rng(seed)
    played = _Line(place, rivals[-FRONT:], mine, now, talks, policy)
    ends = sorted(played.course(lots) for _ in range(PATHS))
    over = [end for end in ends if end < LONGEST]

    def at(share: float) -> float:
        return min(ends[min(int(share * len(ends)), len(ends) - 1)] * stretch, LONGEST)

    return Wait(len(front) + 1, at(0.1), at(0.5), at(0.9), len(over) / len(ends))


@dataclass(frozen=True, slots=True)
class _Line:
    place: Place
    rivals: Sequence[Place]
    mine: Mapping[Hashable, OnCall]
    now: float
    talks: float
    policy: Policy

    def course(self, lots: np.random.Generator) -> float:
        """Seconds until one course of the line comes to a yes; LONGEST where it does not."""
        place, policy, free_at = self.place, self.policy, self._after_those_in_front(lots)
        clock, wave = 0.0, place.wave
        tried = {m: place.missed.get(m, 0) for m in self.mine}
        while clock < LONGEST:
            able = [m for m in tried if tried[m] < policy.again]
            if not able:
                break
            ready = [m for m in able if free_at[m] <= clock]
            if not ready:
                clock = min(free_at[m] for m in able)
                continue
            ready.sort(key=lambda m: (tried[m], -place.fits[m] * self.mine[m].answers, str(m)))
            rung = ready[: min(wave + 1, policy.widest)]
            yes = [lots.exponential(REACTS) for m in rung if lots.random() < self.mine[m].answers]
            if yes and min(yes) < policy.seconds:
                return clock + min(yes)
            for m in rung:
                tried[m] += 1
            clock, wave = clock + policy.seconds, wave + 1
        return LONGEST

    def _after_those_in_front(self, lots: np.random.Generator) -> dict[Hashable, float]:
        """When each mentor is free again, seconds from now, once those in front had their turn."""
        free_at = {m: 0.0 if one.free else max(0.0, one.free_at - self.now) for m, one in self.mine.items()}
        for rival in self.rivals:
            able = [m for m in free_at if m in rival.fits and m not in rival.passed]
            if able:
                taken = min(able, key=lambda m: (free_at[m], -rival.fits[m] * self.mine[m].answers, str(m)))
                yes = lots.random() < self.mine[taken].answers
                free_at[taken] += self.policy.seconds / 2 + (lots.exponential(self.talks) if yes else 0.0)
        return free_at
