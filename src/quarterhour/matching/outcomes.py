"""Kept rankings with what came of them: whom the asker picked, who said yes, and what helped within thirty days."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import numpy as np
from django.db.models import F

from quarterhour.engines.learned import Shown, numbers_of
from quarterhour.engines.matching import FEATURES, VERSION
from quarterhour.matching import kept as keeping
from quarterhour.matching.models import KeptRanking
from quarterhour.sessions.attendance_models import MISSED
from quarterhour.sessions.models import MentoringSession, Status
from quarterhour.trust.follow_up_models import FollowUp
from quarterhour.trust.models import Helpfulness
from quarterhour.trust.queries import HELPED

__all__ = ["MOST_RANKINGS", "RIPE", "Seen", "seen", "week_of"]

RIPE = timedelta(days=30)  # what is expected is help within so many days, so younger rankings have no outcome yet
MOST_RANKINGS = 20_000  # the latest; some 200 MB while they are read
# A question may be booked in the seconds before its ranking is kept by the reaction to it.
KEPT_AFTER = timedelta(minutes=5)
PICKED = set(Status) - {Status.HELD, Status.DROPPED}
YES, NO = {Status.CONFIRMED, Status.ENDED}, {Status.DECLINED, Status.EXPIRED}
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Seen:
    """rankings: the earliest first. of_another_version: how many were left out, for their features mean something else.
    unripe: how many are too young to have an outcome.
    """

    rankings: list[Shown]
    of_another_version: int
    unripe: int


@dataclass(slots=True)
class _Outcome:
    """What happened between one asker and one mentor over one question. None: nobody knows."""

    picked_at: datetime
    accepted: bool | None = None
    held: bool = False
    helped: bool | None = None


def week_of(moment: datetime, *, until: datetime) -> int:
    """Which week before `until` a moment lies in: -1 for the last seven days, -2 for those before. All are whole."""
    return (moment - until) // timedelta(weeks=1)


def seen(org, *, since: datetime, now: datetime, tell: Tell) -> Seen:
    """The rankings of an organisation made since then, as far as they are ripe. Five queries, whatever their number."""
    every = KeptRanking.objects.within(org).filter(made_at__gte=since)
    ripe = every.filter(made_at__lt=now - RIPE)
    of_now = ripe.filter(version=VERSION)
    unripe, whole = every.filter(made_at__gte=now - RIPE).count(), ripe.count()
    rows = list(of_now.order_by("-made_at", "-pk").defer("weights", "policy")[:MOST_RANKINGS])[::-1]
    outcomes = _outcomes(org, since=since - KEPT_AFTER)
    made = defaultdict(list)
    for row in rows:
        made[row.need_id].append(row.made_at)
    found = []
    for number, row in enumerate(rows):
        if number % 500 == 0:
            tell("Reading rankings", number, len(rows))
        came = outcomes.get(row.need_id, {})
        ours = {mentor: one for mentor, one in came.items() if _belongs(one, row.made_at, made[row.need_id])}
        found.append(_shown(row, ours, until=now - RIPE))
    tell("Reading rankings", len(rows), len(rows))
    return Seen(found, of_another_version=whole - of_now.count(), unripe=unripe)


def _belongs(outcome: _Outcome, made_at: datetime, all_made: list[datetime]) -> bool:
    """Whether somebody was picked from this ranking of the question, and not from one of other words after it."""
    last = bisect_right(all_made, outcome.picked_at + KEPT_AFTER) - 1
    return last >= 0 and all_made[last] == made_at and outcome.picked_at <= made_at + RIPE


def _outcomes(org, *, since: datetime) -> Mapping[UUID, Mapping[UUID, _Outcome]]:
    """By question and mentor. A session that is held and not taken is no pick. Three queries."""
    sessions = MentoringSession.objects.within(org).filter(need__isnull=False, created_at__gte=since, status__in=PICKED)
    said = Helpfulness.objects.within(org).filter(session__created_at__gte=since, rater=F("session__mentee"))
    quarters = {session: (told, at) for session, told, at in said.values_list("session", "quarters", "at")}
    later = FollowUp.objects.within(org).answered().filter(session__created_at__gte=since, person=F("session__mentee"))
    looked_back = {
        row[0]: row[1:] for row in later.order_by("answered_at").values_list("session", "quarters", "answered_at")
    }
    found: dict[UUID, dict[UUID, _Outcome]] = defaultdict(dict)
    columns = ("pk", "need", "mentor", "status", "created_at", "ended_at", "how_kept__word")
    for pk, need, mentor, status, created_at, ended_at, kept in sessions.order_by("created_at", "pk").values_list(
        *columns
    ):
        one = found[need].setdefault(mentor, _Outcome(created_at))
        until = one.picked_at + RIPE
        if status in YES:
            one.accepted = True
        elif status in NO and one.accepted is None:
            one.accepted = False
        if status == Status.ENDED and kept not in MISSED and (ended_at is None or ended_at <= until):
            one.held = True
            told, at = quarters.get(pk, (None, None))
            if told is not None and at > until:
                told = None
            # Whoever was asked a week or a month later knows more than in the minute after it; the latest word counts.
            if pk in looked_back and (told is None or looked_back[pk][1] > at):
                told = looked_back[pk][0]
            if told is not None:
                one.helped = bool(one.helped) or told >= HELPED
    return found


def _shown(row: KeptRanking, came: Mapping[UUID, _Outcome], *, until: datetime) -> Shown:
    table = keeping.numbers_of(row)
    shown_at = {mentor: at for at, mentor in enumerate(row.shown, start=1)}
    behind = count(len(shown_at) + 1)  # the list behind the cards goes on in the order of the ranking
    at = [shown_at[mentor] if mentor in shown_at else next(behind) for mentor in row.mentors]
    outcomes = [came.get(mentor) for mentor in row.mentors]
    return Shown(
        need=row.need_id,
        week=week_of(row.made_at, until=until),
        seed=row.seed,
        numbers=numbers_of(table[:, : len(FEATURES)].astype(np.float32), tuple(keeping.plain_offers_of(row, table))),
        at=np.array(at, dtype=np.int64),
        picked=np.array([one is not None for one in outcomes], dtype=np.bool_),
        accepted=_as_numbers(one and one.accepted for one in outcomes),
        held=np.array([one is not None and one.held for one in outcomes], dtype=np.bool_),
        helped=_as_numbers(one.helped if one and one.held else None for one in outcomes),
    )


def _as_numbers(answers: Iterable[bool | None]):
    return np.array([np.nan if one is None else float(one) for one in answers], dtype=np.float64)
