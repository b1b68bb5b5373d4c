"""Sessions that stand in a mentor's own calendar as well."""

from __future__ import annotations

from django.db import models

from quarterhour.availability.models import OutsideCalendar
from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet
from quarterhour.sessions.models import MentoringSession


class MirrorQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """Whose calendar it is."""
        return self.filter(calendar__person=person)


class MirroredSession(TenantRow):
    """One session in one calendar of elsewhere: written, rewritten when it moves, removed when it is released."""

    session = models.ForeignKey(MentoringSession, on_delete=models.CASCADE, related_name="mirrors")
    calendar = models.ForeignKey(OutsideCalendar, on_delete=models.CASCADE, related_name="mirrors")
    tag = models.CharField(max_length=300, blank=True, help_text="The ETag of what we wrote last.")
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, help_text="When the calendar last stood as the session does.")
    attempts = models.PositiveSmallIntegerField(default=0)
    gave_up_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=400, blank=True, help_text="Why it could not be written, in a sentence.")

    objects = models.Manager.from_queryset(MirrorQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["session", "calendar"], name="one_mirror_in_each_calendar")]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(done_at=None, gave_up_at=None),
                name="mirrors_still_open",
            )
        ]
