"""A learned ranker at work: read from its row, tried before it is trusted, and left out where it cannot be used."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import numpy as np
import structlog
from numpy.typing import NDArray

from quarterhour.core.errors import QuarterhourError
from quarterhour.engines import matching as engine
from quarterhour.engines.learned import FEATURES, VERSION, Heads, Numbers, numbers_of, offered
from quarterhour.engines.market import Offer, Policy
from quarterhour.matching.learned_models import LearnedRanker
from quarterhour.matching.ranker_booster import heads_of

log = structlog.get_logger(__name__)

MOST_TEXT = 4_000_000  # characters of all trees; a training writes some two hundred thousand


class RankerUnusable(QuarterhourError):
    """A learned ranker is there, but cannot be used; told says why."""

    status = 503


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(Offer):
    """An offer with learned chances. plain: the same as the default ranker saw it. by: the ranker's key."""

    plain: Offer
    by: UUID


class Known(dict[UUID, Mapping[str, float]]):
    """What was known of mentors when a question was placed first, and by which learned ranker, if by one."""

    by: UUID | None = None


def judged(
    offers: Sequence[Offer], fits: Sequence[engine.Fit], *, active: UUID | None, before: Any, policy: Policy
) -> Sequence[Offer]:
    """The offers as the ranker in charge sees them; as they are where that is the default, or nothing else can be used.

    active: the learned ranker that places today. before: see `Known`; it says who placed this question first.
    """
    by = before.by if isinstance(before, Known) else active
    heads = None if by is None or not offers else usable(by)
    if by is None or heads is None:
        return offers
    numbers = numbers_of(engine.table_of(fits), tuple(offers))
    try:
        found = offered(numbers, heads.chances(numbers, policy), policy, welcome=heads.welcome)
    except (ValueError, ArithmeticError) as error:
        log.warning("learned_ranker_left_out", ranker=str(by), why=str(error))
        return offers
    return [
        Judged(**{field.name: getattr(new, field.name) for field in fields(Offer)}, plain=old, by=by)
        for new, old in zip(found, offers, strict=True)
    ]


@lru_cache(maxsize=16)
def usable(pk: UUID) -> Heads | None:
    """The heads of a ranker, which never change; None, and said in the log, where they cannot be used here."""
    try:
        return heads_of_row(row_of(pk))
    except QuarterhourError as error:
        log.warning("learned_ranker_left_out", ranker=str(pk), why=error.told)
        return None


def row_of(pk: UUID) -> LearnedRanker:
    """Raises RankerUnusable where there is none of that key."""
    because = "the key was read from a row of the organisation"
    row = LearnedRanker.objects.of_every_tenant(because=because).filter(pk=pk).select_related("org").first()
    if row is None:
        raise RankerUnusable("There is no learned ranker of that number. quarterhour rank models lists them.")
    return row


def heads_of_row(row: LearnedRanker) -> Heads:
    """Read the trees back. Raises RankerUnusable where they are not those that were kept, BoosterMissing without
    LightGBM.
    """
    if row.version != VERSION or list(row.features) != [feature.name for feature in FEATURES]:
        raise RankerUnusable(f"It reads other features ({row.version}) than this release. Train again.")
    if checksum(row.heads) != row.checksum or len(json.dumps(row.heads)) > MOST_TEXT:
        raise RankerUnusable("Its trees are not those that were kept. Train again.")
    heads = heads_of(row.heads)
    tried = heads.chances(probe(), Policy())
    if not (np.isfinite(tried).all() and (tried >= 0).all() and (tried <= 1).all()):
        raise RankerUnusable("Its chances are no chances. Train again.")
    return heads


def checksum(heads: Mapping[str, Any]) -> str:
    """Of the kept form, the same in every process."""
    return sha256(json.dumps(heads, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def probe() -> Numbers:
    """A few made-up people from one end of the ranges to the other, to try a ranker on before it is trusted."""
    steps = np.linspace(0.0, 1.0, 5)
    least = np.array([feature.least for feature in engine.FEATURES], dtype=np.float32)
    most = np.array([feature.most for feature in engine.FEATURES], dtype=np.float32)
    parts: NDArray[np.float32] = (least + steps[:, None] * (most - least)).astype(np.float32)
    offers = tuple(
        Offer(id=at, fit=float(step), mentor_accepts=float(step), rated=9 * at, helped=4 * at, given=at, budget=5)
        for at, step in enumerate(steps)
    )
    return numbers_of(parts, offers)
