"""From how well people fit to the order they are shown in: what each mentor has left, and a lot for the doubt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import exp
from uuid import UUID

from quarterhour.core.statements import Answer, Statement
from quarterhour.engines import matching as engine
from quarterhour.engines.market import SHIPPED as POLICY
from quarterhour.engines.market import Offer, Placed, place
from quarterhour.matching.learned import judged

ASKED_FIRST = 0.75  # how often somebody who answers by hand says yes; a site's own share replaces it once it is known
OTHER_KIND = 0.85
BY_PAST = 0.5  # one like need that was met well takes away two fifths of the doubt
NOT_SHARED = 0.3  # without a common language few will try


def seed_of(text: str) -> int:
    """The same question draws the same lots, before signing in and after, today and a year later."""
    value = 14695981039346656037
    for byte in text.encode():
        value = (value ^ byte) * 1099511628211 & 0xFFFFFFFFFFFFFFFF
    return value >> 2  # fits the database's whole numbers


def placed(
    asked: engine.Asked,
    fits: Sequence[engine.Fit],
    *,
    family: engine.Family,
    alike: Mapping[UUID, float],
    standing: Answer,
    seed: int,
    before: Mapping[UUID, Mapping[str, float]] | None = None,
) -> list[Placed]:
    """The fits as offers, in the order to show them.

    alike: how much similar past needs speak for a mentor, see `engines.matching.helped.votes`. standing: the answer to
    `asking_standing` of these mentors. before: what was known of mentors when this question was placed first, so that
    looking again moves nobody. A learned ranker that is in force judges the offers before they are placed.
    """
    known, active = _standing_from(standing)
    left: dict[UUID, Mapping[str, float]] = {**known}
    left |= {mentor_id: known for mentor_id, known in (before or {}).items() if mentor_id in left}
    offers = [
        _offer(fit, 1 - (1 - chance) * exp(-BY_PAST * alike.get(fit.mentor.id, 0.0)), left.get(fit.mentor.id))
        for fit, chance in zip(fits, engine.chances(asked, fits, family=family), strict=True)
    ]
    return place(judged(offers, fits, active=active, before=before, policy=POLICY), seed=seed, policy=POLICY)


def _offer(fit: engine.Fit, chance: float, left: Mapping[str, float] | None) -> Offer:
    accepts = (ASKED_FIRST if fit.mentor.asks_first else 1.0) * (1.0 if fit.parts.kind else OTHER_KIND)
    known = left or {"rated": 0, "helped": 0, "given": 0, "budget": 1, "shown": 0.0}
    return Offer(
        id=fit.mentor.id,
        fit=chance,
        mentor_accepts=accepts * max(0.0, 1.0 + min(0.0, fit.parts.not_for)),
        mentee_accepts=NOT_SHARED if fit.parts.language < 0 else 1.0,
        rated=int(known["rated"]),
        helped=int(known["helped"]),
        # A week that is full has later weeks behind it: whoever is free is the slot engine's to say, here it costs.
        given=int(min(known["given"], known["budget"])),
        budget=int(known["budget"]),
        shown=float(known["shown"]),
        needs_minutes=0,
    )


def asking_standing(mentor_ids: Sequence[UUID], *, org_id: UUID, now: datetime) -> Statement:
    """What each has left and how they did, and the learned ranker that places people in this organisation, if any."""
    return Statement(
        "SELECT mentor_id, (SELECT id FROM matching_learnedranker WHERE org_id = %s AND active), rated, helped,"
        " minutes_given, greatest(minutes_budget, 1), shown *"
        " power(0.5, greatest(0, extract(epoch FROM %s - coalesce(shown_at, %s))) / 604800)"
        " FROM matching_capacity WHERE org_id = %s AND mentor_id = ANY(%s)",
        [org_id, now, now, org_id, list(mentor_ids)],
    )


def _standing_from(answer: Answer) -> tuple[dict[UUID, dict[str, float]], UUID | None]:
    names = ("rated", "helped", "given", "budget", "shown")
    left = {mentor_id: dict(zip(names, numbers, strict=True)) for mentor_id, _active, *numbers in answer.rows}
    return left, next((active for _mentor, active, *_ in answer.rows), None)
