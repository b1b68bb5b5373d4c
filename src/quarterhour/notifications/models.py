"""Mail that went out: one row a message, so that nothing is sent twice for one reason."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet


class MailQuerySet(TenantQuerySet):
    def seen_by(self, person):
        return super().seen_by(person).filter(person=person)


class SentMail(TenantRow):
    """A message to one person for one reason. The reason is unique: a reaction that runs twice sends once."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=160, help_text='Such as "invitation <session> <sequence>".')
    message_id = models.CharField(max_length=200)
    sent_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    objects = models.Manager.from_queryset(MailQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "reason"], name="one_mail_per_reason")]
