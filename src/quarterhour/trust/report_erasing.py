"""Some time after the last decision nobody needs what there was to read: it is erased, the decision stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from quarterhour.core import audit
from quarterhour.trust.report_models import Report, ReportAnswer, ReportAppeal, appealed

A_BATCH = 200
MOST_BATCHES = 50  # in one go; the next hour goes on
BECAUSE = "housekeeping runs for every organisation"


def erase_evidence(*, now: datetime, batch: int = A_BATCH, most: int = MOST_BATCHES) -> int:
    """Erase the words and the evidence of reports decided long ago, a batch in a transaction. Returns how many.

    What nobody has decided stays, and so does what waits for an answer to an appeal. Left are the kind of report, the
    two people, each decision with its words, and the fingerprint.
    """
    gone = 0
    for _ in range(most):
        found = _erase_some(now, batch)
        gone += found
        if found < batch:
            break
    return gone


@transaction.atomic
def _erase_some(now: datetime, batch: int) -> int:
    everywhere = Report.objects.of_every_tenant(because=BECAUSE)
    until = now - timedelta(days=settings.POLICY["report_keep_days"])
    answers = ReportAnswer.plain.filter(report=OuterRef("pk"))
    due = everywhere.filter(~appealed(), Exists(answers), ~Exists(answers.filter(at__gt=until)), erased_at=None)
    rows = list(due.select_for_update(skip_locked=True, of=("self",)).order_by("made_at")[:batch])
    keys = [row.pk for row in rows]
    everywhere.filter(pk__in=keys).update(text="", evidence={}, erased_at=now)
    appeals = ReportAppeal.objects.of_every_tenant(because=BECAUSE)
    appeals.filter(report__in=keys).update(text="", erased_at=now)
    for row in rows:
        on = f"report {row.pk}"
        audit.note(act="erased evidence", on=on, by="system", org_id=row.org_id, now=now, fingerprint=row.fingerprint)
    return len(rows)
