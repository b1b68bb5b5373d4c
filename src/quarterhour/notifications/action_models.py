"""That somebody was reminded of what they took on, on the morning of its day."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from quarterhour.advice.models import Action
from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet


class ActionReminderQuerySet(TenantQuerySet):
    def seen_by(self, person):
        return super().seen_by(person).filter(person=person)


class ActionReminder(TenantRow):
    """One person was reminded of one action for one day. Another day is another reminder."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    handed_at = models.DateTimeField(help_text="When its messages were written down.")

    objects = models.Manager.from_queryset(ActionReminderQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["action", "person", "day"], name="one_reminder_of_an_action_a_day")
        ]
