"""The time somebody has: weekly hours on their own wall clock, and the days that differ."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from quarterhour.availability.calendar_models import (  # noqa: F401 - Django looks for tables here
    BusyTime,
    CalendarAccount,
    CalendarFeed,
    OutsideCalendar,
)
from quarterhour.core.models import TenantRow
from quarterhour.core.places import Meets


class Availability(TenantRow):
    """One mentor's offer in one organisation: hours, rules and budget. SLOTS.md says what it means."""

    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="availabilities")
    zone = models.CharField(max_length=64)
    weekly = models.JSONField(default=dict, help_text='{"mon": [["09:00", "10:30"]]} on the wall clock of `zone`.')
    increment = models.PositiveSmallIntegerField(default=15, help_text="Minutes from one start to the next.")
    buffer_before = models.PositiveSmallIntegerField(default=0)
    buffer_after = models.PositiveSmallIntegerField(default=5)
    notice = models.PositiveIntegerField(default=60, help_text="Minutes between now and the earliest start.")
    horizon_days = models.PositiveSmallIntegerField(default=28)
    daily_cap = models.PositiveSmallIntegerField(null=True, blank=True)
    weekly_cap = models.PositiveSmallIntegerField(null=True, blank=True)
    weekly_minutes = models.PositiveSmallIntegerField(default=60, help_text="The most minutes a week.")
    meets = models.CharField(max_length=5, choices=Meets, default=Meets.ROOM, db_default=Meets.ROOM)
    where = models.CharField(
        max_length=400, blank=True, default="", db_default="", help_text="Where this mentor usually meets people."
    )
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["mentor", "org"], name="one_availability_per_organisation"),
            models.CheckConstraint(
                condition=Q(meets=Meets.ROOM, where="") | ~Q(meets=Meets.ROOM) & ~Q(where=""),
                name="the_usual_place_is_somewhere",
            ),
        ]


class DayOverride(TenantRow):
    """One local date that differs from the week. No windows: the day is off."""

    availability = models.ForeignKey(Availability, on_delete=models.CASCADE, related_name="overrides")
    day = models.DateField()
    windows = models.JSONField(default=list)
    reason = models.CharField(max_length=20, default="override")  # or "time_off", drawn as one block

    class Meta(TenantRow.Meta):
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["availability", "day"], name="one_override_per_day")]
