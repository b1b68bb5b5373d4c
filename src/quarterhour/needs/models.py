"""A question somebody has."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet
from quarterhour.people.models import Skill


class NeedQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """A need belongs to the person who has it; a mentor sees it through the session they share."""
        return super().seen_by(person).filter(mentee=person)

    def open(self):
        return self.filter(closed_at=None)


class Need(TenantRow):
    """One question, in the mentee's own words, and how it was read."""

    class Kind(models.TextChoices):
        DECIDE = "decide", "decision"
        UNBLOCK = "unblock", "way forward"
        REVIEW = "review", "review"
        PRACTISE = "practise", "practice run"
        EXPLORE = "explore", "look around"
        CONNECT = "connect", "introduction"

    class When(models.TextChoices):
        NOW = "now", "now"
        TODAY = "today", "today"
        WEEK = "week", "this week"
        ANY = "any", "any time"

    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="needs")
    text = models.TextField(max_length=10_000)
    tried = models.TextField(blank=True, max_length=10_000)
    good_outcome = models.TextField(blank=True, max_length=10_000)
    decide_by = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=8, choices=Kind)
    minutes = models.PositiveSmallIntegerField(default=25)
    when = models.CharField(max_length=5, choices=When, default=When.WEEK)
    languages = ArrayField(models.CharField(max_length=12), default=list)
    settled = ArrayField(
        models.CharField(max_length=12), default=list, blank=True, help_text="Chips the person touched."
    )
    skills = models.ManyToManyField(Skill, through="NeedTopic", related_name="+")
    stated_at = models.DateTimeField()
    matched_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = models.Manager.from_queryset(NeedQuerySet)()

    class Meta(TenantRow.Meta):
        indexes = [models.Index(fields=["org", "mentee", "-stated_at"], name="needs_of_a_person")]


class NeedTopicQuerySet(TenantQuerySet):
    def seen_by(self, person):
        return super().seen_by(person).filter(need__mentee=person)


class NeedTopic(TenantRow):
    """A topic of a need: proposed by the machine until the person touches it."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="topics")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    proposed = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = models.Manager.from_queryset(NeedTopicQuerySet)()

    class Meta(TenantRow.Meta):
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["need", "skill"], name="one_topic_per_need_and_skill")]
