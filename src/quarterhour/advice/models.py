"""What was said becomes a card: an insight, advice with its condition, actions with dates."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models

from quarterhour.advice.action_models import ActionAnswer  # noqa: F401 - Django looks for tables here
from quarterhour.advice.decision_models import (  # noqa: F401 - Django looks for tables here
    Comment,
    Decision,
    Guest,
    LaidPiece,
    Option,
    PerspectiveLabel,
)
from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet
from quarterhour.sessions.models import MentoringSession


class TakeawayQuerySet(TenantQuerySet):
    def seen_by(self, person):
        shared = models.Q(session__mentor=person) | models.Q(session__mentee=person)
        return super().seen_by(person).filter(shared)


class Takeaway(TenantRow):
    """The card of one session, written by both."""

    session = models.OneToOneField(MentoringSession, on_delete=models.CASCADE, related_name="takeaway")
    insight = models.TextField(max_length=2_000, blank=True)
    thanks = models.CharField(max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    quotable = models.BooleanField(default=False, help_text="Both agreed that its advice may be quoted to others.")

    objects = models.Manager.from_queryset(TakeawayQuerySet)()


class OfACardQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """What stands on a card is seen by the two who talked, nobody else."""
        shared = models.Q(takeaway__session__mentor=person) | models.Q(takeaway__session__mentee=person)
        return super().seen_by(person).filter(shared)


OfACard = models.Manager.from_queryset(OfACardQuerySet)


class AdvicePiece(TenantRow):
    takeaway = models.ForeignKey(Takeaway, on_delete=models.CASCADE, related_name="advice")
    text = models.TextField(max_length=2_000)
    applies_when = models.CharField(max_length=400, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = OfACard()

    class Meta(TenantRow.Meta):
        ordering = ["position", "pk"]


class Action(TenantRow):
    """A commitment one of the two made, with a date where there is one."""

    class Owner(models.TextChoices):
        MENTEE = "mentee"
        MENTOR = "mentor"
        BOTH = "both"

    class Fate(models.TextChoices):
        OPEN = "open", "open"
        DOING = "doing", "doing"
        DONE = "done", "done"
        DROPPED = "dropped", "dropped"

    takeaway = models.ForeignKey(Takeaway, on_delete=models.CASCADE, related_name="actions")
    owner = models.CharField(max_length=6, choices=Owner, default=Owner.MENTEE)
    text = models.CharField(max_length=400)
    due = models.DateField(null=True, blank=True)
    moved_to = models.DateField(
        null=True, blank=True, help_text="The day its owner chose later; the agreed one stays on the card."
    )
    fate = models.CharField(max_length=7, choices=Fate, default=Fate.OPEN)
    fate_at = models.DateTimeField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = OfACard()

    class Meta(TenantRow.Meta):
        ordering = ["position", "pk"]

    @property
    def day(self) -> date | None:
        """The day it is due now."""
        return self.moved_to or self.due


class Confirmation(TenantRow):
    """One side said: yes, this is what we took away. And whether it may be quoted."""

    takeaway = models.ForeignKey(Takeaway, on_delete=models.CASCADE, related_name="confirmations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    may_quote = models.BooleanField(default=False)
    at = models.DateTimeField()

    objects = OfACard()

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["takeaway", "person"], name="one_confirmation_per_side")]
