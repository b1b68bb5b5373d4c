"""Calendars that people keep elsewhere, and the time in them that is gone.

They belong to a person and to no organisation: somebody who is busy is busy everywhere.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from quarterhour.core.models import Row


class Multirange(models.Field):
    """Any number of stretches of time in one value; `tstzmultirange` in PostgreSQL."""

    def db_type(self, connection) -> str:  # noqa: ARG002 - as Django calls it
        return "tstzmultirange"


class CalendarAccount(Row):
    """A CalDAV account: where, and how to get in. Its password is sealed and shown to nobody again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_accounts")
    shown = models.CharField(max_length=300, help_text="Server and user, as a page may show them.")
    sealed = models.TextField(help_text="Address, user and password.")
    found = models.JSONField(default=list, help_text='Its calendars: [{"name": "Work", "address": "https://..."}].')
    added_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, help_text="When its calendars were listed last.")
    problem = models.CharField(max_length=400, blank=True, help_text="Why they could not be, in a sentence.")


class OutsideCalendar(Row):
    """One calendar of a person's, read again and again for the time that is gone."""

    class Kind(models.TextChoices):
        ICS = "ics", "ICS address"
        CALDAV = "caldav", "CalDAV"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="outside_calendars")
    account = models.ForeignKey(CalendarAccount, on_delete=models.CASCADE, null=True, related_name="calendars")
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=120)
    shown = models.CharField(max_length=300, help_text="The server's name: all of the address that a page may show.")
    sealed = models.TextField(help_text="The address; that of an ICS calendar is a secret.")
    tentative = models.BooleanField(default=True, help_text="Whether what is not certain counts as busy.")
    unanswered = models.BooleanField(default=True, help_text="Whether invitations without an answer count as busy.")
    known_as = ArrayField(models.CharField(max_length=320), default=list, help_text="Where its owner is invited.")
    written = models.BooleanField(default=False, help_text="Whether sessions are written into it.")
    added_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When it is read next.")
    tag = models.CharField(
        max_length=300, blank=True, help_text="The owner's zone, and what the server calls the state we know."
    )
    read_at = models.DateTimeField(null=True, help_text="When we last knew how it stands.")
    whole_at = models.DateTimeField(null=True, help_text="When it was last read as a whole.")
    failed_at = models.DateTimeField(null=True, help_text="The last time it could not be read, since it last could.")
    failures = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=400, blank=True, help_text="Why it could not, in a sentence.")
    warnings = models.JSONField(default=list, help_text="Sentences about what was not clear in it.")
    events = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["added_at", "pk"]
        indexes = [models.Index(fields=["due_at"], name="calendars_by_turn")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(written=True), name="sessions_are_written_into_one_calendar"
            )
        ]


class BusyTime(models.Model):
    """The time that one calendar takes: a row that is replaced as a whole.

    Time we know nothing about is busy: all of it before the first reading, and what lies beyond the last one's reach.
    """

    calendar = models.OneToOneField(
        OutsideCalendar, on_delete=models.CASCADE, primary_key=True, related_name="busy_time"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    busy = Multirange()


class CalendarFeed(Row):
    """The private address at which a person's sessions can be read by their own calendar program."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed")
    secret_hash = models.CharField(max_length=64, unique=True, help_text="What the address is found by.")
    sealed = models.TextField(help_text="The secret, so that its owner can be shown the address again.")
    busy_only = models.BooleanField(default=False, help_text="Whether it tells neither names nor questions.")
    made_at = models.DateTimeField()
