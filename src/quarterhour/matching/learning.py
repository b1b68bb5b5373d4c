"""Training a ranker from a site's own outcomes: earlier weeks teach, later weeks judge, and the gate decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction

from quarterhour.core import audit
from quarterhour.core.errors import NotAllowed, QuarterhourError
from quarterhour.core.models import Organisation
from quarterhour.engines.learned import (
    FEATURES,
    LEAST,
    PLACES,
    VERSION,
    Gate,
    Heads,
    Judged,
    Looks,
    Shown,
    bases_of,
    counts_of,
    decide,
    judge,
    looks_of,
    missing,
    plain_heads,
    rows_of,
    share_helped,
    welcomed,
)
from quarterhour.matching.learned import checksum
from quarterhour.matching.learned_models import LearnedRanker
from quarterhour.matching.outcomes import RIPE, Seen, seen
from quarterhour.matching.placing import POLICY
from quarterhour.matching.ranker_booster import Lessons, grown, heads_of, library, what_counts

__all__ = ["TooLittleSeen", "Trained", "keep_ranker", "train", "use_default", "use_ranker"]

Tell = Callable[[str, int, int], None]


class TooLittleSeen(QuarterhourError):
    """There are too few outcomes to learn from; told says how many there are, and how many it takes."""

    status = 409


@dataclass(frozen=True, slots=True)
class Trained:
    """heads: to be kept. since, until: of the weeks that taught and judged. report: what page and command show."""

    heads: Mapping[str, Any]
    gate: Gate
    since: datetime
    until: datetime
    seed: int
    report: Mapping[str, Any]


def train(org: Organisation, *, weeks: int, held_out: int, now: datetime, seed: int, tell: Tell) -> Trained:
    """Learn from all but the last `held_out` of the last `weeks` weeks that are ripe, and judge on these.

    The same rankings, outcomes and seed give the same ranker and report. Raises TooLittleSeen, BoosterMissing.
    """
    until = now - RIPE
    since = until - timedelta(weeks=weeks)
    found = seen(org, since=since, now=now, tell=tell)
    earlier = [each for each in found.rankings if each.week < -held_out]
    later = [each for each in found.rankings if each.week >= -held_out]
    _check_enough(found, earlier, later, held_out=held_out)
    library()
    tell("Estimating looks", 0, 1)
    looks = looks_of(earlier, POLICY)
    kept = grown(lessons_of(earlier, looks), seed=seed, tell=tell)
    tell("Welcoming newcomers", 0, 1)
    heads = welcomed(heads_of(kept), earlier, looks, POLICY)
    kept["welcome"] = heads.welcome
    tell("Judging", 0, 1)
    silent = share_helped(earlier)
    plain = plain_heads(earlier, looks, POLICY)
    judged = judge(later, heads, looks, plain=plain, silent=silent, seed=seed, policy=POLICY)
    gate = decide(judged, counts_of(later))
    report = _report(found, (earlier, later), looks=looks, heads=heads, judged=judged, gate=gate) | {
        "silent": silent, "counts": what_counts(kept), "weeks": weeks, "held_out": held_out, "seed": seed,
    }  # fmt: skip
    return Trained(kept, gate, since, until, seed, report)


def lessons_of(rankings: Sequence[Shown], looks: Looks) -> dict[str, Lessons]:
    """For each chance the rows that say something about it. Looks count for picks; what came after was seen by all."""
    rows = np.concatenate([rows_of(each.numbers, POLICY) for each in rankings])
    bases = np.concatenate([bases_of(each.numbers, POLICY) for each in rankings])
    look = np.concatenate([looks.at(each.at) for each in rankings])
    week = np.concatenate([np.full(len(each.at), each.week) for each in rankings])
    picked = np.concatenate([each.picked for each in rankings]).astype(np.float64)
    accepted = np.concatenate([each.accepted for each in rankings])
    helped = np.concatenate([np.where(each.held, each.helped, np.nan) for each in rankings])
    always = np.ones(len(rows))
    told = {"pick": (picked, look), "accept": (accepted, always), "help": (helped, always)}
    return {
        name: Lessons(rows, bases[:, at], seen_there, happened, week).of(~np.isnan(happened))
        for at, (name, (happened, seen_there)) in enumerate(told.items())
    }


def _check_enough(found: Seen, earlier: Sequence[Shown], later: Sequence[Shown], *, held_out: int) -> None:
    there = counts_of(earlier)
    if there.rankings and not there.picks:
        raise TooLittleSeen(
            f"{there.rankings} rankings were shown, and nobody was asked or booked from any of them: there is only one"
            " kind of outcome, so nothing can be learned."
        )
    if there.answers and there.helps in {0, there.answers}:
        every = "every one helped" if there.helps else "not one helped"
        raise TooLittleSeen(
            f"Of {there.answers} sessions with an answer {every}: with one kind of outcome nothing can be learned."
        )
    short = missing(there, LEAST.learn)
    if short or not later:
        told = short or [f"no ranking in the {held_out} weeks held out"]
        aside = f" {found.unripe} are younger than {RIPE.days} days and have no outcome yet." if found.unripe else ""
        other = (
            f" {found.of_another_version} belong to another release of the default ranker."
            if found.of_another_version
            else ""
        )
        raise TooLittleSeen(
            f"There is not enough to learn from yet: {'; '.join(told)}.{aside}{other}"
            " The default ranker needs no training and stays in force."
        )


def _report(
    found: Seen, parts: Sequence[Sequence[Shown]], *, looks: Looks, heads: Heads, judged: Judged, gate: Gate
) -> dict[str, Any]:
    """Plain values, to be kept as JSON."""
    return {
        "earlier": asdict(counts_of(parts[0])),
        "later": asdict(counts_of(parts[1])),
        "unripe": found.unripe,
        "of_another_version": found.of_another_version,
        "looks": [
            {
                "place": name,
                "share": float(looks.share[at]),
                "low": float(looks.low[at]),
                "high": float(looks.high[at]),
                "rows": int(looks.rows[at]),
                "picks": int(looks.picks[at]),
            }
            for at, (name, *_) in enumerate(PLACES)
        ],
        "welcome": heads.welcome,
        "judged": asdict(judged),
        "gate": asdict(gate),
    }


@transaction.atomic
def keep_ranker(trained: Trained, *, org: Organisation, switch: bool, by: str, now: datetime) -> LearnedRanker:
    """Keep what was learned; put it in force where the gate is open and `switch` is wanted."""
    row = LearnedRanker.objects.create(
        org=org,
        made_at=now,
        version=VERSION,
        features=[feature.name for feature in FEATURES],
        since=trained.since,
        until=trained.until,
        seed=trained.seed,
        heads=trained.heads,
        checksum=checksum(trained.heads),
        report=trained.report,
        taken=trained.gate.open,
    )
    if trained.gate.open and switch:
        use_ranker(row, by=by, now=now)
    return row


@transaction.atomic
def use_ranker(row: LearnedRanker, *, by: str, now: datetime) -> LearnedRanker:
    """From now on this ranker places people in its organisation. Raises NotAllowed where it was not found better."""
    if not row.taken:
        raise NotAllowed(
            "It was not found better than the default on the weeks held out, so it cannot be put in force."
        )
    _lock(row.org_id)
    before = _in_force(row.org_id)
    LearnedRanker.objects.within(row.org_id).filter(active=True).exclude(pk=row.pk).update(active=False)
    LearnedRanker.objects.within(row.org_id).filter(pk=row.pk).update(active=True)
    row.active = True
    if before != row.pk:
        _note(row.org_id, str(row.pk), before, by=by, now=now)
    return row


@transaction.atomic
def use_default(org: Organisation, *, by: str, now: datetime) -> bool:
    """From now on the default ranker places people. Returns whether a learned one did before; twice is no mistake."""
    _lock(org.pk)
    before = _in_force(org.pk)
    if before is None:
        return False
    LearnedRanker.objects.within(org).filter(active=True).update(active=False)
    _note(org.pk, "default", before, by=by, now=now)
    return True


def _lock(org_id: UUID) -> None:
    """One switch at a time in an organisation."""
    Organisation.objects.select_for_update(of=("self",)).get(pk=org_id)


def _in_force(org_id: UUID) -> UUID | None:
    return LearnedRanker.objects.within(org_id).filter(active=True).values_list("pk", flat=True).first()


def _note(org_id: UUID, to: str, before: UUID | None, *, by: str, now: datetime) -> None:
    was = str(before) if before else "default"
    audit.note(act="ranker switched", on=f"ranker {to}", by=by, org_id=org_id, now=now, before=was)
