"""What comes of a request while it waits, and how long a mentor has been silent."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet


class AskQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """The two of the request, nobody else."""
        return super().seen_by(person).filter(Q(session__mentor=person) | Q(session__mentee=person))


class Ask(TenantRow):
    """What came of a request meanwhile: read, nudged, other times offered, passed on. Without a row: nothing yet."""

    session = models.OneToOneField("mentoring_sessions.MentoringSession", on_delete=models.CASCADE, related_name="ask")
    read_at = models.DateTimeField(null=True, blank=True, help_text="When the mentor first saw it, signed in.")
    nudged_at = models.DateTimeField(null=True, blank=True)
    offered_at = models.DateTimeField(null=True, blank=True, help_text="When the mentor offered other times.")
    offered = ArrayField(
        models.DateTimeField(), default=list, blank=True, help_text="Other starts, the kept one first."
    )
    words = models.CharField(max_length=400, blank=True, help_text="What the mentor said with it, to the mentee.")
    passed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    paused = models.BooleanField(default=False, help_text="Whether its silence paused the mentor.")

    objects = models.Manager.from_queryset(AskQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(offered__len__lte=3), name="three_other_times_at_most"),
        ]


class SilenceQuerySet(TenantQuerySet):
    def seen_by(self, person):
        return super().seen_by(person).filter(mentor=person)


class Silence(TenantRow):
    """How many requests in a row a mentor let run out without a word. Any answer begins anew."""

    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    in_a_row = models.PositiveSmallIntegerField(default=0)
    paused_at = models.DateTimeField(
        null=True, blank=True, help_text="When this paused them; empty once they are back."
    )

    objects = models.Manager.from_queryset(SilenceQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["org", "mentor"], name="one_silence_per_mentor")]
