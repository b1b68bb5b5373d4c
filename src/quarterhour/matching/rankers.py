"""Which ranker places people in each organisation, and what the last training said, for those who run it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from quarterhour.core.models import Organisation
from quarterhour.matching.learned import usable
from quarterhour.matching.learned_models import LearnedRanker
from quarterhour.matching.models import KeptRanking
from quarterhour.matching.outcomes import RIPE

__all__ = ["InForce", "how_many_in_force", "in_force", "unusable"]


@dataclass(frozen=True, slots=True)
class InForce:
    """active: the learned ranker that places people, None for the default. usable: whether it can be used here.

    last: the training done last, if any. kept, ripe: rankings there are, and of those how many have an outcome.
    """

    org: Organisation
    active: LearnedRanker | None
    usable: bool
    last: LearnedRanker | None
    kept: int
    ripe: int


def in_force(*, now: datetime) -> list[InForce]:
    """Every organisation with a ranking or a learned ranker, by name. Four queries."""
    because = "who runs the installation looks after its rankers"
    rankers = LearnedRanker.objects.of_every_tenant(because=because).defer("heads")
    active = {row.org_id: row for row in rankers.filter(active=True)}
    last = {row.org_id: row for row in rankers.order_by("org", "-made_at").distinct("org")}
    counts = {
        row["org"]: row
        for row in KeptRanking.objects.of_every_tenant(because=because)
        .values("org")
        .annotate(kept=Count("pk"), ripe=Count("pk", filter=Q(made_at__lt=now - RIPE)))
    }
    found = []
    for org in Organisation.objects.filter(pk__in={*last, *counts}).order_by("name", "pk"):
        row, count = active.get(org.pk), counts.get(org.pk, {"kept": 0, "ripe": 0})
        well = row is None or usable(row.pk) is not None
        found.append(InForce(org, row, well, last.get(org.pk), count["kept"], count["ripe"]))
    return found


def how_many_in_force() -> int:
    because = "the check of the installation looks at every organisation"
    return LearnedRanker.objects.of_every_tenant(because=because).filter(active=True).count()


def unusable() -> list[LearnedRanker]:
    """The rankers in force that cannot be used in this process."""
    because = "the check of the installation looks at every organisation"
    rows = LearnedRanker.objects.of_every_tenant(because=because).filter(active=True).defer("heads", "report")
    return [row for row in rows.select_related("org") if usable(row.pk) is None]
