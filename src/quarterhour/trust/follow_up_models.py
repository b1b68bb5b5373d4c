"""What became of it: one question a week after a session, one a month after, never a third."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet
from quarterhour.engines.following_up import Kind
from quarterhour.sessions.models import MentoringSession


class FollowUpQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """Whoever is asked, nobody else: answers are double-blind."""
        return super().seen_by(person).filter(person=person)

    def waiting(self):
        return self.filter(handed_at=None, overtaken_at=None)

    def answered(self):
        return self.filter(answered_at__isnull=False)


class FollowUp(TenantRow):
    """One person is asked once, a week or a month after a session; and what they answered.

    It is handed over once: the row and the outgoing messages it becomes are written in one transaction.
    """

    session = models.ForeignKey(MentoringSession, on_delete=models.CASCADE, related_name="follow_ups")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=[(kind.value, kind.value) for kind in Kind])
    due_at = models.DateTimeField()
    until = models.DateTimeField(help_text="Afterwards nobody is asked any more.")
    handed_at = models.DateTimeField(null=True, blank=True, help_text="When its messages were written down.")
    overtaken_at = models.DateTimeField(
        null=True, blank=True, help_text="When there was nothing to ask about, or stop."
    )
    quarters = models.PositiveSmallIntegerField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(FollowUpQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["session", "person", "kind"], name="one_follow_up_of_each_kind"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in Kind]), name="nobody_is_asked_a_third_time"
            ),
            models.CheckConstraint(
                condition=models.Q(quarters=None, answered_at=None)
                | models.Q(quarters__lte=4, answered_at__isnull=False),
                name="an_answer_has_four_quarters_at_most",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(handed_at=None, overtaken_at=None), name="follow_ups_waiting"
            )
        ]
