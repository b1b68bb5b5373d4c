"""What an assistant said to one question, for as long as somebody waits for a person."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from quarterhour.core.models import TenantRow
from quarterhour.core.scope import TenantQuerySet
from quarterhour.needs.models import Need


class OwnQuerySet(TenantQuerySet):
    def seen_by(self, person):
        """Whose question it is, and nobody else."""
        return super().seen_by(person).filter(need__mentee=person)


class Thoughts(TenantRow):
    """First thoughts of an assistant on a question; one row a question, forgotten within hours.

    version: of the question as it was sent. asked_at: when its person pressed. answered_at: when the answer came, or
    none would. words, questions: what it said; told: why there is nothing. Never read by the ranker, never evidence.
    """

    need = models.OneToOneField(Need, on_delete=models.CASCADE, related_name="+")
    version = models.IntegerField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    words = models.TextField(default="")
    questions = ArrayField(models.CharField(max_length=200), default=list)
    told = models.CharField(max_length=300, default="")

    objects = models.Manager.from_queryset(OwnQuerySet)()

    class Meta(TenantRow.Meta):
        indexes = [models.Index(fields=["asked_at"], name="thoughts_by_age")]
