"""A day of people who want to talk now, played through the very rules that ring in the product.

The clock is the simulation's: seconds from midnight. Nothing here sleeps or asks what time it is.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from heapq import heappop, heappush
from itertools import count
from math import exp

import numpy as np

from quarterhour.engines.dispatch.line import OnCall, Place
from quarterhour.engines.dispatch.waiting import Wait, likely_wait
from quarterhour.engines.dispatch.waves import ORDINARY, Policy, Ring, next_rings

__all__ = ["Ask", "Report", "Shift", "play_day"]

MISSES = 3  # in a row, and being on call ends
DAY = 24 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A mentor on call from `begins` to `ends`, seconds.

    says_yes: the true share of rings they answer with yes. reacts: seconds until they have, in the median.
    away: the share of rings that meet an empty chair, whatever they would say.
    """

    mentor: Hashable
    begins: float
    ends: float
    says_yes: float
    reacts: float
    away: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Somebody presses at `at`. fits: by mentor, see `Place`. patience: seconds until they leave. talks: seconds."""

    id: Hashable
    at: float
    fits: Mapping[Hashable, float]
    patience: float
    talks: float
    helped: int = 0


@dataclass(slots=True)
class Report:
    """What a day came to. Waits in seconds, in the order of the asks that were answered.

    covered: asks for which somebody on call fitted when they pressed, busy or not. waits: of the covered. other_waits:
    of the rest, who were answered by whoever came on call later. left: covered asks that left unanswered.
    told: what was said on pressing, with the wait that came of it (None: left). by_hour: waits by hour.
    fit: mean fit of who answered over the best on call at the press. talks: conversations by mentor.
    """

    asks: int = 0
    covered: int = 0
    waits: list[float] = field(default_factory=list)
    other_waits: list[float] = field(default_factory=list)
    left: int = 0
    rings: int = 0
    misses: int = 0
    sent_home: int = 0
    told: list[tuple[Wait, float | None]] = field(default_factory=list)
    by_hour: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    fit: list[float] = field(default_factory=list)
    talks: dict[Hashable, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(slots=True)
class _Mentor:
    shift: Shift
    free: bool = True
    free_at: float = 0.0
    rung: int = 0
    answered: int = 0
    missed: int = 0

    def seen(self) -> OnCall:
        return OnCall(
            id=self.shift.mentor, free=self.free, free_at=self.free_at, rung=self.rung, answered=self.answered
        )


class _Day:
    def __init__(self, shifts: Sequence[Shift], asks: Sequence[Ask], *, policy: Policy, seed: int, ask_every: int):
        self.policy, self.ask_every = policy, ask_every
        self.lots = np.random.default_rng(seed)
        self.report = Report(asks=len(asks))
        self.mentors: dict[Hashable, _Mentor] = {}
        self.line: dict[Hashable, Place] = {}
        self.asks = {ask.id: ask for ask in asks}
        self.best: dict[Hashable, float] = {}
        self.told: dict[Hashable, Wait] = {}
        self.ringing: dict[Hashable, Hashable] = {}  # by mentor, the place
        self.turns = count()
        self.events: list[tuple[float, int, Callable[[float], None]]] = []
        for shift in shifts:
            self.at(shift.begins, partial(self.come, shift))
            self.at(shift.ends, partial(self.go, shift))
        for ask in asks:
            self.at(ask.at, partial(self.press, ask))

    def at(self, moment: float, what: Callable[[float], None]) -> None:
        heappush(self.events, (moment, next(self.turns), what))

    def play(self, seen: Callable[[float], None] | None) -> Report:
        while self.events:
            now, _, what = heappop(self.events)
            what(now)
            if self.line:
                self.ring(now)
            if seen is not None:
                seen(min(now / DAY, 1.0))
        return self.report

    def come(self, shift: Shift, _now: float) -> None:
        self.mentors[shift.mentor] = _Mentor(shift)

    def go(self, shift: Shift, _now: float) -> None:
        mentor = self.mentors.get(shift.mentor)
        if mentor is not None and mentor.shift is shift:
            del self.mentors[shift.mentor]

    def press(self, ask: Ask, now: float) -> None:
        able = [fit for mentor, fit in ask.fits.items() if mentor in self.mentors]
        place = Place(id=ask.id, asked_at=now, fits=ask.fits, helped=ask.helped)
        if able:
            self.report.covered += 1
            self.best[ask.id] = max(able)
            if self.report.covered % self.ask_every == 0:
                seen = [mentor.seen() for mentor in self.mentors.values()]
                self.told[ask.id] = likely_wait(place, self.line.values(), seen, now=now, policy=self.policy)
        self.line[ask.id] = place
        self.at(now + ask.patience, partial(self.leave, ask))

    def leave(self, ask: Ask, _now: float) -> None:
        place = self.line.pop(ask.id, None)
        if place is None:
            return
        self.stop_ringing(ask.id)
        if ask.id in self.best:
            self.report.left += 1
        if ask.id in self.told:
            self.report.told.append((self.told[ask.id], None))

    def ring(self, now: float) -> None:
        free = {mentor_id for mentor_id, mentor in self.mentors.items() if mentor.free}
        waiting = [p for p in self.line.values() if not p.ringing and not free.isdisjoint(p.fits)]
        if not waiting:
            return
        rings = next_rings(waiting, [m.seen() for m in self.mentors.values() if m.free], policy=self.policy)
        for each in rings:
            mentor, place = self.mentors[each.mentor], self.line[each.place]
            self.line[each.place] = replace(place, ringing=place.ringing | {each.mentor})
            mentor.free, self.ringing[each.mentor] = False, each.place
            mentor.rung += 1
            self.report.rings += 1
            shift = mentor.shift
            reacts = shift.reacts * exp(self.lots.normal(0, 0.6))
            here = self.lots.random() >= shift.away and reacts < self.policy.seconds
            turn = mentor.rung
            if here and self.lots.random() < shift.says_yes:
                self.at(now + reacts, partial(self.answer, each, turn, yes=True))
            elif here:
                self.at(now + reacts, partial(self.answer, each, turn, yes=False))
            else:
                self.at(now + self.policy.seconds, partial(self.miss, each, turn))
        for place_id in {each.place for each in rings}:
            self.line[place_id] = replace(self.line[place_id], wave=self.line[place_id].wave + 1)

    def hang_up(self, mentor: _Mentor, _now: float) -> None:
        mentor.free = True

    def answer(self, ring: Ring, turn: int, now: float, *, yes: bool) -> None:
        mentor_id, place_id = ring.mentor, ring.place
        mentor, place = self.mentors.get(mentor_id), self.line.get(place_id)
        if mentor is None or mentor.rung != turn or self.ringing.get(mentor_id) != place_id:
            return  # somebody else was quicker, or they went home
        self.ringing.pop(mentor_id)
        mentor.missed, mentor.free = 0, True
        if place is None:
            return
        ringing = place.ringing - {mentor_id}
        if not yes:
            self.line[place_id] = replace(place, ringing=ringing, passed=place.passed | {mentor_id})
            return
        del self.line[place_id]
        self.stop_ringing(place_id)
        ask = self.asks[place_id]
        mentor.answered += 1
        mentor.free, mentor.free_at = False, now + ask.talks
        self.at(mentor.free_at, partial(self.hang_up, mentor))
        wait = now - ask.at
        self.report.talks[mentor_id] += 1
        if place_id in self.best:
            self.report.waits.append(wait)
            self.report.by_hour[int(ask.at // 3600)].append(wait)
            self.report.fit.append(ask.fits[mentor_id] / self.best[place_id])
        else:
            self.report.other_waits.append(wait)
        if place_id in self.told:
            self.report.told.append((self.told[place_id], wait))

    def miss(self, ring: Ring, turn: int, now: float) -> None:
        mentor_id, place_id = ring.mentor, ring.place
        mentor, place = self.mentors.get(mentor_id), self.line.get(place_id)
        if self.ringing.get(mentor_id) != place_id or mentor is None or mentor.rung != turn:
            return
        self.ringing.pop(mentor_id)
        self.report.misses += 1
        mentor.missed, mentor.free = mentor.missed + 1, True
        if place is not None:
            missed = {**place.missed, mentor_id: place.missed.get(mentor_id, 0) + 1}
            self.line[place_id] = replace(place, ringing=place.ringing - {mentor_id}, missed=missed)
        if mentor.missed >= MISSES:
            self.report.sent_home += 1
            self.go(mentor.shift, now)

    def stop_ringing(self, place_id: Hashable) -> None:
        """The others who were rung for the same person are free again."""
        for mentor_id in [m for m, p in self.ringing.items() if p == place_id]:
            del self.ringing[mentor_id]
            if mentor_id in self.mentors:
                self.mentors[mentor_id].free = True


def play_day(
    shifts: Sequence[Shift],
    asks: Sequence[Ask],
    *,
    policy: Policy = ORDINARY,
    seed: int = 0,
    ask_every: int = 20,
    seen: Callable[[float], None] | None = None,
) -> Report:
    """Play a day: people press, mentors are rung in waves, answer, pass or miss, talk, and go home.

    ask_every: of how many covered asks one is also told how long it will take. seen: told the share of the day that is
    over, 0 to 1. The same seed plays the same day.
    """
    return _Day(shifts, asks, policy=policy, seed=seed, ask_every=ask_every).play(seen)
