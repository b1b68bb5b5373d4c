"""What somebody reports of the other of the two, with what there was to see; and what was decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet
from quarterhour.sessions.models import MentoringSession


class Because(models.TextChoices):
    """Why somebody reports."""

    RUDE = "rude", "Insulting or threatening"
    ADVANCES = "advances", "Unwanted advances"
    SELLING = "selling", "Selling something, or asking for money"
    FALSE = "false", "Not who they say they are"
    OTHER = "other", "Something else"


class Outcome(models.TextChoices):
    """What came of it."""

    NOTHING = "nothing", "No rule was broken"
    WARNED = "warned", "A word in private"
    SUSPENDED = "suspended", "The account is closed"
    LIFTED = "lifted", "The account is open again"


class ReportQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """Whoever reported; the one it is about never learns of it. Who judges it reads it by `reports.to_judge`."""
        return super().seen_by(person).filter(reporter=person)

    def open(self):
        return self.filter(answers=None)

    def answered(self):
        return self.filter(models.Exists(ReportAnswer.plain.filter(report=models.OuterRef("pk"))))


class Report(TenantRow):
    """One report with its evidence, as it was at that moment. The database refuses to change or remove it."""

    session = models.ForeignKey(MentoringSession, on_delete=models.PROTECT, related_name="+")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=8, choices=Because)
    text = models.TextField(max_length=4_000, blank=True)
    evidence = models.JSONField(help_text="What there was to see, as trust.evidence took it down.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of all of it; the audit trail keeps it as well.")
    made_at = models.DateTimeField()

    objects = models.Manager.from_queryset(ReportQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [models.CheckConstraint(condition=~Q(reporter=F("about")), name="nobody_reports_themselves")]
        indexes = [
            models.Index(fields=["org", "made_at"], name="reports_by_age"),
            models.Index(fields=["session", "reporter"], name="reports_of_a_session"),
        ]


class ReportAnswerQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """Whoever reported sees that it was answered; which words went to the other is not shown to them."""
        return super().seen_by(person).filter(report__reporter=person)


class ReportAnswer(TenantRow):
    """One decision on a report. Never changed: what is lifted later is a row of its own."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="answers")
    outcome = models.CharField(max_length=9, choices=Outcome)
    words = models.TextField(max_length=2_000, blank=True, help_text="As the one it is about reads them.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = models.Manager.from_queryset(ReportAnswerQuerySet)()

    class Meta(TenantRow.Meta):
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["report", "outcome"], name="each_outcome_once_per_report")]
