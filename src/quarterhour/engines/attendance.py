"""Who was there: from what a room saw of two people to a verdict that can be told to both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

RULE = 1  # rises whenever the same log would be judged otherwise
GRACE = timedelta(minutes=10)  # who comes later than this after the start came too late for somebody who waited
WAITED = timedelta(minutes=5)  # who was there alone for as long has waited
MET = timedelta(minutes=1)  # less together is no meeting
LEAST, PART = timedelta(minutes=5), 3  # held: five minutes together, and a third of the time booked
FRESH = timedelta(seconds=90)  # a page that was heard of so lately is still there


class Side(StrEnum):
    MENTOR = "mentor"
    MENTEE = "mentee"

    @property
    def other(self) -> Side:
        return Side.MENTEE if self is Side.MENTOR else Side.MENTOR


class Verdict(StrEnum):
    HELD = "held"
    SHORT = "short"
    MISSED_BY_MENTOR = "missed by mentor"
    MISSED_BY_MENTEE = "missed by mentee"
    MISSED_BY_BOTH = "missed by both"
    TECHNICAL = "technical failure"
    UNKNOWN = "unknown"


MISSED_BY = {Side.MENTOR: Verdict.MISSED_BY_MENTOR, Side.MENTEE: Verdict.MISSED_BY_MENTEE}


class Seen(NamedTuple):
    """One line of the log. connection: one page from its coming to its going.

    kind: "waiting" (came into the lobby), "joined" (went into the room), "left", "heartbeat", "media_connected" or
    "media_failed".
    """

    side: Side
    connection: str
    kind: str
    at: datetime


class Stay(NamedTuple):
    """A stretch of time, its end not included."""

    start: datetime
    end: datetime


Stays = dict[Side, tuple[Stay, ...]]


@dataclass(frozen=True, slots=True)
class Attended:
    """When one side was there: in the room, and in the lobby before it. Each in order, none overlapping.

    waited: how long they were there alone, from the start of the session to its end.
    """

    inside: tuple[Stay, ...] = ()
    lobby: tuple[Stay, ...] = ()
    waited: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Found:
    """A verdict with what it rests on. told: the sides that say themselves that they met."""

    verdict: Verdict
    mentor: Attended
    mentee: Attended
    together: timedelta
    told: frozenset[Side] = frozenset()

    def of(self, side: Side) -> Attended:
        return self.mentor if side is Side.MENTOR else self.mentee


def judge(
    log: Iterable[Seen],
    booked: Stay,
    *,
    opens: datetime,
    until: datetime,
    told: Collection[Side] = (),
    wrote: Collection[Side] = (),
    elsewhere: bool = False,
) -> Found:
    """How a session was kept.

    log: what the room saw, in any order. booked: the session's time. opens, until: what is looked at; who is in the
    room at `until` and was heard of lately is there until then.
    told: the sides that keep the session's card, or said how it helped. wrote: the sides that wrote in its chat.
    elsewhere: they were to meet where the room sees nothing, so it accuses nobody of anything.
    Raises ValueError for a session without length.
    Source: our own; every threshold stands in docs/attendance.md.

    >>> nine = datetime(2026, 11, 26, 9)
    >>> at = lambda minute: nine + timedelta(minutes=minute)
    >>> log = [Seen(Side.MENTOR, "a", "joined", at(1)), Seen(Side.MENTOR, "a", "left", at(24)),
    ...        Seen(Side.MENTEE, "b", "joined", at(3)), Seen(Side.MENTEE, "b", "left", at(25))]
    >>> found = judge(log, Stay(at(0), at(25)), opens=at(-10), until=at(40))
    >>> found.verdict.value, found.together, found.mentor.waited
    ('held', datetime.timedelta(seconds=1260), datetime.timedelta(seconds=120))
    """
    if booked.end <= booked.start:
        raise ValueError("A session has a length.")
    log = [seen for seen in log if seen.at <= until]
    inside, lobby = _stays(log, opens=opens, until=until)
    around = {side: joined([*inside[side], *lobby[side]]) for side in Side}
    attended = {
        side: Attended(
            inside=inside[side],
            lobby=without(lobby[side], inside[side]),
            waited=length(within(without(around[side], around[side.other]), booked)),
        )
        for side in Side
    }
    together = length(shared(inside[Side.MENTOR], inside[Side.MENTEE]))
    kinds = {seen.kind for seen in log}
    unheard = "media_failed" in kinds and "media_connected" not in kinds and set(wrote) != set(Side)
    if together and unheard:
        verdict = Verdict.TECHNICAL
    elif together >= MET:
        enough = max(LEAST, (booked.end - booked.start) / PART)
        verdict = Verdict.HELD if together >= enough else Verdict.SHORT
    else:
        verdict = _apart(attended, {side: within(around[side], booked) for side in Side}, booked)
        if together and verdict is Verdict.MISSED_BY_BOTH:
            verdict = Verdict.UNKNOWN  # they saw each other, however shortly
    if elsewhere and verdict is not Verdict.HELD:
        verdict = Verdict.UNKNOWN
    return told_besides(Found(verdict, attended[Side.MENTOR], attended[Side.MENTEE], together), told)


def told_besides(found: Found, told: Collection[Side]) -> Found:
    """The same, once these sides say that they met: both are the last word, one settles what is unknown."""
    said = found.told | frozenset(told)
    settled = said == set(Side) or (said and found.verdict is Verdict.UNKNOWN)
    return replace(found, told=said, verdict=Verdict.HELD if settled else found.verdict)


def _apart(attended: dict[Side, Attended], there: Stays, booked: Stay) -> Verdict:
    """The verdict on two who were not in the room together."""
    if not any(there.values()):
        return Verdict.UNKNOWN  # a telephone, a table in a café: nobody knows
    if length(shared(there[Side.MENTOR], there[Side.MENTEE])) >= MET:
        return Verdict.UNKNOWN  # both came, and one of them stayed in the lobby
    late = {side: not there[side] or there[side][0].start > booked.start + GRACE for side in Side}
    missing = [side for side in Side if late[side] and attended[side.other].waited >= WAITED]
    return MISSED_BY[missing[0]] if len(missing) == 1 else Verdict.MISSED_BY_BOTH


def _stays(log: Sequence[Seen], *, opens: datetime, until: datetime) -> tuple[Stays, Stays]:
    """When each side was in the room, and when in the lobby.

    A page that went without a word, as after a process that was killed, was there until it was last heard of.
    """
    pages: dict[tuple[Side, str], list[Seen]] = defaultdict(list)
    for seen in log:
        pages[seen.side, seen.connection].append(seen)
    inside: dict[Side, list[Stay]] = {side: [] for side in Side}
    lobby: dict[Side, list[Stay]] = {side: [] for side in Side}
    for (side, _), lines in pages.items():
        heard = max(seen.at for seen in lines)
        end = min((seen.at for seen in lines if seen.kind == "left"), default=None)
        if end is None:
            end = until if until - heard <= FRESH else heard
        came = min(seen.at for seen in lines)
        entered = min((seen.at for seen in lines if seen.kind == "joined"), default=end)
        lobby[side].append(Stay(max(came, opens), min(entered, end)))
        inside[side].append(Stay(max(entered, opens), end))
    return {side: joined(inside[side]) for side in Side}, {side: joined(lobby[side]) for side in Side}


def joined(stays: Iterable[Stay]) -> tuple[Stay, ...]:
    """The same time in order, without overlaps and without stretches of no length."""
    found: list[Stay] = []
    for stay in sorted(stays):
        if stay.end <= stay.start:
            continue
        if found and stay.start <= found[-1].end:
            found[-1] = Stay(found[-1].start, max(found[-1].end, stay.end))
        else:
            found.append(stay)
    return tuple(found)


def shared(one: Sequence[Stay], other: Sequence[Stay]) -> tuple[Stay, ...]:
    return joined(Stay(max(a.start, b.start), min(a.end, b.end)) for a in one for b in other)


def within(stays: Sequence[Stay], bounds: Stay) -> tuple[Stay, ...]:
    return shared(stays, [bounds])


def without(stays: Sequence[Stay], gone: Sequence[Stay]) -> tuple[Stay, ...]:
    """What is left of `stays` where none of `gone` lies."""
    left = list(stays)
    for hole in gone:
        left = [part for stay in left for part in (Stay(stay.start, min(stay.end, hole.start)),
                                                   Stay(max(stay.start, hole.end), stay.end))]  # fmt: skip
        left = [part for part in left if part.end > part.start]
    return joined(left)


def length(stays: Iterable[Stay]) -> timedelta:
    return sum((stay.end - stay.start for stay in stays), timedelta())


def in_words(found: Found, *, mentor: str, mentee: str, clock: Callable[[datetime], str]) -> str:
    """The reason, as both read it. clock: the time of day where the reader is.

    >>> nine = datetime(2026, 11, 26, 9)
    >>> stay = Stay(nine, nine + timedelta(minutes=11))
    >>> alone = Attended(inside=(stay,), waited=timedelta(minutes=11))
    >>> missed = Found(Verdict.MISSED_BY_MENTEE, alone, Attended(), timedelta())
    >>> in_words(missed, mentor="Amara", mentee="Leila", clock=lambda at: f"{at:%H:%M}")
    'Amara was there from 09:00 to 09:11, 11 minutes of it alone; Leila was not seen.'
    """
    parts = [_presence(name, found.of(side), clock) for name, side in ((mentor, Side.MENTOR), (mentee, Side.MENTEE))]
    if found.together:
        parts.append(f"{minutes_told(found.together)} together")
    reason = "; ".join(parts) + "."
    if found.verdict is Verdict.TECHNICAL:
        reason += " Their browsers found no way to each other."
    if found.told == set(Side):
        return f"Both say that they met. {reason}"
    if found.told and found.verdict is Verdict.HELD:
        who = mentor if Side.MENTOR in found.told else mentee
        reason += f" {who} says that they met."
    return reason


def _presence(name: str, attended: Attended, clock: Callable[[datetime], str]) -> str:
    if not attended.inside and not attended.lobby:
        return f"{name} was not seen"
    stays, where = (attended.inside, "there") if attended.inside else (attended.lobby, "in the lobby")
    told = f"{name} was {where} from {clock(stays[0].start)} to {clock(stays[-1].end)}"
    if len(stays) > 1:
        breaks = len(stays) - 1
        told += f" with {'a break' if breaks == 1 else f'{breaks} breaks'}"
    return told + (f", {minutes_told(attended.waited)} of it alone" if attended.waited >= MET else "")


def minutes_told(time: timedelta) -> str:
    """As in "21 minutes"."""
    minutes = int(time.total_seconds() // 60)
    if not minutes:
        return "less than a minute"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
