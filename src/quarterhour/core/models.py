"""Organisations, the outbox, commands, single-use links, and the audit trail."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from quarterhour.core.ids import uuid7
from quarterhour.core.scope import TenantManager


class Row(models.Model):
    """A row with a key that sorts by time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class Organisation(Row):
    """A tenant. "Commons", where everybody is welcome, is one as well."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    open_to_all = models.BooleanField(default=False, help_text="Whoever signs up becomes a member.")
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class TenantRow(Row):
    """A row that belongs to one organisation and is read on somebody's behalf."""

    org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    objects = TenantManager()
    plain = models.Manager()  # for Django's own machinery: reaching a row from a row

    class Meta:
        abstract = True
        base_manager_name = "plain"


class OutboxEvent(Row):
    """News, written in the transaction that made it. Never changed afterwards."""

    org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", null=True)
    name = models.CharField(max_length=80)
    payload = models.JSONField()
    happened_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["happened_at"])]


class Delivery(Row):
    """One event on its way to one reaction: at least once, each with its own attempts."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    reaction = models.CharField(max_length=160)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "reaction"], name="one_delivery_per_reaction")]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(done_at=None, gave_up_at=None),
                name="deliveries_still_open",
            )
        ]


class Command(Row):
    """A write somebody asked for, remembered by its key, so that asking twice does it once."""

    person_key = models.CharField(max_length=64)
    key = models.UUIDField()
    name = models.CharField(max_length=80)
    body_hash = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_key", "key"], name="one_command_per_key")]
        indexes = [models.Index(fields=["created_at"])]


class SingleUseLink(Row):
    """A link in a mail that acts once, on a press. Only a hash of its secret is kept."""

    secret_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=60)
    subject = models.JSONField(help_text="What the link acts on, for whom.")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    family = models.CharField(max_length=80, blank=True, help_text="A newer link of a family revokes the older ones.")

    class Meta:
        indexes = [
            models.Index(fields=["family"], condition=models.Q(used_at=None, revoked_at=None), name="links_in_force"),
            models.Index(fields=["expires_at"]),
        ]


class AuditEntry(Row):
    """Who did what to what, when. The database refuses to change or remove it."""

    org = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", null=True)
    actor_key = models.CharField(max_length=64)
    act = models.CharField(max_length=80)
    on = models.CharField(max_length=120)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["org", "-at"]), models.Index(fields=["on", "-at"])]


class Spent(models.Model):
    """One bucket of one limit: how many tries, since when. Kept in PostgreSQL, so it never fails open."""

    bucket = models.CharField(max_length=160, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
