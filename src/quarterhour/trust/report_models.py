"""What somebody reports of the other of the two, with what there was to see; and what was decided."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

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
    STANDS = "stands", "It stands, after an appeal"
    UNDONE = "undone", "Taken back, after an appeal"


ON_APPEAL = (Outcome.STANDS, Outcome.UNDONE)


def answered() -> Q:
    """Of a report: somebody has decided."""
    return Q(Exists(ReportAnswer.plain.filter(report=OuterRef("pk"))))


def appealed() -> Q:
    """Of a report: an appeal was made, and nobody has decided on it."""
    decided = ReportAnswer.plain.filter(report=OuterRef("pk"), outcome__in=ON_APPEAL)
    return Q(Exists(ReportAppeal.plain.filter(report=OuterRef("pk")))) & ~Q(Exists(decided))


class ReportQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """Whoever reported; the one it is about never learns of it. Who judges reads it by `report_rules.to_judge`."""
        return super().seen_by(person).filter(reporter=person)

    def open(self):
        return self.filter(~answered())

    def appealed(self):
        return self.filter(appealed())

    def answered(self):
        return self.filter(answered())


class Report(TenantRow):
    """One report with its evidence, as it was at that moment. The database refuses to change or remove it.

    Two things may happen to it, once each: whoever judges is reminded, and, some time after the last decision, its
    words and its evidence are erased.
    """

    session = models.ForeignKey(MentoringSession, on_delete=models.PROTECT, related_name="+")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=8, choices=Because)
    text = models.TextField(max_length=4_000, blank=True)
    inside = ArrayField(
        models.UUIDField(), default=list, db_default=[], blank=True,
        help_text="Whoever was in that room: the two, and who came along. None of them judges it, ever.",
    )  # fmt: skip
    evidence = models.JSONField(help_text="What there was to see, as trust.evidence took it down.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of all of it; the audit trail keeps it as well.")
    made_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="When whoever judges heard that it is late.")
    erased_at = models.DateTimeField(null=True, blank=True, help_text="Since then its words and its evidence are gone.")

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


class ReportAppealQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """Whoever appealed. Who decides on it reads it with its report, by `report_rules.to_judge`."""
        return super().seen_by(person).filter(report__about=person)

    def open(self):
        decided = ReportAnswer.plain.filter(report=OuterRef("report"), outcome__in=ON_APPEAL)
        return self.filter(~Exists(decided))


class ReportAppeal(TenantRow):
    """What the one who was judged says to it, once. Its words go when the evidence goes."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="appeal")
    text = models.TextField(max_length=2_000, blank=True)
    said_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="When whoever decides heard that it is late.")
    erased_at = models.DateTimeField(null=True, blank=True, help_text="Since then its words are gone.")

    objects = models.Manager.from_queryset(ReportAppealQuerySet)()
