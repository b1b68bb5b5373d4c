"""Quality: how much a session helped, said apart from what was said in it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet
from quarterhour.sessions.models import MentoringSession
from quarterhour.trust.follow_up_models import FollowUp  # noqa: F401 - Django looks for tables here
from quarterhour.trust.report_models import Report, ReportAnswer, ReportAppeal  # noqa: F401 - the same


class OwnRowsQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """Only what the person wrote: ratings are double-blind, notes are for the platform."""
        return super().seen_by(person).filter(rater=person)


class Helpfulness(TenantRow):
    """How much it helped, 0 to 4 quarters, by one side of one session."""

    session = models.ForeignKey(MentoringSession, on_delete=models.CASCADE, related_name="helpfulness")
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    quarters = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    objects = models.Manager.from_queryset(OwnRowsQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["session", "rater"], name="one_helpfulness_per_side"),
            models.CheckConstraint(condition=models.Q(quarters__lte=4), name="four_quarters_at_most"),
        ]


class PrivateNote(TenantRow):
    """What one side tells the platform alone. In a table of its own, so that no join can leak it."""

    session = models.ForeignKey(MentoringSession, on_delete=models.CASCADE, related_name="+")
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(max_length=10_000)
    at = models.DateTimeField()

    objects = models.Manager.from_queryset(OwnRowsQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["session", "rater"], name="one_private_note_per_side")]
