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
    heard = ArrayField(
        models.UUIDField(), default=list, db_default=[], blank=True, help_text="Whose advice they have on this already."
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


class WaitingQuerySet(TenantQuerySet):
    def seen_by(self, person):
        return super().seen_by(person).filter(need__mentee=person)

    def in_force(self, now):
        """Of open questions, neither stopped nor run out."""
        return self.filter(need__closed_at=None, stopped_at=None, until__gt=now)


class Waiting(TenantRow):
    """A question that waits for somebody: its person hears when a mentor who clearly fits comes up, until `until`."""

    need = models.OneToOneField(Need, on_delete=models.CASCADE, related_name="waiting")
    since = models.DateTimeField()
    until = models.DateTimeField(help_text="When the question is over by its own words.")
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(WaitingQuerySet)()

    class Meta(TenantRow.Meta):
        indexes = [
            models.Index(fields=["org", "until"], condition=models.Q(stopped_at=None), name="questions_that_wait")
        ]


class ProspectQuerySet(TenantQuerySet):
    def seen_by(self, person):
        return super().seen_by(person).filter(waiting__need__mentee=person)


class Prospect(TenantRow):
    """A mentor who came up for a question that waits. One row a pair, so that nobody is told twice."""

    waiting = models.ForeignKey(Waiting, on_delete=models.CASCADE, related_name="prospects")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    found_at = models.DateTimeField()

    objects = models.Manager.from_queryset(ProspectQuerySet)()

    class Meta(TenantRow.Meta):
        constraints = [models.UniqueConstraint(fields=["waiting", "mentor"], name="one_prospect_per_mentor")]
