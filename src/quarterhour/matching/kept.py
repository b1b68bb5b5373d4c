"""Rankings kept as they were shown, and read back: who, in which order, why, and whether it would be so again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from quarterhour.core.errors import QuarterhourError
from quarterhour.engines.learned import numbers_of as as_learned
from quarterhour.engines.learned import offered
from quarterhour.engines.market import Offer, Policy, place
from quarterhour.engines.matching import FEATURES, VERSION, Weights, features_of, replay
from quarterhour.matching.again import Again
from quarterhour.matching.capacity import note_shown
from quarterhour.matching.learned import Judged, Known, heads_of_row
from quarterhour.matching.models import KeptRanking
from quarterhour.matching.placing import POLICY
from quarterhour.matching.ranking import Ranking
from quarterhour.needs.models import Need
from quarterhour.people.models import Person
from quarterhour.sessions.models import MentoringSession, Status

MARKET = ("fit", "mentor_accepts", "mentee_accepts", "rated", "helped", "given", "budget", "shown", "needs_minutes")
WHOLE = {"rated", "helped", "given", "budget", "needs_minutes"}
# What a learned ranker puts another number for; the default's own stands behind it, to learn from again.
JUDGED = ("fit", "mentor_accepts", "mentee_accepts")
PLAIN = tuple(f"default_{name}" for name in JUDGED)
STANDING = ("rated", "helped", "given", "budget", "shown")
MOST = 60


@transaction.atomic
def keep(ranking: Ranking, *, need: Need, now: datetime, again: Again | None = None) -> KeptRanking | None:
    """Keep what was shown for a question, and count that its people were shown. None where nobody was.

    again: what it takes to show the same cards a moment later.
    """
    if not ranking.fits:
        return None
    placed = ranking.placed[:MOST]
    by = next((each.offer.by for each in placed if isinstance(each.offer, Judged)), None)
    rows = [
        [
            *features_of(fit),
            *(getattr(each.offer, name) for name in MARKET),
            *(getattr(each.offer.plain, name) for name in JUDGED if isinstance(each.offer, Judged)),
        ]
        for fit, each in zip(ranking.fits[:MOST], placed, strict=True)
    ]
    shown = [fit.mentor.id for fit in ranking.three]
    last = latest_of(need.pk, org=need.org_id, seed=ranking.seed)
    kept = KeptRanking.objects.create(
        org_id=need.org_id,
        need=need,
        made_at=now,
        version=VERSION,
        weights=asdict(Weights()),
        policy=asdict(POLICY),
        seed=ranking.seed,
        confident=ranking.confident,
        mentors=[each.offer.id for each in placed],
        shown=shown,
        columns=[*(feature.name for feature in FEATURES), *MARKET, *(PLAIN if by else ())],
        numbers=np.array(rows, dtype="<f8").tobytes(),
        learned_id=by,
        again=again.kept() if again else {},
    )
    # Looking at the same people once more shows them to nobody new.
    note_shown([one for one in shown if last is None or one not in last.shown], org_id=need.org_id, now=now)
    return kept


@dataclass(frozen=True, slots=True)
class Explained:
    """One kept ranking, read back. places: (person, name, score, numbers by column), as they were ordered then.

    same: whether today's code, with the numbers, weights, policy and seed of then, orders the same way.
    fits: the scores of the ranker alone, replayed from its features. judged: how likely each is picked and then helped,
    by the learned ranker that placed them, replayed as well; None where the default did, or where `why_not` tells why.
    """

    ranking: KeptRanking
    places: list[tuple[UUID, str, float, dict[str, float]]]
    fits: list[float]
    same: bool
    known: bool
    judged: list[float] | None = None
    why_not: str = ""

    @property
    def judged_same(self) -> bool:
        """Whether the learned ranker of then, asked again, says the same; False without one."""
        fits = [numbers["fit"] for *_, numbers in self.places]
        return self.judged is not None and bool(np.allclose(self.judged, fits, rtol=0, atol=1e-6))


def latest_of(need_id: UUID, *, org, seed: int) -> KeptRanking | None:
    """What was kept last for these words of a question; None for other words, or none yet. One query."""
    rows = KeptRanking.objects.within(org).filter(need=need_id, seed=seed).defer("weights", "policy")
    return rows.order_by("-made_at").first()


def again_of_row(row: KeptRanking | None) -> Again | None:
    """What it takes to show the cards of then again, where that was kept."""
    return Again.read(row.again) if row and row.again else None


def known_of(row: KeptRanking | None) -> Known | None:
    """What was known of mentors when a question was ranked, and who ranked them."""
    if row is None:
        return None
    places = [row.columns.index(name) for name in STANDING]
    known = Known(
        (mentor, dict(zip(STANDING, map(float, numbers[places]), strict=True)))
        for mentor, numbers in zip(row.mentors, numbers_of(row), strict=True)
    )
    known.by = row.learned_id
    return known


def explained(pk: UUID) -> Explained | None:
    """Read one ranking back, for those who run this installation. None where there is none of that id."""
    because = "an operator asks why somebody was shown"
    kept = KeptRanking.objects.of_every_tenant(because=because).filter(pk=pk).select_related("org", "learned").first()
    if kept is None:
        return None
    table = numbers_of(kept)
    known = kept.version == VERSION
    judged, why_not = _judged_again(kept, table) if known else (None, "")
    offers = offers_of(kept, table)
    placed = {each.offer.id: each for each in place(offers, seed=kept.seed, policy=Policy(**kept.policy))}
    order = [each.offer.id for each in place(offers, seed=kept.seed, policy=Policy(**kept.policy))]
    names = dict(Person.objects.filter(pk__in=kept.mentors).values_list("pk", "name"))
    features = table[:, : len(FEATURES)]
    return Explained(
        ranking=kept,
        places=[
            (
                mentor,
                names.get(mentor, "somebody who left"),
                placed[mentor].score if mentor in placed else float("nan"),
                dict(zip(kept.columns, map(float, row), strict=True)),
            )
            for mentor, row in zip(kept.mentors, table, strict=True)
        ],
        fits=replay(features.astype(np.float32), Weights(**kept.weights)).tolist() if known else [],
        same=order == list(kept.mentors),
        known=known,
        judged=judged,
        why_not=why_not,
    )


def _judged_again(kept: KeptRanking, table: NDArray[np.float64]) -> tuple[list[float] | None, str]:
    """What the learned ranker of then says to the numbers of then, or why it cannot."""
    if kept.learned is None:
        return None, ""
    try:
        heads = heads_of_row(kept.learned)
    except QuarterhourError as error:
        return None, error.told
    numbers = as_learned(table[:, : len(FEATURES)].astype(np.float32), tuple(plain_offers_of(kept, table)))
    policy = Policy(**kept.policy)
    again = offered(numbers, heads.chances(numbers, policy), policy, welcome=heads.welcome)
    return [offer.fit for offer in again], ""


@dataclass(frozen=True, slots=True)
class Line:
    """One kept ranking in a list: how many were looked at, who was shown, and whom the person chose, if anybody."""

    pk: UUID
    made_at: datetime
    org: str
    version: str
    looked_at: int
    confident: bool
    shown: list[str]
    chose: str
    learned: bool = False


def latest(limit: int = 50) -> list[Line]:
    """The rankings kept last, for those who run this installation. Three queries; no private text."""
    because = "an operator looks at how matching does"
    rows = list(
        KeptRanking.objects.of_every_tenant(because=because)
        .select_related("org")
        .defer("numbers", "weights", "policy", "columns")
        .order_by("-made_at", "-pk")[:limit]
    )
    chosen = dict(
        MentoringSession.objects.of_every_tenant(because=because)
        .filter(need__in=[row.need_id for row in rows], status__in=[Status.CONFIRMED, Status.ENDED, Status.ASKED])
        .values_list("need", "mentor__name")
    )
    names = dict(Person.objects.filter(pk__in={one for row in rows for one in row.shown}).values_list("pk", "name"))
    return [
        Line(
            row.pk, row.made_at, row.org.name, row.version, len(row.mentors), row.confident,
            [names.get(one, "somebody who left") for one in row.shown], chosen.get(row.need_id, ""),
            learned=row.learned_id is not None,
        )
        for row in rows
    ]  # fmt: skip


def numbers_of(kept: KeptRanking) -> NDArray[np.float64]:
    """The numbers of a kept ranking, shape (mentors, columns)."""
    return np.frombuffer(bytes(kept.numbers), dtype="<f8").reshape(len(kept.mentors), len(kept.columns))


def offers_of(kept: KeptRanking, table: NDArray[np.float64]) -> list[Offer]:
    """What was offered, as it was placed."""
    return _offers(kept, table, {name: name for name in MARKET})


def plain_offers_of(kept: KeptRanking, table: NDArray[np.float64]) -> list[Offer]:
    """The same as the default ranker saw them, whoever placed them."""
    said = dict(zip(JUDGED, PLAIN, strict=True)) if set(PLAIN) <= set(kept.columns) else {}
    return _offers(kept, table, {name: said.get(name, name) for name in MARKET})


def _offers(kept: KeptRanking, table: NDArray[np.float64], column_of: Mapping[str, str]) -> list[Offer]:
    at = {name: kept.columns.index(column) for name, column in column_of.items()}
    return [
        Offer(
            id=mentor,
            **{name: int(row[place]) if name in WHOLE else float(row[place]) for name, place in at.items()},
        )
        for mentor, row in zip(kept.mentors, table.tolist(), strict=True)
    ]
