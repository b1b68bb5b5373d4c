"""What was said aloud, as one browser wrote it down."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet


class SpokenLineQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """The two of the session, nobody else."""
        return super().seen_by(person).filter(Q(session__mentor=person) | Q(session__mentee=person))


class SpokenLine(TenantRow):
    """One sentence of a conversation both agreed to have written down; erased once its card is agreed on, or sooner."""

    session = models.ForeignKey("mentoring_sessions.MentoringSession", on_delete=models.CASCADE, related_name="spoken")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=2_000)
    at = models.DateTimeField()

    objects = models.Manager.from_queryset(SpokenLineQuerySet)()

    class Meta(TenantRow.Meta):
        indexes = [models.Index(fields=["session", "at"], name="spoken_in_order")]
