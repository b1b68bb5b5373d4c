"""Mail that went out: one row a message, so that nothing is sent twice for one reason."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet


class MailQuerySet(TenantQuerySet):
    def seen_by(self, person):
        return super().seen_by(person).filter(person=person)

    def open(self):
        """Neither sent nor given up nor overtaken."""
        return self.filter(sent_at=None, overtaken_at=None, gave_up_at=None)


class SentMail(TenantRow):
    """A message to one person for one reason. The reason is unique: a reaction that runs twice sends once.

    What it says is not kept: it is written from the session when it is sent, and is overtaken if the
    session has gone on by then.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=160, help_text='Such as "invitation <session> <sequence>".')
    message_id = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(db_default=Now(), help_text="Not to be tried before; a worker at it moves it on.")
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    error = models.CharField(
        max_length=120, blank=True, default="", db_default="", help_text="The kind of the last error."
    )
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When the mail server accepted it.")
    overtaken_at = models.DateTimeField(null=True, blank=True, help_text="When it turned out to be no longer true.")
    gave_up_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(MailQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "reason"], name="one_mail_per_reason")]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(sent_at=None, overtaken_at=None, gave_up_at=None),
                name="mail_still_open",
            )
        ]
