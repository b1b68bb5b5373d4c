"""Who waits for a time that comes free, and the times that were kept for them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet
from quarterhour.needs.models import Need
from quarterhour.sessions.models import MentoringSession


class WaiterQuerySet(TenantQuerySet):
    def seen_by(self, person):
        return super().seen_by(person).filter(mentee=person)

    def open(self, now):
        """Those who wait still: not ended, not run out, for a question that is open."""
        return self.filter(ended="", until__gt=now, need__closed_at=None)


class Waiter(TenantRow):
    """Somebody who waits for a time with a mentor, or with whoever fits their question, until it is over.

    fits: by mentor key, how likely their answer helps, 0 to 1. seen: by mentor key, the free starts that were there
    when they joined and did not suit, as [first, last] in minutes since 1970. missed: freed times in a row they left
    unanswered.
    """

    class Ended(models.TextChoices):
        BOOKED = "booked", "booked a time"
        LEFT = "left", "left the list"
        SILENT = "silent", "answered nothing"

    need = models.OneToOneField(Need, on_delete=models.CASCADE, related_name="waitlisted")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        help_text="Empty: whoever fits.",
    )
    since = models.DateTimeField()
    until = models.DateTimeField(help_text="When the question is over by its own words.")
    fits = models.JSONField(default=dict)
    seen = models.JSONField(default=dict)
    missed = models.PositiveSmallIntegerField(default=0)
    ended = models.CharField(max_length=6, choices=Ended, blank=True, default="")

    objects = models.Manager.from_queryset(WaiterQuerySet)()

    class Meta(TenantRow.Meta):
        indexes = [models.Index(fields=["org", "since"], condition=Q(ended=""), name="the_waitlist")]


class FreedTimeQuerySet(TenantQuerySet):
    def seen_by(self, person):
        return super().seen_by(person).filter(waiter__mentee=person)

    def open(self):
        return self.filter(answer="")


class FreedTime(TenantRow):
    """A time that came free, held for one who waits. One at a time for each: the index decides."""

    class Answer(models.TextChoices):
        TAKEN = "taken", "took it"
        PASSED = "passed", "not this one"
        MISSED = "missed", "did not answer"

    waiter = models.ForeignKey(Waiter, on_delete=models.CASCADE, related_name="times")
    session = models.OneToOneField(MentoringSession, on_delete=models.CASCADE, related_name="freed")
    kept_at = models.DateTimeField()
    until = models.DateTimeField()
    answer = models.CharField(max_length=6, choices=Answer, blank=True, default="")

    objects = models.Manager.from_queryset(FreedTimeQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["waiter"], condition=Q(answer=""), name="one_freed_time_at_a_time")
        ]
