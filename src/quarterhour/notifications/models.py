"""What leaves the house: one row a message, so that nothing is sent twice for one reason; and who wants what."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from quarterhour.core.models import Row, TenantRow
from quarterhour.core.scope import TenantQuerySet
from quarterhour.engines.reminding import NIGHT, Kind
from quarterhour.notifications.action_models import ActionReminder  # noqa: F401 - Django looks for tables here
from quarterhour.notifications.mirror_models import MirroredSession  # noqa: F401 - Django looks for tables here
from quarterhour.sessions.models import MentoringSession


class OutgoingQuerySet(TenantQuerySet):
    def seen_by(self, person):
        return super().seen_by(person).filter(person=person)

    def open(self):
        """Neither sent nor given up nor overtaken."""
        return self.filter(sent_at=None, overtaken_at=None, gave_up_at=None)


STILL_OPEN = models.Q(sent_at=None, overtaken_at=None, gave_up_at=None)


class Outgoing(TenantRow):
    """Something for one person, for one reason, on its way through somebody else's server.

    What it says is not kept: it is written from the session when it is sent, and is overtaken if the
    session has gone on by then.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=160, help_text='Such as "invitation <session> <sequence>".')
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(db_default=Now(), help_text="Not to be tried before; a worker at it moves it on.")
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    error = models.CharField(
        max_length=120, blank=True, default="", db_default="", help_text="The kind of the last error."
    )
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When the server accepted it.")
    overtaken_at = models.DateTimeField(null=True, blank=True, help_text="When it turned out to be no longer true.")
    gave_up_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(OutgoingQuerySet)()

    class Meta(TenantRow.Meta):
        abstract = True


class SentMail(Outgoing):
    """A mail to one person for one reason. The reason is unique: a reaction that runs twice sends once."""

    message_id = models.CharField(max_length=200)

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "reason"], name="one_mail_per_reason")]
        indexes = [models.Index(fields=["due_at"], condition=STILL_OPEN, name="mail_still_open")]


class Channel(models.TextChoices):
    """A way in which news reaches somebody."""

    MAIL = "mail", "Mail"
    PUSH = "push", "This browser or phone"
    WEBHOOK = "webhook", "Webhook"


class Notice(Outgoing):
    """A short message through one browser or one webhook of a person. `target` is its key; one for each reason."""

    channel = models.CharField(max_length=8, choices=Channel)
    target = models.UUIDField()

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["target", "reason"], name="one_notice_per_reason")]
        indexes = [models.Index(fields=["due_at"], condition=STILL_OPEN, name="notices_still_open")]


class ReminderQuerySet(TenantQuerySet):
    def seen_by(self, person):
        return super().seen_by(person).filter(person=person)

    def waiting(self):
        return self.filter(handed_at=None, overtaken_at=None)


class Reminder(TenantRow):
    """A reminder to come: one for each session, kind, person and sequence, whatever runs twice.

    It is handed over once: the row and the outgoing messages it becomes are written in one transaction.
    """

    session = models.ForeignKey(MentoringSession, on_delete=models.CASCADE, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in Kind])
    sequence = models.PositiveIntegerField(help_text="SEQUENCE of the session it is about: a move makes a new one.")
    due_at = models.DateTimeField()
    until = models.DateTimeField(help_text="Afterwards it is worth nothing any more.")
    handed_at = models.DateTimeField(null=True, blank=True, help_text="When its messages were written down.")
    overtaken_at = models.DateTimeField(null=True, blank=True, help_text="When it turned out to be no longer true.")

    objects = models.Manager.from_queryset(ReminderQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["session", "kind", "person", "sequence"], name="one_reminder_of_each_kind")
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(handed_at=None, overtaken_at=None), name="reminders_waiting"
            )
        ]


def by_mail() -> list[str]:
    return [Channel.MAIL]


class Wishes(Row):
    """How one person wants to hear of things: through which channels, and when not. Without a row: by mail, at day.

    It belongs to the person, whatever the organisation: a phone rings for all of them.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wishes")
    reminders = ArrayField(models.CharField(max_length=8, choices=Channel), default=by_mail, blank=True)
    bookings = ArrayField(models.CharField(max_length=8, choices=Channel), default=by_mail, blank=True)
    cards = ArrayField(models.CharField(max_length=8, choices=Channel), default=by_mail, blank=True)
    actions = ArrayField(
        models.CharField(max_length=8, choices=Channel), default=by_mail, db_default=[Channel.MAIL], blank=True
    )
    follow_ups = ArrayField(
        models.CharField(max_length=8, choices=Channel), default=by_mail, db_default=[Channel.MAIL], blank=True
    )
    quiet_from = models.TimeField(default=NIGHT.start)
    quiet_until = models.TimeField(default=NIGHT.end)


class PushBrowser(Row):
    """A browser of a person that takes push messages, with the keys it made for us."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_browsers")
    endpoint = models.CharField(max_length=2_000, help_text="Where its push service listens.")
    endpoint_hash = models.CharField(max_length=64, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=60)
    name = models.CharField(max_length=60, help_text='Such as "Firefox on Linux".')
    made_at = models.DateTimeField()
    reached_at = models.DateTimeField(null=True, blank=True)


class Webhook(Row):
    """An address of a person's own that hears their news. The secret signs what we send; it is kept sealed."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhook")
    url = models.CharField(max_length=2_000)
    sealed_secret = models.CharField(max_length=400)
    made_at = models.DateTimeField()
    reached_at = models.DateTimeField(null=True, blank=True)
    failed = models.CharField(max_length=120, blank=True, default="", help_text="What the last try met, if it failed.")


class PushKey(models.Model):
    """The one pair of keys by which push services know this installation. Made when first needed, kept sealed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    public = models.CharField(max_length=120)
    sealed_private = models.CharField(max_length=400)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_push_key")]
