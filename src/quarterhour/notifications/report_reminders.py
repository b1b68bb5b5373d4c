"""Whoever judges hears once that a report, or an appeal, should have been looked at by now."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from quarterhour.notifications import outgoing
from quarterhour.notifications.reasons import REPORT_LATE, Reason
from quarterhour.notifications.turns import turn
from quarterhour.trust.report_models import Report, ReportAppeal
from quarterhour.trust.report_rules import judges_of, late, may_hear_appeal

A_BATCH = 100
BECAUSE = "reports of all organisations are late on one clock"


@transaction.atomic
def hand_over(*, now: datetime, limit: int = A_BATCH) -> int:
    """Mail whoever judges what is late and nobody was reminded of. Returns how many reports and appeals were.

    The mark and the mails are one transaction: once, whatever runs twice or dies half way.
    """
    reports = Report.objects.of_every_tenant(because=BECAUSE)
    due = late(reports.open().filter(reminded_at=None), said="made_at", now=now).order_by("made_at")
    first = list(due.select_for_update(skip_locked=True, of=("self",))[:limit])
    for made in first:
        _mail(made, judges_of(made).values_list("pk", flat=True), 0, now=now)
    reports.filter(pk__in=[each.pk for each in first]).update(reminded_at=now)

    appeals = ReportAppeal.objects.of_every_tenant(because=BECAUSE)
    due = late(appeals.open().filter(reminded_at=None), said="said_at", now=now).order_by("said_at")
    again = list(due.select_for_update(skip_locked=True, of=("self",)).select_related("report")[:limit])
    for appeal in again:
        made = appeal.report
        _mail(made, [each.pk for each in judges_of(made) if may_hear_appeal(made, each)], 1, now=now)
    appeals.filter(pk__in=[each.pk for each in again]).update(reminded_at=now)
    return len(first) + len(again)


def hand_over_all(*, now: datetime) -> int:
    """The same, by one worker of all at a time."""
    with turn("remind of late reports") as mine:
        return hand_over(now=now) if mine else 0


def _mail(made: Report, people, number: int, *, now: datetime) -> None:
    outgoing.mail_people(made.org_id, people, Reason(REPORT_LATE, made.pk, number), now=now)
