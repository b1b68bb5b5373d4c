"""Whoever was judged answers once, in words; somebody else than the first decides, where there is somebody else."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quarterhour.core import audit, events
from quarterhour.core.errors import Changed, Invalid
from quarterhour.core.text import clean
from quarterhour.trust.events import ReportAppealed
from quarterhour.trust.report_models import ON_APPEAL, Outcome, Report, ReportAnswer, ReportAppeal
from quarterhour.trust.report_rules import appeal_until

MOST = 2_000
AGAINST = (Outcome.WARNED, Outcome.SUSPENDED)


def refusal_of(made: ReportAnswer, *, now: datetime) -> str:
    """Why nothing can be said to this decision any more; "" where it can."""
    if ReportAppeal.objects.within(made.org_id).filter(report=made.report_id).exists():
        return "You have answered once. Somebody reads it, and you hear by mail what comes of it."
    later = ReportAnswer.objects.within(made.org_id).filter(report=made.report_id)
    if later.filter(outcome__in=(Outcome.LIFTED, *ON_APPEAL)).exists():
        return "It was looked at again since."
    if now >= appeal_until(made):
        return "The days to answer are over, so it stands."
    return ""


@transaction.atomic
def appeal(*, answer: ReportAnswer, text: str, now: datetime) -> ReportAppeal:
    """The one who was judged says how it was. The caller knows that it is they who speak.

    Raises Invalid without words or with too many, Changed once they have, after the days for it, and once it was
    looked at again.
    """
    said = clean(text)
    if not said or len(said) > MOST:
        told = "Say how it was." if not said else f"That is {len(said):,} characters. Shorten it to {MOST:,}."
        raise Invalid(told, fields={"text": told})
    Report.objects.within(answer.org_id).select_for_update(of=("self",)).get(pk=answer.report_id)
    refused = refusal_of(answer, now=now)
    if refused or answer.outcome not in AGAINST:
        raise Changed(refused or "There is nothing to answer.")
    made = ReportAppeal.objects.create(org_id=answer.org_id, report=answer.report, text=said, said_at=now)
    by = str(answer.report.about_id)
    audit.note(act="appealed", on=f"report {answer.report_id}", by=by, org_id=answer.org_id, now=now)
    events.publish(ReportAppealed(org_id=answer.org_id, report_id=answer.report_id, appeal_id=made.pk), now=now)
    return made
